/* From a proposal to what a form says, and from there to an entry. Pure. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "messages.h"
#include "office/entry/entry_rules.h"
#include "office/paste/inside.h"

const struct part_info part_info[PARTS] = {
    [PART_TITLE] = { "title", M_FIELD_TITLE, PROPOSE_TITLE },
    [PART_SOURCE] = { "source", M_FIELD_SOURCE, PROPOSE_SOURCE },
    [PART_NUMBER] = { "document_number", M_PASTE_NUMBER, PROPOSE_NUMBER },
    [PART_REQUIREMENT] = { "requirement", M_FIELD_REQUIREMENT, PROPOSE_REQUIREMENT },
    [PART_DEADLINE] = { "deadline", M_FIELD_DEADLINE, PROPOSE_DEADLINE },
    [PART_UNIT_DEADLINE] = { "unit_deadline", M_FIELD_UNIT_DEADLINE, PROPOSE_UNIT_DEADLINE },
    [PART_NO_DEADLINE] = { "no_deadline_reason", M_FIELD_NO_DEADLINE_REASON, -1 },
    [PART_LEAD] = { "lead_unit", M_FIELD_LEAD_UNIT, PROPOSE_LEAD },
    [PART_ASSIST] = { "assist_units", M_FIELD_ASSIST_UNITS, PROPOSE_ASSIST },
    [PART_KIND] = { "kind", M_FIELD_KIND, PROPOSE_KIND },
    [PART_LEADER] = { "leader", M_FIELD_LEADER, PROPOSE_LEADER },
    [PART_URGENCY] = { "urgency", M_FIELD_URGENCY, PROPOSE_URGENCY },
    [PART_RECEIVED] = { "received", M_FIELD_RECEIVED, PROPOSE_RECEIVED },
    [PART_CONTACT] = { "contact", M_FIELD_CONTACT, PROPOSE_CONTACT },
    [PART_READING] = { "reading", M_FIELD_READING, PROPOSE_READING },
    [PART_INSTRUCTION] = { "instruction", M_FIELD_INSTRUCTION, PROPOSE_INSTRUCTION },
};

bool paste_check(struct str text, struct err *err)
{
    struct str mark;
    if (str_trim(text).n == 0)
        return err_fail(err, ERR_INPUT, M_PASTE_EMPTY, "text");
    if (text.n > PROPOSE_BYTES)
        return err_fail(err, ERR_INPUT, M_PASTE_TOO_LONG, "text", A_INT(PROPOSE_BYTES / 1024), A_INT((text.n + 1023) / 1024));
    if (!utf8_valid(text, NULL) || utf8_has_control(text))
        return err_fail(err, ERR_INPUT, M_PASTE_CONTROL, "text");
    if (rules_secrecy_marking(text, &mark))
        return err_fail(err, ERR_INPUT, M_PASTE_SECRET, "text", A_STR(utf8_cut(mark, 24)));
    return true;
}

struct str paste_due(struct arena *a, instant_t due)
{
    if (due == INSTANT_NONE)
        return STR("");
    day_t day = instant_day(due - 1);
    bool whole = due == day_start(day + 1);
    instant_t minutes = (due - day_start(instant_day(due))) / 60000;
    struct buf b = BUF_INIT;
    date_put_iso(&b, whole ? day : instant_day(due));
    if (!whole)
        buf_printf(&b, " %02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Cut at a character, so that a long sentence is shortened and not refused. */
static struct str at_most(struct str s, size_t chars) { return str_sub(s, 0, utf8_offset(s, chars)); }

/* A line break inside a title or a source is a blank. */
static struct str one_line(struct arena *a, struct str s)
{
    struct str copy = arena_str(a, s);
    for (size_t i = 0; i < copy.n; i++)
        if (copy.p[i] == '\n' || copy.p[i] == '\t')
            ((char *)(uintptr_t)copy.p)[i] = ' ';
    return copy;
}

