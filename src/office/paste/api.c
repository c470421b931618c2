/* POST /api/v1/paste: a proposal, not stored; what was read, from which bytes, what is missing and what is doubtful. */
#include <string.h>

#include "base/json.h"
#include "messages.h"
#include "office/face.h"
#include "office/paste/inside.h"

static void put_spans(struct buf *b, const struct propose_value *v)
{
    json_key(b, "spans");
    json_arr(b);
    for (int i = 0; i < v->n_spans; i++) {
        json_obj(b);
        json_put_int(b, "from", (int64_t)v->span[i].from);
        json_put_int(b, "to", (int64_t)v->span[i].to);
        json_obj_end(b);
    }
    json_arr_end(b);
}

static struct str words_of(const struct propose_value *v, struct str text)
{
    return v->n_spans ? str_sub(text, v->span[0].from, v->span[0].to - v->span[0].from) : STR("");
}

/* A field is there when the text speaks of it; its value is empty when the words could not be read. */
static void put_fields(struct buf *b, const struct propose_matter *m, struct str text, const struct said *s)
{
    json_key(b, "fields");
    json_arr(b);
    for (int k = 0; k < PARTS; k++) {
        const struct propose_value *v = part_info[k].from >= 0 ? &m->field[part_info[k].from] : NULL;
        if (!v || v->n_spans == 0)
            continue;
        json_obj(b);
        json_put_str(b, "field", str_c(part_info[k].name));
        json_put_str(b, "value", s->v[k]);
        json_put_str(b, "words", words_of(v, text));
        json_put_bool(b, "shared", v->shared);
        put_spans(b, v);
        json_obj_end(b);
    }
    json_arr_end(b);
}

static void put_notes(struct buf *b, const struct propose_matter *m)
{
    static const struct { unsigned bit; const char *code; } NOTES[] = {
        { DEADLINE_AMBIGUOUS, "ambiguous" }, { DEADLINE_REST_DAY, "rest_day" }, { DEADLINE_PAST, "past" }, { DEADLINE_ABOUT, "about" }, { DEADLINE_PRESUMED, "presumed" },
        { DEADLINE_OWN_LIMIT, "own_limit" }, { DEADLINE_WRONG, "wrong" }, { DEADLINE_NO_ANCHOR, "no_anchor" }, { DEADLINE_SEVERAL, "several" },
    };
    static const struct { unsigned bit; const char *code; } DOUBTS[] = {
        { PROPOSE_UNKNOWN_UNIT, "unknown_unit" }, { PROPOSE_SEVERAL_DEADLINES, "several_deadlines" }, { PROPOSE_MEETING_TIME, "meeting_time" },
    };
    json_key(b, "notes");
    json_arr(b);
    for (size_t i = 0; i < ARRAY_LEN(NOTES); i++)
        if (m->due.notes & NOTES[i].bit)
            json_str(b, str_c(NOTES[i].code));
    for (size_t i = 0; i < ARRAY_LEN(DOUBTS); i++)
        if (m->doubts & DOUBTS[i].bit)
            json_str(b, str_c(DOUBTS[i].code));
    json_arr_end(b);
}

void paste_put_matter(struct buf *b, const struct propose_matter *m, struct str text, const struct said *s)
{
    unsigned missing = said_missing(s);
    json_obj(b);
    put_fields(b, m, text, s);
    json_put_str(b, "unknown_unit", m->unknown.n ? m->unknown : STR_NULL);
    json_key(b, "missing");
    json_arr(b);
    for (int k = 0; k < PARTS; k++)
        if (missing & 1u << k)
            json_str(b, str_c(part_info[k].name));
    json_arr_end(b);
    put_notes(b, m);
    json_put_bool(b, "ready", !missing && !matter_doubtful(m));
    json_obj_end(b);
}

void paste_api_post(struct req *rq)
{
    struct jvalue body;
    struct str text;
    struct proposal p;
    struct err err;
    if (!req_json_in(rq, &body, &err) || !jonly(&body, "text", &err) || !jget_text(&body, "text", &text, &err) ||
        !paste_propose(rq->db, rq->arena, rq->actor, face_workdays(rq), rq->now, text.p ? text : STR(""), &p, &err)) {
        req_fail(rq, &err);
        return;
    }
    struct buf b = BUF_INIT;
    json_obj(&b);
    json_key(&b, "matters");
    json_arr(&b);
    for (size_t k = 0; k < p.n; k++) {
        struct said s;
        said_of(rq->arena, &p.matter[k], &s);
        if (!paste_limit(rq->db, rq->arena, rq->actor->office_id, face_workdays(rq), rq->now, text, &p.matter[k], &s, &err)) {
            buf_release(&b);
            req_fail(rq, &err);
            return;
        }
        paste_put_matter(&b, &p.matter[k], text, &s);
    }
    json_arr_end(&b);
    json_put_bool(&b, "cut", p.cut);
    json_obj_end(&b);
    req_json(rq, 200, &b);
}

const struct schema paste_schemas[PASTE_SCHEMAS] = {
    { "PasteInput", "text:text!" },
    { "Proposal", "matters:[ProposedMatter]! cut:bool!" },
    { "ProposedMatter", "fields:[ProposedField]! unknown_unit:text?! missing:[text]! notes:[text]! ready:bool!" },
    { "ProposedField", "field:text! value:text! words:text! shared:bool! spans:[object]!" },
};
