/* What an act changed, found by comparing the entry before and after column by column: once by id and number for the journal, once by
 * name for the history that people read. One table serves both. */
#include "base/json.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/shape.h"

enum type { TEXT, SEALED, NUMBER, FLAG, DAY, INSTANT, DUE, KIND, STATE, PARTY, OFFICER, PARTIES, LISTS };

#define C(column, type, shown) { #column, type, offsetof(struct entry, column), shown }
static const struct column {
    const char *name;                            /* in the journal */
    enum type type;
    size_t at;
    const char *shown;                           /* in the history; NULL: the act itself tells */
} COLUMNS[] = {
    C(number, TEXT, NULL), C(kind, KIND, NULL), C(reading, FLAG, NULL), C(state, STATE, NULL), C(section_id, NUMBER, NULL),
    C(title, TEXT, "title"), C(source, TEXT, "source"), C(requirement, TEXT, "requirement"), C(received_at, INSTANT, "received"),
    C(day, DAY, NULL), C(due, DUE, "deadline"), C(unit_due, DUE, "unit_deadline"), C(no_deadline_reason, TEXT, "no_deadline_reason"),
    C(lead_id, PARTY, "lead_unit"), C(assists, PARTIES, "assist_units"), C(officer_id, OFFICER, "officer"), C(leader_id, PARTY, "leader"),
    C(lists, LISTS, "lists"), C(urgency, TEXT, "urgency"), C(progress, TEXT, "progress"), C(genre, TEXT, "genre"), C(role, TEXT, "role"),
    C(instruction, FLAG, "instruction"), C(parent_id, NUMBER, NULL), C(result, TEXT, NULL), C(paper_where, TEXT, "paper_where"),
    C(paper_out_at, INSTANT, "paper_out"), C(paper_back_at, INSTANT, "paper_back"), C(contact, SEALED, "contact"),
    C(asked_due, DUE, "asked_deadline"), C(settled_day, DAY, NULL), C(late, FLAG, NULL), C(look_back_day, DAY, "look_back"),
};
#undef C

#define AT(e, c, type) (*(const type *)((const char *)(e) + (c)->at))

static bool same_ids(const int64_t *a, int n, const int64_t *b, int m)
{
    for (int i = 0; n == m && i < n; i++)
        if (a[i] != b[i])
            return false;
    return n == m;
}

static bool same(const struct entry *a, const struct entry *b, const struct column *c)
{
    switch (c->type) {
    case TEXT:
    case SEALED: return AT(a, c, struct str).n == AT(b, c, struct str).n && str_starts(AT(a, c, struct str), AT(b, c, struct str));
    case FLAG: return AT(a, c, bool) == AT(b, c, bool);
    case DAY: return AT(a, c, day_t) == AT(b, c, day_t);
    case KIND: return a->kind == b->kind && a->state != STATE_NONE;
    case STATE: return a->state == b->state;
    case PARTIES: return same_ids(a->assists, a->n_assists, b->assists, b->n_assists);
    case LISTS: return same_ids(a->lists, a->n_lists, b->lists, b->n_lists);
    default: return AT(a, c, int64_t) == AT(b, c, int64_t);
    }
}

static void put_ids(struct buf *b, const char *key, const int64_t *ids, int n)
{
    json_key(b, key);
    json_arr(b);
    for (int i = 0; i < n; i++)
        json_int(b, ids[i]);
    json_arr_end(b);
}

static void put_or_null(struct buf *b, const char *key, int64_t v, int64_t none)
{
    json_key(b, key);
    if (v == none)
        json_null(b);
    else
        json_int(b, v);
}

static void put_journal(struct buf *b, const struct entry *e, const struct column *c)
{
    switch (c->type) {
    case TEXT: json_put_str(b, c->name, AT(e, c, struct str)); break;
    case SEALED: json_put_bytes(b, c->name, AT(e, c, struct str)); break;
    case FLAG: json_put_bool(b, c->name, AT(e, c, bool)); break;
    case DAY: put_or_null(b, c->name, AT(e, c, day_t), DAY_NONE); break;
    case INSTANT:
    case DUE: put_or_null(b, c->name, AT(e, c, int64_t), INSTANT_NONE); break;
    case KIND: json_put_str(b, c->name, entry_kind_code(e->kind)); break;
    case STATE: json_put_str(b, c->name, entry_state_code(e->state)); break;
    case PARTIES: put_ids(b, c->name, e->assists, e->n_assists); break;
    case LISTS: put_ids(b, c->name, e->lists, e->n_lists); break;
    default: put_or_null(b, c->name, AT(e, c, int64_t), 0); break;
    }
}

