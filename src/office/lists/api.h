#ifndef WHS_LISTS_API_H
#define WHS_LISTS_API_H

#include "office/lists/inside.h"

void api_entries_get(struct req *rq);
void api_lists_get(struct req *rq);
void api_lists_post(struct req *rq);
void api_list_patch(struct req *rq);
void api_columns_post(struct req *rq);
void api_column_patch(struct req *rq);
void api_members_get(struct req *rq);
void api_members_post(struct req *rq);
void api_values_patch(struct req *rq);
void api_views_get(struct req *rq);
void api_views_post(struct req *rq);
void api_view_patch(struct req *rq);
void api_bulk_post(struct req *rq);
void api_bulk_undo(struct req *rq);

struct entry_when api_when(struct req *rq);
/* asks: the conditions a route takes, NULL at the end. What the next page's address repeats is put into next. */
bool api_page(struct req *rq, const char *const *asks, struct entry_filter *f, struct buf *next, struct err *err);
void api_next(struct req *rq, const char *path, const struct buf *next, const struct entry_filter *f, const struct entry_line *lines, size_t n);

/* A list as the API and --json tell it. */
bool lists_put_json(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct buf *b, struct err *err);

#endif