void said_of(struct arena *a, const struct propose_matter *m, struct said *ret)
{
    *ret = (struct said){ 0 };
    for (int k = 0; k < PARTS; k++) {
        int f = part_info[k].from;
        ret->v[k] = f >= 0 && m->field[f].text.n ? m->field[f].text : STR("");
    }
    ret->v[PART_TITLE] = one_line(a, at_most(ret->v[PART_TITLE], ENTRY_TITLE_CHARS));
    ret->v[PART_SOURCE] = one_line(a, at_most(ret->v[PART_SOURCE], ENTRY_TITLE_CHARS));
    ret->v[PART_CONTACT] = one_line(a, at_most(ret->v[PART_CONTACT], ENTRY_TITLE_CHARS));
    ret->v[PART_REQUIREMENT] = at_most(ret->v[PART_REQUIREMENT], ENTRY_TEXT_CHARS);
    ret->v[PART_READING] = ret->v[PART_READING].n ? STR("true") : STR("");
    ret->v[PART_INSTRUCTION] = ret->v[PART_INSTRUCTION].n ? STR("true") : STR("");
    ret->v[PART_DEADLINE] = ret->v[PART_DEADLINE].n && m->due.kind != DEADLINE_NONE ? paste_due(a, m->due.due) : STR("");
    ret->v[PART_UNIT_DEADLINE] = ret->v[PART_UNIT_DEADLINE].n && m->unit_due.kind != DEADLINE_NONE ? paste_due(a, m->unit_due.due) : STR("");
    ret->phrase = m->field[PROPOSE_DEADLINE].text.n ? one_line(a, at_most(m->field[PROPOSE_DEADLINE].text, ENTRY_TITLE_CHARS)) : STR("");
}

unsigned said_missing(const struct said *s)
{
    unsigned missing = 0;
    bool reading = s->v[PART_READING].n > 0;
    const enum part always[] = { PART_TITLE, PART_SOURCE }, to_act[] = { PART_KIND, PART_REQUIREMENT, PART_LEAD };
    for (size_t i = 0; i < ARRAY_LEN(always); i++)
        missing |= s->v[always[i]].n ? 0 : 1u << always[i];
    for (size_t i = 0; i < ARRAY_LEN(to_act) && !reading; i++)
        missing |= s->v[to_act[i]].n ? 0 : 1u << to_act[i];
    if (!reading && !s->v[PART_DEADLINE].n && !s->v[PART_NO_DEADLINE].n)
        missing |= 1u << PART_DEADLINE;
    if (!reading && s->v[PART_INSTRUCTION].n && !s->v[PART_LEADER].n)
        missing |= 1u << PART_LEADER;
    return missing;
}

bool matter_doubtful(const struct propose_matter *m)
{
    const unsigned look = DEADLINE_PAST | DEADLINE_ABOUT | DEADLINE_PRESUMED | DEADLINE_WRONG | DEADLINE_REST_DAY | DEADLINE_OWN_LIMIT;
    return m->doubts || ((m->due.notes | m->unit_due.notes) & look) || m->due.other != INSTANT_NONE || m->due.kind == DEADLINE_RECURRING;
}

static void doubt(struct doubt *ret, int *n, struct doubt d)
{
    if (*n < MATTER_DOUBTS)
        ret[(*n)++] = d;
}

