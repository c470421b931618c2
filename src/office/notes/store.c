/* Notes and whom they mention. Everything is decided before the first row is written. */
#include "base/json.h"
#include "messages.h"
#include "office/entry/entry_rules.h"
#include "office/notes/inside.h"
#include "store/journal.h"

enum { SEEN_BY_MAX = ENTRY_ASSISTS_MAX + 4 };

/* --- who may see an entry ------------------------------------------------------------------------------------------------------------- */

/* As the entry's stand has it: section, lead, leader, the officer's own party, assisting units. */
static int parties_of(const struct entry *e, const struct member *m, size_t n, int64_t *ret)
{
    int k = 0;
    const int64_t named[] = { e->section_id, e->lead_id, e->leader_id };
    for (size_t i = 0; i < ARRAY_LEN(named); i++)
        if (named[i])
            ret[k++] = named[i];
    for (size_t i = 0; i < n; i++)
        if (e->officer_id && m[i].id == e->officer_id)
            ret[k++] = m[i].party_id;
    for (int i = 0; i < e->n_assists; i++)
        ret[k++] = e->assists[i];
    return k;
}

static void mark(struct note_person *p, size_t n, const struct notes_seated_row *r, bool section)
{
    for (size_t i = 0; i < n; i++)
        if (p[i].id == r->id) {
            p[i].sees = true;
            p[i].section = p[i].section || (section && (r->roles & ROLE_SECTION));
        }
}

bool notes_audience(struct db *db, struct arena *a, const struct entry *e, day_t today, struct note_person **ret, size_t *n, struct err *err)
{
    struct member *m;
    size_t n_members, seated;
    int64_t party[SEEN_BY_MAX];
    struct notes_seated_row *row;
    if (!member_list(db, a, e->office_id, 0, &m, &n_members, err))
        return false;
    struct note_person *p = arena_array(a, struct note_person, n_members + 1);
    *n = 0;
    for (size_t i = 0; i < n_members; i++)
        if (!str_eqc(m[i].login, "console"))
            p[(*n)++] = (struct note_person){ .id = m[i].id, .login = m[i].login, .name = m[i].name };
    int n_parties = parties_of(e, m, n_members, party);
    for (int k = 0; k < n_parties; k++) {
        if (!q_notes_seated(db, a, &(struct notes_seated_in){ e->office_id, party[k], today }, &row, &seated, err))
            return false;
        for (size_t i = 0; i < seated; i++)
            mark(p, *n, &row[i], party[k] == e->section_id);
    }
    *ret = p;
    return true;
}

/* In whose stead the actor sees it: nobody's when a party of one's own stands beside it. */
static bool stead_of(struct txn *t, const struct actor *actor, const struct entry *e, int64_t *ret, struct err *err)
{
    struct member *m;
    size_t n;
    int64_t party[SEEN_BY_MAX];
    *ret = 0;
    if (!actor->n_lent)
        return true;
    if (!member_list(t->db, t->arena, t->office_id, t->at, &m, &n, err))
        return false;
    int count = parties_of(e, m, n, party);
    for (int i = 0; i < actor->n_parties; i++)   /* own ones stand first */
        for (int k = 0; k < count; k++)
            if (actor->parties[i] == party[k]) {
                *ret = actor->stead[i];
                return true;
            }
    return true;
}

static bool of_section(const struct actor *actor, const struct entry *e) { return (rules_sides(actor, e) & SIDE_SECTION) != 0; }

/* --- reading ------------------------------------------------------------------------------------------------------------------------------ */

bool notes_of(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct note **ret, size_t *n, struct err *err)
{
    struct note_row *row;
    size_t count, k = 0;
    if (!q_note_of_entry(db, a, &(struct note_of_entry_in){ e->office_id, e->id }, &row, &count, err))
        return false;
    bool section = of_section(actor, e);
    struct note *list = arena_array(a, struct note, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct note_row *r = &row[i];
        struct str author = r->author.p ? r->author : STR("");
        if (r->internal && !section)
            continue;
        if (r->lender.p)
            author = arena_printf(a, "%.*s（代%.*s）", STR_ARG(author), STR_ARG(r->lender));
        list[k++] = (struct note){ r->id, r->author_id, author, r->at, r->edited_at, r->withdrawn_at, r->text, r->withdrawer.p ? r->withdrawer : STR(""), r->internal };
    }
    *ret = list;
    *n = k;
    return true;
}

