/* Reading xlsx, seen from outside the cage. Used by table.c alone; others read tables (table.h). */
#ifndef WHS_FORMAT_XLSX_H
#define WHS_FORMAT_XLSX_H

#include "format/table.h"

struct xlsx;

enum { XLSX_KEPT_MAX = 256 * 1024 * 1024 };

/* Starts the caged child. What it sends is checked here: order, lengths, UTF-8, kinds. */
bool xlsx_open(struct arena *a, struct str bytes, const struct table_ask *ask, struct xlsx **ret, struct err *err);
/* What the child sends is appended to b as it is read; more than XLSX_KEPT_MAX is ERR_LIMIT. Read again from there, no child is needed. */
void xlsx_keep(struct xlsx *x, struct buf *b);
void xlsx_open_kept(struct arena *a, struct str kept, struct xlsx **ret);
/* cells has room for TABLE_COLUMNS_MAX; texts are valid until the next call. */
bool xlsx_row(struct xlsx *x, struct table_cell *cells, struct table_row *ret, bool *end, struct err *err);
void xlsx_close(struct xlsx *x);
struct str xlsx_sheet(const struct xlsx *x);
const struct str *xlsx_sheets(const struct xlsx *x, int *n);
bool xlsx_column_hidden(const struct xlsx *x, int column);

#endif
