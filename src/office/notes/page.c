/* The block on an entry's page, the page of an entry's notes, and what these forms send. */
#include <stdio.h>

#include "base/num.h"
#include "messages.h"
#include "notes_html.h"
#include "office/entry/entry_rules.h"
#include "office/notes/inside.h"

enum { CHOSEN_MAX = NOTE_MENTIONS_MAX };

static struct note_view view_of(struct req *rq, const struct entry *e, const struct note *n)
{
    struct note_view v = { .n = *n, .csrf = rq->csrf, .withdrawn = n->withdrawn_at != INSTANT_NONE, .may_edit = notes_may_edit(rq->actor, n, rq->now),
                           .may_withdraw = notes_may_withdraw(rq->actor, e, n) };
    if (v.withdrawn)
        v.trace = FACE_SAY(rq, M_NOTES_TRACE, A_STR(n->author), A_STR(n->withdrawer), A_INSTANT(n->withdrawn_at));
    return v;
}

/* Two statements: the notes, and one's own standing. */
static bool read_block(struct req *rq, const struct entry *e, struct notes_page *v, struct err *err)
{
    struct note *n;
    struct notes_mine_row *row;
    size_t n_rows;
    *v = (struct notes_page){ .number = e->number, .title = e->title, .csrf = rq->csrf };
    if (!notes_of(rq->db, rq->arena, rq->actor, e, &n, &v->n, err) ||
        !q_notes_mine(rq->db, rq->arena, &(struct notes_mine_in){ rq->actor->office_id, rq->actor->member_id, e->id }, &row, &n_rows, err))
        return false;
    v->section = (rules_sides(rq->actor, e) & SIDE_SECTION) != 0;
    v->follows = n_rows && row[0].what == 0;
    v->news = n_rows > (v->follows ? 1u : 0u);
    v->note = arena_array(rq->arena, struct note_view, v->n + 1);
    for (size_t i = 0; i < v->n; i++)
        v->note[i] = view_of(rq, e, &n[i]);
    return true;
}

bool notes_put_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct notes_page v;
    if (!read_block(rq, e, &v, err))
        return false;
    html_notes_block(out, &v);
    return true;
}

/* --- the page --------------------------------------------------------------------------------------------------------------------------- */

bool notes_page_make(struct req *rq, const struct entry *e, struct notes_page *v, struct err *err)
{
    struct note_person *p;
    size_t n;
    if (!read_block(rq, e, v, err) || !notes_audience(rq->db, rq->arena, e, rq->today, &p, &n, err))
        return false;
    v->whole = true;
    v->person = p;
    for (size_t i = 0; i < n; i++)
        if (p[i].sees && p[i].id != rq->actor->member_id)
            p[v->n_persons++] = p[i];
    return true;
}

static void show(struct req *rq, struct str number, struct str typed, bool internal, const struct err *why, int status)
{
    struct notes_page *v = arena_new(rq->arena, struct notes_page);
    struct entry e;
    struct err err;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, number, &e, &err) || !notes_page_make(rq, &e, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->typed = typed;
    v->internal = internal;
    v->why = face_sentence(rq, why);
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_NOTES_HEADING));
    struct html out = req_page(rq);
    html_notes(&out, v);
    req_html(rq, status, &out);
}

void notes_get(struct req *rq) { show(rq, rq->args[0], STR_NULL, false, NULL, 200); }

/* --- writing ------------------------------------------------------------------------------------------------------------------------------- */

enum note_task { NOTE_ADD, NOTE_EDIT, NOTE_WITHDRAW, NOTE_FOLLOW, NOTE_UNFOLLOW, NOTE_SEEN };
struct note_call {
    enum note_task task;
    struct note_draft draft;
    int64_t id;
    bool whole;                                  /* sent from the page of the notes, not from the entry's */
    char number[48];                             /* of the entry it belongs to */
};

static bool keep_number(struct txn *t, const struct actor *actor, struct note_call *k, struct err *err)
{
    struct entry e;
    struct note n;
    if (!notes_fetch(t->db, t->arena, actor, k->id, &e, &n, err))
        return false;
    snprintf(k->number, sizeof k->number, "%.*s", STR_ARG(e.number));
    return true;
}

