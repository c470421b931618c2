/* From proposals to what the page shows: fields with their words, doubts, the text in marked pieces. */
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "office/paste/view.h"

/* --- fields ---------------------------------------------------------------------------------------------------------------------- */

static struct str name_of(struct req *rq, size_t k, const char *field) { return arena_printf(rq->arena, "m%zu_%s", k, field); }

static struct str words_of(struct req *rq, const struct propose_value *v, struct str text)
{
    struct str all = STR("");
    for (int i = 0; i < v->n_spans; i++) {
        struct str one = str_sub(text, v->span[i].from, v->span[i].to - v->span[i].from);
        all = i ? arena_printf(rq->arena, "%.*s … %.*s", STR_ARG(all), STR_ARG(one)) : one;
    }
    return all;
}

static void choices(struct req *rq, struct paste_field *f, const struct choice *from, size_t n)
{
    f->choices = arena_array(rq->arena, struct choice, n + 2);
    f->choices[f->n_choices++] = (struct choice){ STR(""), FACE_SAY(rq, M_FORM_CHOOSE), f->value.n == 0 };
    bool there = f->value.n == 0;
    for (size_t i = 0; i < n; i++) {
        f->choices[f->n_choices++] = (struct choice){ from[i].value, from[i].text, str_eq(from[i].value, f->value) };
        there |= str_eq(from[i].value, f->value);
    }
    if (!there)
        f->choices[f->n_choices++] = (struct choice){ f->value, f->value, true };
}

static void choose(struct req *rq, const struct view_names *names, int part, struct paste_field *f)
{
    static const char *const URGENCY[] = { "特急", "加急", "特提", "平急" };
    struct choice c[4];
    if (part == PART_LEAD || part == PART_ASSIST)
        f->datalist = STR("units");
    if (part == PART_REQUIREMENT)
        f->area = true;
    f->check = part == PART_READING || part == PART_INSTRUCTION;
    f->select = part == PART_KIND || part == PART_LEADER || part == PART_URGENCY;
    if (part == PART_LEADER)
        choices(rq, f, names->leaders, names->n_leaders);
    if (part == PART_KIND) {
        for (int k = 0; k < ENTRY_KINDS; k++)
            c[k] = (struct choice){ entry_kind_code((enum entry_kind)k), FACE_SAY(rq, entry_kind_msg((enum entry_kind)k)), false };
        choices(rq, f, c, ENTRY_KINDS);
    }
    if (part == PART_URGENCY) {
        for (size_t k = 0; k < ARRAY_LEN(URGENCY); k++)
            c[k] = (struct choice){ str_c(URGENCY[k]), str_c(URGENCY[k]), false };
        choices(rq, f, c, ARRAY_LEN(URGENCY));
    }
}

static struct paste_field field_of(struct req *rq, const struct view_names *names, size_t k, int part, const struct propose_matter *m, const struct said *s, struct str text)
{
    static const unsigned MUST = 1u << PART_TITLE | 1u << PART_SOURCE | 1u << PART_REQUIREMENT | 1u << PART_DEADLINE | 1u << PART_LEAD | 1u << PART_KIND;
    const struct propose_value *v = part_info[part].from >= 0 ? &m->field[part_info[part].from] : NULL;
    bool wide = part == PART_TITLE || part == PART_REQUIREMENT;
    struct paste_field f = { .name = name_of(rq, k, part_info[part].name), .value = s->v[part], .label = part_info[part].label, .must = (MUST >> part & 1) && !s->v[PART_READING].n,
                             .missing = said_missing(s) >> part & 1, .css = wide ? "wide" : "" };
    f.id = arena_printf(rq->arena, "m%zu-%s", k, part_info[part].name);
    f.href = arena_printf(rq->arena, "w-m%zu-%s", k, part_info[part].name);
    if (v && v->n_spans) {
        f.words = words_of(rq, v, text);
        f.same = str_eq(f.words, f.value);
        f.unit = part == PART_LEAD;
        f.shared = v->shared;
        f.from_text = true;
    }
    choose(rq, names, part, &f);
    return f;
}

