/* Names of the office, look-alikes, and one write for all that was accepted. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/paste/inside.h"
#include "people/member.h"
#include "store/crypto.h"
#include "store/journal.h"

/* --- names ------------------------------------------------------------------------------------------------------------------------ */

struct list { struct propose_name *p; size_t n, cap; };

static void add(struct arena *a, struct list *l, struct str name, struct str says, enum propose_name_kind kind)
{
    if (name.n)
        arena_push(a, l->p, l->n, l->cap) = (struct propose_name){ name, says, kind };
}

static enum propose_name_kind kind_of(const struct actor *actor, int64_t id, struct str kind)
{
    if (str_eqc(kind, "leader"))
        return NAME_LEADER;
    return id && id == actor->section_id ? NAME_OWN : NAME_UNIT;
}

/* What the section is called by those who write to it. */
static void add_own(struct arena *a, struct list *l, struct str section, struct str office)
{
    static const char *const WORDS[] = { "本科室", "我科室", "我科" };
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        add(a, l, str_c(WORDS[i]), section, NAME_OWN);
    add(a, l, STR("市政府办公室"), STR("市政府办公室"), NAME_OFFICE);
    add(a, l, office, office, NAME_OFFICE);
}

bool paste_names(struct db *db, struct arena *a, const struct actor *actor, const struct propose_names **ret, struct err *err)
{
    struct paste_parties_row *p;
    struct paste_aliases_row *x;
    struct office office;
    bool found;
    size_t n;
    struct list l = { 0 };
    if (!q_paste_parties(db, a, &(struct paste_parties_in){ actor->office_id }, &p, &n, err))
        return false;
    if (!office_by_id(db, a, actor->office_id, &office, &found, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        enum propose_name_kind kind = kind_of(actor, p[i].id, p[i].kind);
        add(a, &l, p[i].name, p[i].name, kind);
        add(a, &l, p[i].short_name, p[i].name, kind);
        if (kind == NAME_OWN)
            add_own(a, &l, p[i].name, found ? office.name : STR(""));
    }
    if (!q_paste_aliases(db, a, &(struct paste_aliases_in){ actor->office_id }, &x, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        add(a, &l, x[i].alias, x[i].name, kind_of(actor, 0, x[i].kind));
    *ret = propose_names_make(a, l.p, l.n);
    return true;
}

bool paste_propose(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *work, instant_t at, struct str text, struct proposal *ret, struct err *err)
{
    const struct propose_names *names;
    const struct deadline_ask ask = { .work = work, .at = at, .hours = DEADLINE_HOURS };
    if (!paste_check(text, err) || !paste_names(db, a, actor, &names, err))
        return false;
    propose(text, names, &ask, a, ret);
    return true;
}

/* --- look-alikes -------------------------------------------------------------------------------------------------------------------- */

static bool known(const struct twin *t, size_t n, struct str number)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(t[i].number, number))
            return true;
    return false;
}

/* Entries pasted before keep the number of their paper; what the actor may not see is not told of. */
static bool same_document(struct db *db, struct arena *a, const struct actor *actor, struct str document, struct twin *ret, size_t *n, struct err *err)
{
    struct paste_same_document_row *rows;
    struct entry_line line;
    struct err e;
    size_t found;
    if (!q_paste_same_document(db, a, &(struct paste_same_document_in){ actor->office_id, document }, &rows, &found, err))
        return false;
    for (size_t i = 0; i < found && *n < TWINS; i++)
        if (entry_line_of(db, a, actor, rows[i].number, &line, &e))
            ret[(*n)++] = (struct twin){ line.number, line.title, true };
        else if (e.kind != ERR_NOT_FOUND)
            return err ? (*err = e, false) : false;
    return true;
}

bool paste_limit(struct db *db, struct arena *a, int64_t office_id, const struct workdays *work, instant_t now, struct str text, const struct propose_matter *m, struct said *s,
                 struct err *err)
{
    struct own_limit_ask for_matter = { -1, s->v[PART_INSTRUCTION].n > 0, s->v[PART_URGENCY], s->v[PART_TITLE], s->v[PART_SOURCE], s->v[PART_REQUIREMENT] };
    struct deadline_ask ask = { work, now, DEADLINE_HOURS };
    struct deadline d;
    struct str limit;
    enum entry_kind kind;
    day_t day;
    bool timed;
    if (m->due.kind != DEADLINE_NONE || !(m->due.notes & DEADLINE_OWN_LIMIT) || s->v[PART_DEADLINE].n || s->v[PART_READING].n)
        return true;
    if (entry_kind_read(s->v[PART_KIND], &kind))
        for_matter.kind = (int)kind;
    if (!office_own_limit(db, a, office_id, &for_matter, &limit, err))
        return false;
    if (!limit.p)
        return true;
    if (s->v[PART_RECEIVED].n && !date_read(s->v[PART_RECEIVED], &day, &ask.at, &timed, NULL))
        ask.at = now;
    deadline_read(limit, &ask, &d);
    if (d.kind == DEADLINE_NONE)
        return true;
    s->v[PART_DEADLINE] = paste_due(a, d.due);
    const struct propose_value *v = &m->field[PROPOSE_DEADLINE];
    s->phrase = v->n_spans ? own_limit_words(a, str_trim(str_sub(text, v->span[0].from, v->span[0].to - v->span[0].from)), limit) : limit;
    return true;
}

bool paste_twins(struct db *db, struct arena *a, const struct actor *actor, day_t today, struct str document, struct str title, struct twin ret[TWINS], size_t *n, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *lines;
    size_t found;
    *n = 0;
    if (document.n && !same_document(db, a, actor, document, ret, n, err))
        return false;
    f.day_from = today - 30;
    f.limit = 20;
    for (int by = 0; by < 2 && *n < TWINS; by++) {
        f.q = by ? title : document;
        if (f.q.n == 0)
            continue;
        if (!entry_lines(db, a, actor, &f, &lines, &found, err))
            return false;
        for (size_t i = 0; i < found && *n < TWINS; i++) {
            bool same = by ? str_eq(lines[i].title, title) : str_find(lines[i].source, document) >= 0;
            if (same && !known(ret, *n, lines[i].number))
                ret[(*n)++] = (struct twin){ lines[i].number, lines[i].title, !by };
        }
    }
    return true;
}

/* --- registering ---------------------------------------------------------------------------------------------------------------------- */

static void keep_number(struct order *o, struct str number)
{
    snprintf(o->number[o->n_numbers++], sizeof o->number[0], "%.*s", STR_ARG(number));
}

/* Pressed before: what came of it then. Somebody else's form is nobody's. */
static bool done_before(struct txn *t, struct order *o, bool *done, struct err *err)
{
    struct paste_by_nonce_row row;
    struct paste_numbers_row *numbers;
    size_t n;
    *done = false;
    if (!o->nonce.n)
        return true;
    if (!q_paste_by_nonce(t->db, t->arena, &(struct paste_by_nonce_in){ t->office_id, o->nonce }, &row, done, err))
        return false;
    if (!*done)
        return true;
    if (row.created_by != t->actor_id)
        return err_fail(err, ERR_NOT_FOUND, M_PASTE_UNKNOWN, NULL);
    if (!q_paste_numbers(t->db, t->arena, &(struct paste_numbers_in){ t->office_id, row.id }, &numbers, &n, err))
        return false;
    o->paste_id = row.id;
    for (size_t i = 0; i < n && i <= PASTE_MATTERS; i++)
        keep_number(o, numbers[i].number);
    return true;
}

/* 2022-05-18 ends behind 2022-05-18 18:00. What cannot be read is refused with its own part. */
static instant_t ends(struct str deadline)
{
    instant_t at;
    day_t day;
    bool timed;
    return !date_read(deadline, &day, &at, &timed, NULL) ? INT64_MIN : timed ? at : day_start(day + 1);
}

/* 总件: its limit is the latest of its parts', it is the section's own. */
static struct entry_input parent_of(const struct order *o)
{
    struct entry_input in = { .kind = o->said[0].v[PART_KIND], .title = o->parent_title, .source = o->input[0].source, .requirement = o->parent_title, .lead_unit = STR("本科室"),
                              .received = o->input[0].received };
    struct str latest = STR("");
    for (size_t i = 0; i < o->n; i++)
        if (o->input[i].deadline.n && (!latest.n || ends(o->input[i].deadline) > ends(latest)))
            latest = o->input[i].deadline;
    in.kind = in.kind.n ? in.kind : STR("document");
    if (latest.n)
        in.deadline = latest;
    else
        in.no_deadline_reason = STR("以分解事项时限为准");
    return in;
}

static bool register_one(struct txn *t, const struct actor *actor, struct order *o, const struct entry_input *in, struct entry *e, struct err *err)
{
    problems_release(&o->problems);
    if (!entry_register(t, actor, in, e, &o->problems, err))
        return false;
    keep_number(o, e->number);
    return true;
}

static bool put_origin(struct txn *t, const struct entry *e, struct str document, int64_t paste_id, struct buf *ids, struct err *err)
{
    json_str(ids, e->number);
    return q_paste_entry_put(t->db, &(struct paste_entry_put_in){ t->office_id, e->id, paste_id, e->number, document }, NULL, err);
}

static bool put_paste(struct txn *t, struct order *o, struct str numbers, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    uint8_t digest[SM3_BYTES];
    if (!sm3(db_crypto(t->db), &o->text, 1, digest, err))
        return false;
    json_obj(&after);
    json_key(&after, "entries");
    json_raw(&after, numbers);
    json_put_int(&after, "bytes", (int64_t)o->text.n);
    json_put_bytes(&after, "digest", str_n((const char *)digest, sizeof digest));
    json_obj_end(&after);
    const struct paste_put_in in = { t->office_id, o->paste_id, o->nonce.n ? o->nonce : arena_printf(t->arena, "%lld", (long long)o->paste_id), o->text,
                                     str_n((const char *)digest, sizeof digest), t->actor_id, t->at };
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("paste"), .entity_id = o->paste_id, .verb = STR("add"), .after = buf_view(&after) };
    return q_paste_put(t->db, &in, NULL, err) && journal_add(t, &line, err);
}