static void put_said(struct buf *b, const char *key, struct str s)
{
    if (s.n)
        json_put_str(b, key, s);
}

/* The act's own words are in the journal too, or the chain would not prove what was said. */
static void put_words(struct buf *b, const struct intent *i)
{
    put_said(b, "text", i->text);
    put_said(b, "recorded_for", i->recorded_for);
    put_said(b, "leader_word", i->leader_word);
    if (i->reported_on != DAY_NONE)
        json_put_int(b, "reported_on", i->reported_on);
    if (i->grant >= 0)
        json_put_bool(b, "grant", i->grant != 0);
    if (i->corrects)
        json_put_int(b, "corrects", i->corrects);
}

void change_journal(const struct entry *before, const struct entry *after, const struct intent *i, struct buf *from, struct buf *to)
{
    const struct entry blank = entry_blank();
    const struct entry *old = before ? before : &blank;
    if (before)
        json_obj(from);
    json_obj(to);
    for (const struct column *c = COLUMNS; c < COLUMNS + ARRAY_LEN(COLUMNS); c++) {
        if (same(old, after, c))
            continue;
        if (before)
            put_journal(from, old, c);
        put_journal(to, after, c);
    }
    put_words(to, i);
    if (before)
        json_obj_end(from);
    json_obj_end(to);
}

/* --- for people ------------------------------------------------------------------------------------------------------------------- */

/* LOOK_ of a column's type: whose name an id is. */
static enum lookup_what look(enum type type) { return type == OFFICER ? LOOK_OFFICER : type == LISTS ? LOOK_LIST : LOOK_LEAD; }

static bool names_of(struct lookup *n, enum type type, const int64_t *ids, int count, struct buf *b, struct err *err)
{
    for (int i = 0; i < count; i++) {
        struct str name;
        if (!lookup_name(n, look(type), ids[i], &name, err))
            return false;
        buf_c(b, i ? "、" : "");
        buf_str(b, name);
    }
    return true;
}

static bool shown_text(struct lookup *n, const struct entry *e, const struct column *c, struct buf *b, struct err *err)
{
    switch (c->type) {
    case TEXT: buf_str(b, AT(e, c, struct str)); break;
    case SEALED: buf_c(b, AT(e, c, struct str).n ? "＊＊＊" : ""); break;
    case FLAG: buf_c(b, AT(e, c, bool) ? "是" : "否"); break;
    case DAY:
        if (AT(e, c, day_t) != DAY_NONE)
            date_put_iso(b, AT(e, c, day_t));
        break;
    case INSTANT:
        if (AT(e, c, instant_t) != INSTANT_NONE)
            instant_put(b, AT(e, c, instant_t));
        break;
    case DUE: shape_due(b, AT(e, c, instant_t)); break;
    case PARTIES: return names_of(n, PARTY, e->assists, e->n_assists, b, err);
    case LISTS: return names_of(n, LISTS, e->lists, e->n_lists, b, err);
    default: return names_of(n, c->type, &AT(e, c, int64_t), 1, b, err);
    }
    return true;
}

static void put_pair(struct buf *out, const char *key, struct str old, struct str new)
{
    json_key(out, key);
    json_arr(out);
    json_str(out, old);
    json_str(out, new);
    json_arr_end(out);
}

bool change_shown(struct lookup *n, const struct entry *before, const struct entry *after, const struct intent *i, struct str *ret, struct err *err)
{
    _cleanup_(buf_release) struct buf out = BUF_INIT;
    json_obj(&out);
    for (const struct column *c = COLUMNS; before && c < COLUMNS + ARRAY_LEN(COLUMNS); c++) {
        _cleanup_(buf_release) struct buf old = BUF_INIT, new = BUF_INIT;
        if (!c->shown || same(before, after, c))
            continue;
        if (!shown_text(n, before, c, &old, err) || !shown_text(n, after, c, &new, err))
            return false;
        put_pair(&out, c->shown, old.n ? buf_view(&old) : STR(""), new.n ? buf_view(&new) : STR(""));
    }
    if (i->leader_word.n)
        put_pair(&out, "leader_word", STR(""), i->leader_word);
    if (i->reported_on != DAY_NONE) {
        _cleanup_(buf_release) struct buf day = BUF_INIT;
        date_put_iso(&day, i->reported_on);
        put_pair(&out, "reported_on", STR(""), buf_view(&day));
    }
    if (i->grant >= 0)
        put_pair(&out, "grant", STR(""), i->grant ? STR("同意") : STR("不同意"));
    json_obj_end(&out);
    *ret = out.n > 2 ? arena_str(n->arena, buf_view(&out)) : STR("");
    return true;
}