bool notes_fetch(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct entry *e, struct note *ret, struct err *err)
{
    struct note_found_row row;
    bool found;
    if (!q_note_by_id(db, a, &(struct note_by_id_in){ actor->office_id, id }, &row, &found, err))
        return false;
    if (!found || !entry_fetch(db, a, actor, row.number, e, NULL) || (row.internal && !of_section(actor, e)))
        return err_fail(err, ERR_NOT_FOUND, M_NOTES_NOT_FOUND, NULL);
    *ret = (struct note){ row.id, row.author_id, row.author.p ? row.author : STR(""), row.at, INSTANT_NONE, row.withdrawn_at, row.text, STR(""), row.internal };
    return true;
}

bool notes_may_edit(const struct actor *actor, const struct note *n, instant_t now)
{
    return n->author_id == actor->member_id && n->withdrawn_at == INSTANT_NONE && now - n->at < NOTE_EDIT_MS;
}

bool notes_may_withdraw(const struct actor *actor, const struct entry *e, const struct note *n)
{
    return n->withdrawn_at == INSTANT_NONE && (n->author_id == actor->member_id || (rules_sides(actor, e) & SIDE_CHIEF));
}

/* --- writing ------------------------------------------------------------------------------------------------------------------------------- */

struct saying {
    struct txn *t;
    const struct actor *actor;
    const struct entry *e;
    struct str text;
    bool internal;
    int64_t mention[NOTE_MENTIONS_MAX];
    int n_mentions;
};

/* Those chosen from the list stand before the text, so that the text alone says whom it is for. */
static struct str with_chosen(struct arena *a, const struct note_draft *d)
{
    struct str text = d->text.p ? str_trim(d->text) : STR(""), head = STR("");
    for (size_t i = 0; i < d->n_chosen; i++) {
        struct str name = arena_printf(a, "@%.*s", STR_ARG(d->chosen[i]));
        if (d->chosen[i].n && str_find(text, name) < 0)
            head = arena_printf(a, "%.*s%.*s ", STR_ARG(head), STR_ARG(name));
    }
    return text.n && head.n ? arena_printf(a, "%.*s%.*s", STR_ARG(head), STR_ARG(text)) : text;
}

static bool check(struct saying *s, struct err *err)
{
    struct note_person *p;
    size_t n;
    return notes_text(s->text, err) && notes_audience(s->t->db, s->t->arena, s->e, s->t->today, &p, &n, err) &&
           notes_mentioned(s->text, p, n, s->internal, s->e->number, s->mention, &s->n_mentions, err);
}

static bool journal(const struct saying *s, int64_t id, const char *verb, struct str before, struct err *err)
{
    _cleanup_(buf_release) struct buf from = BUF_INIT, to = BUF_INIT;
    if (before.p) {
        json_obj(&from);
        json_put_str(&from, "text", before);
        json_obj_end(&from);
    }
    json_obj(&to);
    json_put_int(&to, "entry", s->e->id);
    json_put_str(&to, "text", s->text);
    json_put_bool(&to, "internal", s->internal);
    json_key(&to, "mentions");
    json_arr(&to);
    for (int i = 0; i < s->n_mentions; i++)
        json_int(&to, s->mention[i]);
    json_arr_end(&to);
    json_obj_end(&to);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("note"), .entity_id = id, .verb = str_c(verb),
                                       .before = from.n ? buf_view(&from) : STR(""), .after = buf_view(&to) };
    return journal_add(s->t, &line, err);
}

/* News only for others, and of an edit only for those whom it mentions newly. */
static bool put_mentions(const struct saying *s, int64_t id, const struct mention_of_note_row *old, size_t n_old, struct err *err)
{
    struct txn *t = s->t;
    for (int i = 0; i < s->n_mentions; i++) {
        bool had = s->mention[i] == s->actor->member_id;
        for (size_t k = 0; k < n_old; k++)
            had = had || old[k].id == s->mention[i];
        if (!q_mention_insert(t->db, &(struct mention_insert_in){ t->office_id, id, s->mention[i] }, NULL, err) ||
            (!had && !q_news_insert(t->db, &(struct news_insert_in){ t->office_id, s->mention[i], s->e->id, id }, NULL, err)))
            return false;
    }
    return true;
}

