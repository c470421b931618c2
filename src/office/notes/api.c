/* Notes, mentions and following for programs. */
#include <stdio.h>

#include "base/num.h"
#include "calendar/date_json.h"
#include "messages.h"
#include "office/notes/inside.h"

const struct schema notes_schemas[NOTES_SCHEMAS] = {
    { "Note", "id:int! author:text! at:instant! text:text! internal:bool! edited_at:instant?! withdrawn_at:instant?!" },
    { "NewNote", "text:text! internal:bool mentions:[text]" },
    { "Mention", "note:int! number:text! title:text! author:text! at:instant! text:text! unread:bool!" },
};

void notes_put_json(struct buf *b, const struct note *n)
{
    json_obj(b);
    json_put_int(b, "id", n->id);
    json_put_str(b, "author", n->author);
    json_put_instant(b, "at", n->at);
    json_put_str(b, "text", n->text);
    json_put_bool(b, "internal", n->internal);
    json_put_instant(b, "edited_at", n->edited_at);
    json_put_instant(b, "withdrawn_at", n->withdrawn_at);
    json_obj_end(b);
}

static void answer(struct req *rq, int status, struct str number)
{
    struct buf out = BUF_INIT;
    struct entry e;
    struct note *n;
    struct err err;
    size_t count;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, number, &e, &err) || !notes_of(rq->db, rq->arena, rq->actor, &e, &n, &count, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_arr(&out);
    for (size_t i = 0; i < count; i++)
        notes_put_json(&out, &n[i]);
    json_arr_end(&out);
    req_json(rq, status, &out);
}

void notes_api(struct req *rq) { answer(rq, 200, rq->args[0]); }

enum api_task { API_ADD, API_EDIT, API_WITHDRAW, API_FOLLOW, API_UNFOLLOW };
struct api_note { enum api_task task; struct note_draft draft; int64_t id; char number[48]; };

static bool of_note(struct txn *t, const struct actor *actor, struct api_note *k, struct err *err)
{
    struct entry e;
    struct note n;
    if (!notes_fetch(t->db, t->arena, actor, k->id, &e, &n, err))
        return false;
    snprintf(k->number, sizeof k->number, "%.*s", STR_ARG(e.number));
    return k->task == API_EDIT ? notes_edit(t, actor, k->id, k->draft.text, err) : notes_withdraw(t, actor, k->id, err);
}

static bool call_fn(struct txn *t, void *args, struct err *err)
{
    struct api_note *k = args;
    struct actor actor;
    if (!web_actor(t, &actor, err))
        return false;
    switch (k->task) {
    case API_ADD: return notes_add(t, &actor, &k->draft, &k->id, err);
    case API_FOLLOW:
    case API_UNFOLLOW: return notes_follow(t, &actor, k->draft.number, k->task == API_FOLLOW, err);
    default: return of_note(t, &actor, k, err);
    }
}

static void called(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct api_note *k = args;
    struct buf out = BUF_INIT;
    if (!ok) {
        req_fail(rq, err);
    } else if (k->task == API_FOLLOW || k->task == API_UNFOLLOW) {
        json_obj(&out);
        json_put_bool(&out, "following", k->task == API_FOLLOW);
        json_obj_end(&out);
        req_json(rq, 200, &out);
    } else {
        answer(rq, k->task == API_ADD ? 201 : 200, k->draft.number.n ? k->draft.number : str_c(k->number));
    }
}

static bool read_body(struct req *rq, const char *names, struct note_draft *d, struct err *err)
{
    struct jvalue body;
    return req_json_in(rq, &body, err) && jonly(&body, names, err) && jget_text(&body, "text", &d->text, err) &&
           jget_bool(&body, "internal", &d->internal, err) && jget_texts(rq->arena, &body, "mentions", &d->chosen, &d->n_chosen, err);
}

static void begin(struct req *rq, enum api_task task, bool by_id, const char *names)
{
    struct api_note *k = arena_new(rq->arena, struct api_note);
    struct err err;
    k->task = task;
    if (by_id)
        num_range(rq->args[0], 1, INT64_MAX, &k->id);    /* 0 is nobody's */
    else
        k->draft.number = rq->args[0];
    if (!names || read_body(rq, names, &k->draft, &err))
        web_write(rq, call_fn, k, called);
    else
        req_fail(rq, &err);
}

void notes_api_post(struct req *rq) { begin(rq, API_ADD, false, "text internal mentions"); }
void note_api_patch(struct req *rq) { begin(rq, API_EDIT, true, "text"); }
void note_api_withdraw(struct req *rq) { begin(rq, API_WITHDRAW, true, NULL); }
void follow_api_put(struct req *rq) { begin(rq, API_FOLLOW, false, NULL); }
void follow_api_delete(struct req *rq) { begin(rq, API_UNFOLLOW, false, NULL); }

void mentions_api(struct req *rq)
{
    struct buf out = BUF_INIT;
    struct mention_of_member_row *row;
    struct entry e;
    struct note n;
    struct err err;
    size_t count;
    if (!q_mention_of_member(rq->db, rq->arena, &(struct mention_of_member_in){ rq->actor->office_id, rq->actor->member_id, PAGE_MAX }, &row, &count, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_arr(&out);
    for (size_t i = 0; i < count; i++) {
        if (!notes_fetch(rq->db, rq->arena, rq->actor, row[i].id, &e, &n, NULL))
            continue;
        json_obj(&out);
        json_put_int(&out, "note", n.id);
        json_put_str(&out, "number", e.number);
        json_put_str(&out, "title", e.title);
        json_put_str(&out, "author", n.author);
        json_put_instant(&out, "at", n.at);
        json_put_str(&out, "text", n.text);
        json_put_bool(&out, "unread", row[i].unread != 0);
        json_obj_end(&out);
    }
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

void following_api(struct req *rq)
{
    struct buf out = BUF_INIT;
    struct follow_of_member_row *row;
    struct entry e;
    struct err err;
    size_t count;
    if (!q_follow_of_member(rq->db, rq->arena, &(struct follow_of_member_in){ rq->actor->office_id, rq->actor->member_id, FOLLOWS_MAX }, &row, &count, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_arr(&out);
    for (size_t i = 0; i < count; i++) {
        if (!entry_fetch(rq->db, rq->arena, rq->actor, row[i].number, &e, NULL))
            continue;
        json_obj(&out);
        json_put_str(&out, "number", e.number);
        json_put_str(&out, "title", e.title);
        json_put_str(&out, "state", entry_state_code(e.state));
        json_put_int(&out, "changes", row[i].version - row[i].seen_n);
        json_obj_end(&out);
    }
    json_arr_end(&out);
    req_json(rq, 200, &out);
}