static void fields(struct req *rq, const struct view_names *names, size_t k, const struct propose_matter *m, const struct said *s, struct str text, struct matter_view *v)
{
    unsigned missing = said_missing(s);
    v->more = arena_array(rq->arena, struct paste_field, PARTS);
    for (int part = 0; part < PARTS; part++) {
        struct paste_field f = field_of(rq, names, k, part, m, s, text);
        bool shown = f.must || f.missing || f.value.n || f.from_text || (part == PART_NO_DEADLINE && (missing & 1u << PART_DEADLINE));
        if (shown)
            v->field[v->n_main++] = f;
        else
            v->more[v->n_more++] = f;
    }
}

/* --- doubts ------------------------------------------------------------------------------------------------------------------------- */

static void doubts(struct req *rq, const struct propose_matter *m, const struct said *s, struct matter_view *v)
{
    struct doubt d[MATTER_DOUBTS];
    int n = matter_doubts(m, s, d);
    for (int i = 0; i < n && v->n_doubts < ARRAY_LEN(v->doubt); i++)
        v->doubt[v->n_doubts++].text = d[i].why ? face_sentence(rq, d[i].why) : face_say(rq, d[i].msg, d[i].args, d[i].n);
}

/* How it was counted, what the strict reading would be, working days left. */
static void counted(struct req *rq, size_t k, const struct propose_matter *m, struct matter_view *v)
{
    const struct deadline *d = &m->due;
    struct buf how _cleanup_(buf_release) = BUF_INIT;
    struct due_view due;
    struct lights l = face_lights(rq);
    if (d->kind == DEADLINE_NONE || !m->field[PROPOSE_DEADLINE].text.n)
        return;
    deadline_how(&how, rq->lang, d);
    v->counted = arena_str(rq->arena, buf_view(&how));
    if (d->strict != d->due && d->strict != INSTANT_NONE)
        v->counted = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(v->counted), STR_ARG(FACE_SAY(rq, M_PASTE_STRICT, A_DAY(instant_day(d->strict - 1)))));
    face_due(rq, &l, d->due, true, &due);
    v->left = due.full;
    v->left_css = str_c(due.css);
    if (d->other == INSTANT_NONE)
        return;
    v->other = true;
    v->other_name = name_of(rq, k, "other");
    v->other_value = paste_due(rq->arena, d->other);
    v->other_text = FACE_SAY(rq, M_PASTE_OTHER, A_STR(v->other_value));
}

/* Who, until when, how long that is and how it was counted: seen before one presses, also where the matter is folded. */
static struct str brief(struct req *rq, const struct propose_matter *m, const struct said *s, const struct matter_view *v)
{
    const struct deadline *d = &m->due;
    struct str who = s->v[PART_LEAD], all = s->v[PART_ASSIST].n ? FACE_SAY(rq, M_PASTE_WITH, A_STR(who), A_STR(s->v[PART_ASSIST])) : who;
    if (s->v[PART_DEADLINE].n && d->kind != DEADLINE_NONE && str_eq(s->v[PART_DEADLINE], paste_due(rq->arena, d->due))) {
        day_t day = instant_day(d->due - 1);
        struct str weekday = FACE_SAY(rq, M_BASE_WEEKDAY_1 + date_weekday(day) - 1);
        all = arena_printf(rq->arena, "%.*s · %.*s（%.*s）", STR_ARG(all), STR_ARG(s->v[PART_DEADLINE]), STR_ARG(weekday));
    } else if (s->v[PART_DEADLINE].n) {
        all = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(all), STR_ARG(s->v[PART_DEADLINE]));
    }
    if (v->left.n)
        all = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(all), STR_ARG(v->left));
    return v->counted.n ? arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(all), STR_ARG(v->counted)) : all;
}