bool notes_add(struct txn *t, const struct actor *actor, const struct note_draft *d, int64_t *id, struct err *err)
{
    struct entry e;
    struct note_row *row;
    size_t n;
    if (!entry_fetch(t->db, t->arena, actor, d->number, &e, err))
        return false;
    struct saying s = { .t = t, .actor = actor, .e = &e, .text = with_chosen(t->arena, d), .internal = d->internal };
    if (d->internal && !of_section(actor, &e))
        return err_fail(err, ERR_DENIED, M_NOTES_INTERNAL_DENIED, "internal");
    if (!check(&s, err) || !q_note_of_entry(t->db, t->arena, &(struct note_of_entry_in){ t->office_id, e.id }, &row, &n, err))
        return false;
    if (n >= NOTES_PER_ENTRY_MAX)
        return err_fail(err, ERR_LIMIT, M_NOTES_FULL, NULL, A_STR(e.number), A_INT(NOTES_PER_ENTRY_MAX));
    if (!stead_of(t, actor, &e, &t->deputy_of, err))
        return false;
    *id = txn_next_id(t);
    const struct note_insert_in in = { t->office_id, *id, e.id, actor->member_id, t->deputy_of, t->at, s.text, s.internal };
    return q_note_insert(t->db, &in, NULL, err) && put_mentions(&s, *id, NULL, 0, err) && journal(&s, *id, "add", STR_NULL, err);
}

bool notes_edit(struct txn *t, const struct actor *actor, int64_t id, struct str text, struct err *err)
{
    struct entry e;
    struct note n;
    struct mention_of_note_row *old;
    size_t n_old;
    if (!notes_fetch(t->db, t->arena, actor, id, &e, &n, err))
        return false;
    if (n.author_id != actor->member_id)
        return err_fail(err, ERR_DENIED, M_NOTES_NOT_YOURS, NULL);
    if (!notes_may_edit(actor, &n, t->at))
        return err_fail(err, ERR_CONFLICT, n.withdrawn_at == INSTANT_NONE ? M_NOTES_TOO_LATE : M_NOTES_GONE, NULL);
    struct saying s = { .t = t, .actor = actor, .e = &e, .text = text.p ? str_trim(text) : STR(""), .internal = n.internal };
    if (!check(&s, err) || !q_mention_of_note(t->db, t->arena, &(struct mention_of_note_in){ t->office_id, id }, &old, &n_old, err))
        return false;
    if (str_eq(s.text, n.text))
        return true;
    if (!stead_of(t, actor, &e, &t->deputy_of, err) || !q_mention_clear(t->db, &(struct mention_clear_in){ t->office_id, id }, NULL, err))
        return false;
    for (size_t k = 0; k < n_old; k++) {         /* who is not mentioned any more has nothing to read */
        bool still = false;
        for (int i = 0; i < s.n_mentions; i++)
            still = still || s.mention[i] == old[k].id;
        if (!still && !q_news_delete(t->db, &(struct news_delete_in){ t->office_id, old[k].id, e.id, id }, NULL, err))
            return false;
    }
    return put_mentions(&s, id, old, n_old, err) && q_note_update_text(t->db, &(struct note_update_text_in){ t->office_id, id, s.text, t->at }, NULL, err) &&
           journal(&s, id, "edit", n.text, err);
}

bool notes_withdraw(struct txn *t, const struct actor *actor, int64_t id, struct err *err)
{
    struct entry e;
    struct note n;
    struct mention_of_note_row *old;
    size_t n_old;
    if (!notes_fetch(t->db, t->arena, actor, id, &e, &n, err))
        return false;
    if (n.withdrawn_at != INSTANT_NONE)
        return err_fail(err, ERR_CONFLICT, M_NOTES_GONE, NULL);
    if (!notes_may_withdraw(actor, &e, &n))
        return err_fail(err, ERR_DENIED, M_NOTES_NOT_YOURS, NULL);
    if (!q_mention_of_note(t->db, t->arena, &(struct mention_of_note_in){ t->office_id, id }, &old, &n_old, err))
        return false;
    t->deputy_of = n.author_id == actor->member_id ? 0 : rules_stead(actor, &e, VERB_WITHDRAW);
    for (size_t k = 0; k < n_old; k++)
        if (!q_news_delete(t->db, &(struct news_delete_in){ t->office_id, old[k].id, e.id, id }, NULL, err))
            return false;
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("note"), .entity_id = id, .verb = STR("withdraw") };
    return q_note_withdraw(t->db, &(struct note_withdraw_in){ t->office_id, id, t->at, t->actor_id }, NULL, err) && journal_add(t, &line, err);
}
