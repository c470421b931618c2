/* What the files of this slice share and nobody else sees. */
#ifndef WHS_NOTES_INSIDE_H
#define WHS_NOTES_INSIDE_H

#include "notes_queries.h"
#include "office/face.h"
#include "office/notes/notes.h"

struct note_view {
    struct note n;
    bool may_edit, may_withdraw, withdrawn;
    struct str csrf, trace;                      /* trace: who withdrew it, when */
};

/* The block on an entry's page, and the page of its notes. */
struct notes_page {
    struct frame frame;
    struct str number, title, csrf, why, typed;
    struct note_view *note;
    size_t n;
    bool section, internal, follows, news, whole;
    struct note_person *person;                  /* the page: whom a note here may mention */
    size_t n_persons;
};

struct mention_view { int64_t id; struct str number, title, author, text; instant_t at; bool unread, withdrawn; };
struct news_view { struct str number, title, what; bool news; struct str csrf; };
struct news_block {                              /* today's page, /mentions and /following */
    struct frame frame;
    struct mention_view *mention;
    size_t n_mentions;
    struct news_view *entry;
    size_t n_entries;
    struct str csrf;
    bool more, any_news;
};

enum { NEWS_SHOWN = 5, NEWS_READ = 21, PAGE_MAX = 100 };
bool notes_put_block(struct req *rq, const struct entry *e, struct html *out, struct err *err);
bool notes_put_today(struct req *rq, struct html *out, struct err *err);
bool notes_page_make(struct req *rq, const struct entry *e, struct notes_page *v, struct err *err);
/* What happened to a followed entry since, in few words: 反馈 5月9日 · 延期 5月8日. */
struct str notes_since(struct req *rq, const struct entry *e, int64_t seen_n);
struct str notes_short(struct req *rq, struct str text);

void notes_get(struct req *rq);
void notes_post(struct req *rq);
void note_edit_post(struct req *rq);
void note_withdraw_post(struct req *rq);
void follow_post(struct req *rq);
void mentions_get(struct req *rq);
void mention_open(struct req *rq);
void mentions_read(struct req *rq);
void following_get(struct req *rq);
void following_open(struct req *rq);
void following_seen(struct req *rq);
void notes_api(struct req *rq);
void notes_api_post(struct req *rq);
void note_api_patch(struct req *rq);
void note_api_withdraw(struct req *rq);
void follow_api_put(struct req *rq);
void follow_api_delete(struct req *rq);
void mentions_api(struct req *rq);
void following_api(struct req *rq);
void notes_put_json(struct buf *b, const struct note *n);

bool notes_mentions_seen(struct txn *t, const struct actor *actor, struct err *err);
bool notes_all_followed_seen(struct txn *t, const struct actor *actor, struct err *err);

enum { NOTES_ROUTES = 19, NOTES_SCHEMAS = 3, NOTES_COMMANDS = 2 };
extern const struct route notes_routes[NOTES_ROUTES];
extern const struct schema notes_schemas[NOTES_SCHEMAS];
extern const struct command notes_commands[NOTES_COMMANDS];
bool notes_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#endif
