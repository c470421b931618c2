/* Following an entry, hearing of its changes, and having seen them. */
#include "base/json.h"
#include "messages.h"
#include "office/notes/inside.h"
#include "store/journal.h"

struct standing { bool follows; int64_t seen_n; };

static bool mine(struct db *db, struct arena *a, const struct actor *actor, int64_t entry_id, struct standing *ret, struct err *err)
{
    struct notes_mine_row *row;
    size_t n;
    *ret = (struct standing){ 0 };
    if (!q_notes_mine(db, a, &(struct notes_mine_in){ actor->office_id, actor->member_id, entry_id }, &row, &n, err))
        return false;
    if (n && row[0].what == 0)
        *ret = (struct standing){ true, row[0].ref };
    return true;
}

static bool journal(struct txn *t, int64_t entry_id, const char *verb, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "entry", entry_id);
    json_obj_end(&after);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("follow"), .entity_id = entry_id, .verb = str_c(verb), .after = buf_view(&after) };
    t->deputy_of = 0;                            /* what one likes to hear of is one's own */
    return journal_add(t, &line, err);
}

bool notes_follow(struct txn *t, const struct actor *actor, struct str number, bool on, struct err *err)
{
    struct entry e;
    struct standing s;
    struct follow_count_row count;
    bool found;
    if (!entry_fetch(t->db, t->arena, actor, number, &e, err) || !mine(t->db, t->arena, actor, e.id, &s, err))
        return false;
    if (s.follows == on)
        return true;
    if (!on)
        return q_follow_delete(t->db, &(struct follow_delete_in){ t->office_id, actor->member_id, e.id }, NULL, err) &&
               q_news_delete(t->db, &(struct news_delete_in){ t->office_id, actor->member_id, e.id, 0 }, NULL, err) && journal(t, e.id, "end", err);
    if (!q_follow_count(t->db, t->arena, &(struct follow_count_in){ t->office_id, actor->member_id }, &count, &found, err))
        return false;
    if (count.n >= FOLLOWS_MAX)
        return err_fail(err, ERR_LIMIT, M_NOTES_FOLLOWS_MAX, NULL, A_INT(FOLLOWS_MAX));
    return q_follow_insert(t->db, &(struct follow_insert_in){ t->office_id, actor->member_id, e.id, e.version }, NULL, err) && journal(t, e.id, "add", err);
}

static bool seen(struct txn *t, int64_t member_id, int64_t entry_id, int64_t version, struct err *err)
{
    return q_news_seen(t->db, &(struct news_seen_in){ t->office_id, member_id, entry_id }, NULL, err) &&
           q_follow_update_seen(t->db, &(struct follow_update_seen_in){ t->office_id, member_id, entry_id, version }, NULL, err);
}

bool notes_seen(struct txn *t, const struct actor *actor, struct str number, struct err *err)
{
    struct entry e;
    return entry_fetch(t->db, t->arena, actor, number, &e, err) && seen(t, actor->member_id, e.id, e.version, err);
}

bool notes_mentions_seen(struct txn *t, const struct actor *actor, struct err *err)
{
    return q_news_mentions_seen(t->db, &(struct news_mentions_seen_in){ t->office_id, actor->member_id }, NULL, err);
}

bool notes_all_followed_seen(struct txn *t, const struct actor *actor, struct err *err)
{
    struct follow_of_member_row *row;
    size_t n;
    if (!q_follow_of_member(t->db, t->arena, &(struct follow_of_member_in){ t->office_id, actor->member_id, FOLLOWS_MAX }, &row, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!q_news_delete(t->db, &(struct news_delete_in){ t->office_id, actor->member_id, row[i].id, 0 }, NULL, err) ||
            !q_follow_update_seen(t->db, &(struct follow_update_seen_in){ t->office_id, actor->member_id, row[i].id, row[i].version }, NULL, err))
            return false;
    return true;
}

/* --- an entry changed ------------------------------------------------------------------------------------------------------------------ */

static bool drop(struct txn *t, int64_t member_id, int64_t entry_id, struct err *err)
{
    return q_follow_delete(t->db, &(struct follow_delete_in){ t->office_id, member_id, entry_id }, NULL, err) &&
           q_news_seen(t->db, &(struct news_seen_in){ t->office_id, member_id, entry_id }, NULL, err);
}

static bool tell(struct txn *t, const struct entry *e, const struct follow_of_entry_row *who, size_t n, struct err *err)
{
    struct note_person *p;
    size_t n_people;
    if (!notes_audience(t->db, t->arena, e, t->today, &p, &n_people, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool sees = false;
        for (size_t k = 0; k < n_people; k++)
            sees = sees || (p[k].id == who[i].id && p[k].sees);
        bool own = who[i].id == t->actor_id;     /* what one did oneself is no news */
        if (!sees ? !drop(t, who[i].id, e->id, err)
                  : !own && !q_news_insert(t->db, &(struct news_insert_in){ t->office_id, who[i].id, e->id, 0 }, NULL, err))
            return false;
    }
    return true;
}

/* A registration is followed by nobody. An entry that is newer than the last one anybody follows costs no statement (the answer is kept through the batch), so
 * an import costs none; any other costs one look into an index. */
bool notes_on_entry_change(struct txn *t, const struct entry *before, const struct entry *after, const struct act *act, struct err *err)
{
    struct follow_last_row last;
    struct follow_of_entry_row *who;
    size_t n;
    bool found;
    if (!before || act->verb == VERB_UNMASK)
        return true;
    if (!q_follow_last(t->db, t->arena, &(struct follow_last_in){ t->office_id }, &last, &found, err))
        return false;
    if (after->id > last.id)
        return true;
    return q_follow_of_entry(t->db, t->arena, &(struct follow_of_entry_in){ t->office_id, after->id }, &who, &n, err) &&
           (!n || tell(t, after, who, n, err));
}
