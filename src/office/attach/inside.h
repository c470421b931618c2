/* What the files of this slice share and nobody else sees. */
#ifndef WHS_ATTACH_INSIDE_H
#define WHS_ATTACH_INSIDE_H

#include "attach_queries.h"
#include "office/attach/attach.h"

enum { ATTACH_BODY_MAX = 52 * 1024 * 1024, ATTACH_SCHEMAS = 3, ATTACH_COMMANDS = 2 };

extern const struct schema attach_schemas[ATTACH_SCHEMAS];
extern const struct command attach_commands[ATTACH_COMMANDS];
#define ENTRY_OWNER(e) ((struct attach_owner){ "entry", (e)->id })
enum { ATTACH_READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

/* --- an upload (upload.c): rights and files are looked at, the blobs are put on the pool, the rows are written together, then `then` answers ------- */
struct upload {
    struct str number;
    struct attach_file *file;
    size_t n;
    uint8_t (*sha256)[32];
    int64_t *id;
    struct store *store;
    int64_t office_id, member_id;
    struct err err;
    bool ok;                                     /* the blobs are there; else err tells */
    void (*then)(struct req *rq, struct upload *u, const struct err *err);         /* err NULL: done */
};
void attach_upload(struct req *rq, void (*then)(struct req *rq, struct upload *u, const struct err *err));

struct removal { struct str number, reason; int64_t id; };
bool attach_remove_fn(struct txn *t, void *args, struct err *err);

/* The entry and its attachment of the path /…/{number}/attachments/{id}. */
bool attach_of_path(struct req *rq, struct entry *e, struct attachment *x, struct err *err);
void attach_file_get(struct req *rq);            /* sends the bytes; ?show=1: pictures and pdf to be seen */

/* --- handlers (routes: slice.c) --------------------------------------------------------------------------------------------------------- */
void attach_api_all(struct req *rq);
void attach_api_post(struct req *rq);
void attach_api_remove(struct req *rq);
void attach_list_get(struct req *rq);
void attach_upload_post(struct req *rq);
void attach_view_get(struct req *rq);
void attach_remove_post(struct req *rq);
void attach_settings_get(struct req *rq);
void attach_settings_post(struct req *rq);
bool attach_block(struct req *rq, const struct entry *e, struct html *out, struct err *err);
bool attach_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#endif