/* limit: the office's own, where it stands for words without a day. */
static void doubts_of_due(const struct deadline *d, struct str limit, struct doubt *ret, int *n)
{
    day_t day = d->due == INSTANT_NONE ? DAY_NONE : instant_day(d->due - 1);
    if (d->why.kind != ERR_NONE)
        doubt(ret, n, (struct doubt){ .why = &d->why });
    if (d->notes & DEADLINE_OWN_LIMIT)
        doubt(ret, n, limit.n ? (struct doubt){ .msg = M_PASTE_OWN_LIMIT_TAKEN, .args = { A_STR(limit) }, .n = 1 } : (struct doubt){ .msg = M_PASTE_OWN_LIMIT });
    if (d->kind == DEADLINE_NONE)
        return;
    if (d->notes & DEADLINE_PAST)
        doubt(ret, n, (struct doubt){ .msg = M_PASTE_PAST, .args = { A_DAY(day) }, .n = 1 });
    if (d->notes & DEADLINE_REST_DAY)
        doubt(ret, n, (struct doubt){ .msg = M_PASTE_REST_DAY, .args = { A_DAY(day), A_DAY(d->lw), A_DAY(d->nw) }, .n = 3 });
    if (d->notes & DEADLINE_ABOUT)
        doubt(ret, n, (struct doubt){ .msg = M_PASTE_ABOUT });
    if (d->notes & DEADLINE_PRESUMED)
        doubt(ret, n, (struct doubt){ .msg = M_PASTE_PRESUMED });
    if (d->kind == DEADLINE_RECURRING)
        doubt(ret, n, (struct doubt){ .msg = M_PASTE_RECURRING, .args = { A_DAY(day) }, .n = 1 });
}

int matter_doubts(const struct propose_matter *m, const struct said *s, struct doubt ret[MATTER_DOUBTS])
{
    int n = 0;
    if (m->doubts & PROPOSE_UNKNOWN_UNIT)
        doubt(ret, &n, (struct doubt){ .msg = M_PASTE_UNKNOWN_UNIT, .args = { A_STR(m->unknown) }, .n = 1 });
    if (m->doubts & PROPOSE_SEVERAL_DEADLINES)
        doubt(ret, &n, (struct doubt){ .msg = M_PASTE_SEVERAL, .args = { A_STR(m->further) }, .n = 1 });
    if (m->doubts & PROPOSE_MEETING_TIME)
        doubt(ret, &n, (struct doubt){ .msg = M_PASTE_MEETING_TIME });
    doubts_of_due(&m->due, m->due.kind == DEADLINE_NONE && s->v[PART_DEADLINE].n ? s->phrase : STR(""), ret, &n);
    if (m->unit_due.due != m->due.due)
        doubts_of_due(&m->unit_due, STR(""), ret, &n);
    return n;
}

void said_input(struct arena *a, const struct said *s, struct entry_input *ret)
{
    *ret = (struct entry_input){ 0 };
    for (int k = 0; k < PARTS; k++)
        if (k != PART_NUMBER && s->v[k].p && (s->v[k].n || k == PART_TITLE || k == PART_SOURCE))
            entry_input_set(ret, str_c(part_info[k].name), s->v[k]);
    struct str no = s->v[PART_NUMBER];
    if (no.n && str_find(ret->source, no) < 0)   /* the ledger's 来源 says which paper it was */
        ret->source = ret->source.n ? arena_printf(a, "%.*s %.*s", STR_ARG(ret->source), STR_ARG(no)) : no;
    if (s->phrase.n && s->v[PART_DEADLINE].n)
        ret->deadline_phrase = s->phrase;
}

struct str paste_kept(struct arena *a, struct str text, const struct proposal *p)
{
    struct buf b = BUF_INIT;
    size_t at = 0;
    for (size_t i = 0; i < p->n_contacts; i++) {
        if (p->contact[i].from < at)
            continue;
        buf_add(&b, text.p + at, p->contact[i].from - at);
        buf_c(&b, "〔联系方式另存〕");
        at = p->contact[i].to;
    }
    buf_add(&b, text.p + at, text.n - at);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

bool paste_bare_title(struct arena *a, struct str text, struct proposal *p)
{
    struct str line = str_trim(text);
    if (p->n || line.n == 0 || str_chr(line, '\n') >= 0 || utf8_count(line) > ENTRY_TITLE_CHARS || p->n_contacts)
        return false;
    p->matter = arena_array(a, struct propose_matter, 1);
    p->n = 1;
    struct propose_matter *m = p->matter;
    size_t from = (size_t)(line.p - text.p);
    m->part = (struct propose_span){ from, from + line.n };
    m->field[PROPOSE_TITLE] = (struct propose_value){ .text = line, .span = { m->part }, .n_spans = 1 };
    m->due.due = m->due.other = m->unit_due.due = INSTANT_NONE;
    return true;
}