bool paste_origin(struct txn *t, struct order *o, const struct entry *e, size_t n, struct err *err)
{
    _cleanup_(buf_release) struct buf numbers = BUF_INIT;
    size_t parents = n - o->n;
    bool ok = true;
    o->paste_id = txn_next_id(t);
    json_arr(&numbers);
    for (size_t i = 0; ok && i < n; i++)
        ok = put_origin(t, &e[i], o->said[i < parents ? 0 : i - parents].v[PART_NUMBER], o->paste_id, &numbers, err);
    json_arr_end(&numbers);
    return ok && put_paste(t, o, buf_view(&numbers), err);
}

bool paste_register(struct txn *t, const struct actor *actor, struct order *o, struct err *err)
{
    bool done;
    struct entry *e = arena_array(t->arena, struct entry, o->n + 1);
    o->n_numbers = 0;
    o->at = 0;
    if (!done_before(t, o, &done, err))
        return false;
    if (done)
        return true;
    if (o->n == 0 || o->n > PASTE_MATTERS)
        return err_fail(err, ERR_INPUT, o->n ? M_PASTE_TOO_MANY : M_PASTE_NOTHING_TICKED, "text", A_INT(PASTE_MATTERS));
    size_t first = o->parent_title.n ? 1 : 0;
    if (first) {
        const struct entry_input in = parent_of(o);
        if (!register_one(t, actor, o, &in, &e[0], err))
            return false;
    }
    for (size_t i = 0; i < o->n; i++) {
        o->at = i;
        if (first)
            o->input[i].parent = str_c(o->number[0]);
        if (!register_one(t, actor, o, &o->input[i], &e[first + i], err))
            return false;
    }
    return !o->text.p || paste_origin(t, o, e, first + o->n, err);
}