static bool call_fn(struct txn *t, void *args, struct err *err)
{
    struct note_call *k = args;
    struct actor actor;
    if (!web_actor(t, &actor, err) || ((k->task == NOTE_EDIT || k->task == NOTE_WITHDRAW) && !keep_number(t, &actor, k, err)))
        return false;
    switch (k->task) {
    case NOTE_ADD: return notes_add(t, &actor, &k->draft, &k->id, err);
    case NOTE_EDIT: return notes_edit(t, &actor, k->id, k->draft.text, err);
    case NOTE_WITHDRAW: return notes_withdraw(t, &actor, k->id, err);
    case NOTE_SEEN: return notes_seen(t, &actor, k->draft.number, err);
    default: return notes_follow(t, &actor, k->draft.number, k->task == NOTE_FOLLOW, err);
    }
}

static void called(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct note_call *k = args;
    struct str number = k->draft.number.n ? k->draft.number : str_c(k->number);
    struct str at = face_percent(rq, number);
    if (!ok && (k->task == NOTE_ADD || k->task == NOTE_EDIT) && number.n)
        show(rq, number, k->draft.text, k->draft.internal, err, err_http(err));
    else if (!ok)
        req_fail(rq, err);
    else
        req_redirect(rq, k->whole ? "/entries/%.*s/notes" : "/entries/%.*s#notes", STR_ARG(at));
}

static struct note_call *call_new(struct req *rq, enum note_task task)
{
    struct note_call *k = arena_new(rq->arena, struct note_call);
    k->task = task;
    k->draft.text = req_form(rq, "text");
    k->whole = req_form(rq, "whole").n > 0;
    return k;
}

void notes_post(struct req *rq)
{
    struct note_call *k = call_new(rq, NOTE_ADD);
    k->draft.number = rq->args[0];
    k->draft.internal = req_form(rq, "internal").n > 0;
    k->draft.chosen = arena_array(rq->arena, struct str, CHOSEN_MAX);
    k->draft.n_chosen = req_form_all(rq, "mention", k->draft.chosen, CHOSEN_MAX);
    web_write(rq, call_fn, k, called);
}

static void by_id(struct req *rq, enum note_task task)
{
    struct note_call *k = call_new(rq, task);
    num_range(rq->args[0], 1, INT64_MAX, &k->id);    /* 0 is nobody's */
    web_write(rq, call_fn, k, called);
}

void note_edit_post(struct req *rq) { by_id(rq, NOTE_EDIT); }
void note_withdraw_post(struct req *rq) { by_id(rq, NOTE_WITHDRAW); }

void follow_post(struct req *rq)
{
    struct str what = req_form(rq, "do");
    struct note_call *k = call_new(rq, str_eqc(what, "end") ? NOTE_UNFOLLOW : str_eqc(what, "seen") ? NOTE_SEEN : NOTE_FOLLOW);
    k->draft.number = rq->args[0];
    web_write(rq, call_fn, k, called);
}

enum { READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

const struct route notes_routes[NOTES_ROUTES] = {
    { "GET", "/entries/{number}/notes", notes_get, READERS },
    { "POST", "/entries/{number}/notes", notes_post, READERS },
    { "POST", "/entries/{number}/follow", follow_post, READERS },
    { "POST", "/notes/{id}/edit", note_edit_post, READERS },
    { "POST", "/notes/{id}/withdraw", note_withdraw_post, READERS },
    { "GET", "/mentions", mentions_get, READERS },
    { "GET", "/mentions/{id}", mention_open, READERS },
    { "POST", "/mentions/read", mentions_read, READERS },
    { "GET", "/following", following_get, READERS },
    { "GET", "/following/{number}", following_open, READERS },
    { "POST", "/following/seen", following_seen, READERS },
    { "GET", "/api/v1/entries/{number}/notes", notes_api, READERS, .api = true, .gives = "[Note]!" },
    { "POST", "/api/v1/entries/{number}/notes", notes_api_post, READERS, .api = true, .takes = "NewNote!", .gives = "[Note]!" },
    { "PATCH", "/api/v1/notes/{id}", note_api_patch, READERS, .api = true, .takes = "NewNote!", .gives = "[Note]!" },
    { "POST", "/api/v1/notes/{id}/withdraw", note_api_withdraw, READERS, .api = true, .gives = "[Note]!" },
    { "GET", "/api/v1/mentions", mentions_api, READERS, .api = true, .gives = "[Mention]!" },
    { "GET", "/api/v1/following", following_api, READERS, .api = true, .gives = "[object]!" },
    { "POST", "/api/v1/entries/{number}/follow", follow_api_put, READERS, .api = true },
    { "POST", "/api/v1/entries/{number}/unfollow", follow_api_delete, READERS, .api = true },
};
