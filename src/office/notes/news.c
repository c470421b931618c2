/* What a member has not seen: the blocks of today's page, /mentions and /following. Only what the actor still sees is shown. */
#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "notes_html.h"
#include "office/notes/inside.h"

enum { SHORT_CHARS = 60, SINCE_ACTS = 3 };

struct str notes_short(struct req *rq, struct str text)
{
    size_t n = utf8_offset(text, SHORT_CHARS);
    return n < text.n ? arena_printf(rq->arena, "%.*s…", (int)n, text.p) : text;
}

struct str notes_since(struct req *rq, const struct entry *e, int64_t seen_n)
{
    struct follow_acts_row *row;
    size_t n;
    struct str s = STR("");
    if (!q_follow_acts(rq->db, rq->arena, &(struct follow_acts_in){ e->office_id, e->id, seen_n, SINCE_ACTS }, &row, &n, NULL))
        return s;
    for (size_t i = 0; i < n; i++) {
        struct act a = { .corrects = row[i].corrects, .recorded_for = row[i].recorded_for, .change = row[i].change, .text = row[i].text };
        struct html day = HTML_INIT(rq->lang);
        entry_verb_read(row[i].verb, &a.verb);
        html_put_day_short(&day, row[i].day);
        s = arena_printf(rq->arena, "%.*s%s%s %.*s", STR_ARG(s), s.n ? " · " : "", tr_text(rq->lang, entry_act_msg(&a, e->reading)), (int)day.buf.n, day.buf.p);
        html_release(&day);
    }
    return s;
}

static bool put_mention(struct req *rq, int64_t id, bool unread, struct mention_view *ret)
{
    struct entry e;
    struct note n;
    if (!notes_fetch(rq->db, rq->arena, rq->actor, id, &e, &n, NULL))
        return false;
    *ret = (struct mention_view){ id, e.number, e.title, n.author, notes_short(rq, n.text), n.at, unread, n.withdrawn_at != INSTANT_NONE };
    return true;
}

static bool followed_since(struct req *rq, int64_t entry_id, int64_t *seen_n)
{
    struct notes_mine_row *row;
    size_t n;
    if (!q_notes_mine(rq->db, rq->arena, &(struct notes_mine_in){ rq->actor->office_id, rq->actor->member_id, entry_id }, &row, &n, NULL) || !n || row[0].what)
        return false;
    *seen_n = row[0].ref;
    return true;
}