void view_matter(struct req *rq, const struct view_names *names, const struct deadline_ask *ask, size_t k, const struct propose_matter *m, const struct said *s, struct str text,
                 struct matter_view *v)
{
    *v = (struct matter_view){ .n = (int64_t)k + 1, .on = true, .on_name = name_of(rq, k, "on"), .title = s->v[PART_TITLE] };
    fields(rq, names, k, m, s, text, v);
    doubts(rq, m, s, v);
    counted(rq, k, m, v);
    v->phrase_name = name_of(rq, k, "phrase");
    v->phrase = s->phrase;
    v->brief = s->v[PART_READING].n || !s->v[PART_LEAD].n ? STR("") : brief(rq, m, s, v);
    v->ready = !said_missing(s) && !matter_doubtful(m);
    for (size_t i = 0; i < v->n_main; i++)       /* the page opens where something is to be written */
        v->open = v->open || v->field[i].missing;
    v->first = v->n_doubts ? v->doubt[0].text : STR("");
    if (!v->title.n)
        v->title = FACE_SAY(rq, M_PASTE_NO_TITLE);
}

/* --- the text in pieces ------------------------------------------------------------------------------------------------------------------- */

struct mark { size_t from, to; struct str field, label; bool said; };

static int by_place(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static size_t collect(struct req *rq, const struct proposal *p, struct mark *mark)
{
    size_t n = 0;
    for (size_t k = 0; k < p->n; k++)
        for (int part = 0; part < PARTS; part++) {
            const struct propose_value *v = part_info[part].from >= 0 ? &p->matter[k].field[part_info[part].from] : NULL;
            for (int i = 0; v && i < v->n_spans; i++)
                mark[n++] = (struct mark){ v->span[i].from, v->span[i].to, arena_printf(rq->arena, "m%zu-%s", k, part_info[part].name), FACE_SAY(rq, part_info[part].label), false };
        }
    return n;
}

static void piece_fill(struct req *rq, struct mark *mark, size_t n, size_t from, size_t to, struct piece *piece)
{
    struct buf fields = BUF_INIT, label = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        if (mark[i].from > from || mark[i].to < to)
            continue;
        buf_c(&fields, fields.n ? " " : "");
        buf_str(&fields, mark[i].field);
        if (str_find(buf_view(&label), mark[i].label) < 0) {
            buf_c(&label, label.n ? " · " : "");
            buf_str(&label, mark[i].label);
        }
        if (!mark[i].said && !piece->here) {     /* one id is enough for a piece; its other fields find theirs further on, or share this one */
            piece->here = true;
            piece->id = arena_printf(rq->arena, "w-%.*s", STR_ARG(mark[i].field));
            for (size_t j = 0; j < n; j++)
                mark[j].said = mark[j].said || str_eq(mark[j].field, mark[i].field);
        }
    }
    piece->mark = fields.n > 0;
    piece->fields = arena_str(rq->arena, buf_view(&fields));
    piece->label = arena_str(rq->arena, buf_view(&label));
    buf_release(&fields);
    buf_release(&label);
}

struct piece *view_pieces(struct req *rq, const struct proposal *p, struct str text, size_t *ret)
{
    struct mark *mark = arena_array(rq->arena, struct mark, p->n * PARTS * PROPOSE_SPANS + 1);
    size_t n = collect(rq, p, mark), n_cuts = 0, at = 0;
    size_t *cut = arena_array(rq->arena, size_t, 2 * n + 2);
    struct piece *piece = arena_array(rq->arena, struct piece, 2 * n + 2);
    for (size_t i = 0; i < n; i++) {
        cut[n_cuts++] = mark[i].from;
        cut[n_cuts++] = mark[i].to;
    }
    cut[n_cuts++] = text.n;
    qsort(cut, n_cuts, sizeof *cut, by_place);
    *ret = 0;
    for (size_t i = 0; i < n_cuts; i++) {
        if (cut[i] <= at)
            continue;
        struct piece *one = &piece[(*ret)++];
        one->text = str_sub(text, at, cut[i] - at);
        piece_fill(rq, mark, n, at, cut[i], one);
        at = cut[i];
    }
    return piece;
}
