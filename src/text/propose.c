/* The whole: read the head once, part the text into matters, read each, share what is said once for all. */
#include "base/utf8.h"
#include "text/inside.h"

/* Before the first matter and behind the last: what is said there holds for all. */
static void share_deadline(struct paper *p, struct propose_matter *m, size_t n)
{
    struct propose_matter common = { .due.due = INSTANT_NONE, .unit_due.due = INSTANT_NONE };
    const struct propose_span around[2] = { { 0, m[0].part.from }, { m[n - 1].part.to, p->s.n } };
    for (int i = 1; i >= 0 && common.field[PROPOSE_DEADLINE].n_spans == 0; i--)
        if (around[i].to > around[i].from)
            deadlines_read(p, around[i], &common);
    if (common.field[PROPOSE_DEADLINE].n_spans == 0)
        return;
    for (size_t k = 0; k < n; k++)
        for (int unit = 0; unit < 2; unit++) {
            int f = unit ? PROPOSE_UNIT_DEADLINE : PROPOSE_DEADLINE;
            if (m[k].field[f].n_spans || common.field[f].n_spans == 0 || (unit && !m[k].field[PROPOSE_DEADLINE].shared))
                continue;
            m[k].field[f] = common.field[f];
            m[k].field[f].shared = true;
            if (unit)
                m[k].unit_due = common.unit_due;
            else
                m[k].due = common.due;
        }
}

static void share_value(struct propose_matter *m, size_t n, enum propose_field f, const struct propose_value *v)
{
    for (size_t k = 0; k < n; k++)
        if (m[k].field[f].n_spans == 0 && v->text.n) {
            m[k].field[f] = *v;
            m[k].field[f].shared = n > 1;
        }
}

/* 市长批示 before the list: whose instruction it was holds for every item. */
static void share_instruction(struct paper *p, struct propose_matter *m, size_t n)
{
    struct propose_matter common = { 0 };
    if (m[0].part.from == 0)
        return;
    instruction_read(p, (struct propose_span){ 0, m[0].part.from }, &common);
    if (!value_any(&common.field[PROPOSE_INSTRUCTION]))
        return;
    share_value(m, n, PROPOSE_INSTRUCTION, &common.field[PROPOSE_INSTRUCTION]);
    share_value(m, n, PROPOSE_LEADER, &common.field[PROPOSE_LEADER]);
}

/* A table's row says its matter in one cell; the rest of the row is for other fields. */
static void row_title(struct paper *p, const struct part *part, struct propose_matter *m)
{
    if (part->title.to <= part->title.from)
        return;
    value_words(p, &m->field[PROPOSE_TITLE], part->title);
    value_words(p, &m->field[PROPOSE_REQUIREMENT], part->title);
}

/* Names and telephones stand in the field contact and nowhere else: another field ends before them. */
static void without_contacts(struct paper *p, struct propose_matter *m)
{
    for (int f = 0; f < PROPOSE_FIELDS; f++) {
        struct propose_value *v = &m->field[f];
        if (f == PROPOSE_CONTACT)
            continue;
        for (int i = 0; i < v->n_spans; i++) {
            size_t at = v->span[i].from;
            while (at < v->span[i].to && !text_masked(p, at, IN_CONTACT))
                at = text_step(p, at);
            if (at >= v->span[i].to)
                continue;
            struct propose_span kept = text_trim(p, (struct propose_span){ v->span[i].from, at });
            bool words = v->text.n && f != PROPOSE_LEAD && f != PROPOSE_ASSIST && f != PROPOSE_LEADER && f != PROPOSE_KIND;
            if (kept.to <= kept.from || !words) {
                *v = (struct propose_value){ 0 };
                break;
            }
            *v = (struct propose_value){ .shared = v->shared };
            value_words(p, v, kept);
        }
    }
}

/* Without a paper, a source or anything asked there is nothing to register. */
static bool says_something(const struct paper *p, const struct propose_matter *m)
{
    bool paper = value_any(&p->title) || value_any(&p->number), asks = value_any(&m->field[PROPOSE_REQUIREMENT]);
    return paper || asks || value_any(&m->field[PROPOSE_READING]) || value_any(&m->field[PROPOSE_INSTRUCTION]);
}

/* “市长批示” is where the matter came from when nobody else sent it. */
static void source_of_instruction(struct paper *p, struct propose_matter *m, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const struct propose_value *l = &m[k].field[PROPOSE_LEADER], *w = &m[k].field[PROPOSE_INSTRUCTION];
        size_t end;
        if (m[k].field[PROPOSE_SOURCE].n_spans || l->n_spans == 0 || w->n_spans == 0)
            continue;
        end = text_find(p, l->span[0].from, w->span[0].to, "批示");
        if (end != NOWHERE && end - l->span[0].to < 240) {
            value_words(p, &m[k].field[PROPOSE_SOURCE], (struct propose_span){ l->span[0].from, end + 6 });
            m[k].field[PROPOSE_SOURCE].shared = l->shared;
        }
    }
}

static void share(struct paper *p, struct propose_matter *m, size_t n)
{
    if (n > 1) {
        share_deadline(p, m, n);
        share_instruction(p, m, n);
    }
    share_value(m, n, PROPOSE_SOURCE, &p->source);
    share_value(m, n, PROPOSE_NUMBER, &p->number);
    share_value(m, n, PROPOSE_URGENCY, &p->urgency);
    share_value(m, n, PROPOSE_RECEIVED, &p->received);
    share_value(m, n, PROPOSE_CONTACT, &p->contact);
    source_of_instruction(p, m, n);
    for (size_t k = 0; k < n; k++)
        matter_kind(p, &m[k]);
    for (size_t k = 0; k < n; k++)
        without_contacts(p, &m[k]);
}

void propose(struct str text, const struct propose_names *names, const struct deadline_ask *ask, struct arena *a, struct proposal *ret)
{
    *ret = (struct proposal){ .meeting_at = INSTANT_NONE };
    struct paper p = { .s = utf8_cut(text.p ? text : STR(""), PROPOSE_BYTES), .a = a, .names = names, .ask = ask, .out = ret };
    struct part *part = arena_array(a, struct part, PROPOSE_MATTERS + 1);
    p.mask = arena_zalloc(a, p.s.n + 1);
    lines_find(&p);
    names_find(&p);
    head_read(&p);
    deadlines_find(&p);
    size_t n = split(&p, part, PROPOSE_MATTERS + 1);
    ret->cut = n > PROPOSE_MATTERS;
    n = ret->cut ? PROPOSE_MATTERS : n;
    bool whole = n == 0;
    if (whole)
        part[n++] = (struct part){ .span = { 0, p.s.n } };
    ret->matter = arena_array(a, struct propose_matter, n);
    for (size_t k = 0; k < n; k++) {
        matter_read(&p, &part[k], whole, &ret->matter[k]);
        row_title(&p, &part[k], &ret->matter[k]);
    }
    share(&p, ret->matter, n);
    ret->title = p.title.text.n ? p.title.text : p.minutes ? p.source.text : STR("");
    ret->n = whole && !says_something(&p, ret->matter) ? 0 : n;
}