/* One statement, which finds nothing on most mornings; each thing found costs its own look. */
bool notes_put_today(struct req *rq, struct html *out, struct err *err)
{
    struct news_row *row;
    struct news_block v = { .csrf = rq->csrf };
    struct mention_view mention[NEWS_SHOWN];
    struct news_view entry[NEWS_SHOWN];
    size_t n;
    if (!q_news_of_member(rq->db, rq->arena, &(struct news_of_member_in){ rq->actor->office_id, rq->actor->member_id, NEWS_READ }, &row, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct entry e;
        int64_t seen_n;
        if (row[i].note_id && v.n_mentions < NEWS_SHOWN)
            v.n_mentions += put_mention(rq, row[i].note_id, true, &mention[v.n_mentions]);
        else if (!row[i].note_id && v.n_entries < NEWS_SHOWN && followed_since(rq, row[i].entry_id, &seen_n) &&
                 entry_fetch(rq->db, rq->arena, rq->actor, row[i].number, &e, NULL))
            entry[v.n_entries++] = (struct news_view){ .number = e.number, .title = e.title, .what = notes_since(rq, &e, seen_n) };
    }
    v.mention = mention;
    v.entry = entry;
    if (v.n_mentions || v.n_entries)
        html_news_block(out, &v);
    return true;
}

/* --- pages -------------------------------------------------------------------------------------------------------------------------------- */

void mentions_get(struct req *rq)
{
    struct news_block *v = arena_new(rq->arena, struct news_block);
    struct mention_of_member_row *row;
    struct err err;
    size_t n;
    if (!q_mention_of_member(rq->db, rq->arena, &(struct mention_of_member_in){ rq->actor->office_id, rq->actor->member_id, PAGE_MAX }, &row, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->csrf = rq->csrf;
    v->mention = arena_array(rq->arena, struct mention_view, n + 1);
    for (size_t i = 0; i < n; i++)
        if (put_mention(rq, row[i].id, row[i].unread != 0, &v->mention[v->n_mentions]))
            v->any_news = v->mention[v->n_mentions++].unread || v->any_news;
    face_frame(rq, &v->frame, "/", FACE_SAY(rq, M_NOTES_MENTIONS));
    struct html out = req_page(rq);
    html_mentions(&out, v);
    req_html(rq, 200, &out);
}

void following_get(struct req *rq)
{
    struct news_block *v = arena_new(rq->arena, struct news_block);
    struct follow_of_member_row *row;
    struct entry e;
    struct err err;
    size_t n;
    if (!q_follow_of_member(rq->db, rq->arena, &(struct follow_of_member_in){ rq->actor->office_id, rq->actor->member_id, FOLLOWS_MAX }, &row, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->csrf = rq->csrf;
    v->entry = arena_array(rq->arena, struct news_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!entry_fetch(rq->db, rq->arena, rq->actor, row[i].number, &e, NULL))
            continue;                            /* out of sight: nothing of it is told */
        bool news = row[i].version > row[i].seen_n;
        struct str state = str_c(tr_text(rq->lang, entry_state_msg(e.state, e.reading)));
        v->entry[v->n_entries++] = (struct news_view){ .number = e.number, .title = e.title, .csrf = rq->csrf, .news = news,
            .what = news ? arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(state), STR_ARG(notes_since(rq, &e, row[i].seen_n))) : state };
        v->any_news = v->any_news || news;
    }
    face_frame(rq, &v->frame, "/", FACE_SAY(rq, M_NOTES_FOLLOWING));
    struct html out = req_page(rq);
    html_following(&out, v);
    req_html(rq, 200, &out);
}

/* --- opening is having seen ------------------------------------------------------------------------------------------------------------------ */

static bool seen_fn(struct txn *t, void *args, struct err *err)
{
    const struct str *number = args;
    struct actor actor;
    return web_actor(t, &actor, err) && notes_seen(t, &actor, *number, err);
}

static void opened(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct str *number = args;
    struct str at = face_percent(rq, *number);
    if (ok)
        req_redirect(rq, "/entries/%.*s#notes", STR_ARG(at));
    else
        req_fail(rq, err);
}

static void open_entry(struct req *rq, struct str number)
{
    struct str *kept = arena_new(rq->arena, struct str);
    *kept = number;
    web_write(rq, seen_fn, kept, opened);
}

void following_open(struct req *rq) { open_entry(rq, rq->args[0]); }

void mention_open(struct req *rq)
{
    struct entry e;
    struct note n;
    struct err err;
    int64_t id = 0;
    num_range(rq->args[0], 1, INT64_MAX, &id);
    if (notes_fetch(rq->db, rq->arena, rq->actor, id, &e, &n, &err))
        open_entry(rq, e.number);
    else
        req_fail(rq, &err);
}

static bool mentions_fn(struct txn *t, void *args, struct err *err)
{
    struct actor actor;
    return web_actor(t, &actor, err) && notes_mentions_seen(t, &actor, err);
}

static bool following_fn(struct txn *t, void *args, struct err *err)
{
    struct actor actor;
    return web_actor(t, &actor, err) && notes_all_followed_seen(t, &actor, err);
}

static void to_mentions(struct req *rq, void *args, bool ok, const struct err *err)
{
    ok ? req_redirect(rq, "/mentions") : req_fail(rq, err);
}

static void to_following(struct req *rq, void *args, bool ok, const struct err *err)
{
    ok ? req_redirect(rq, "/following") : req_fail(rq, err);
}

void mentions_read(struct req *rq) { web_write(rq, mentions_fn, NULL, to_mentions); }
void following_seen(struct req *rq) { web_write(rq, following_fn, NULL, to_following); }
