/* Sheets out by the ledger's own filters; apart, because the ledger's tables and those of files bear the same names. */
#ifndef WHS_SHEET_SEND_H
#define WHS_SHEET_SEND_H

#include "office/entry/entry.h"
#include "web/web.h"

void sheet_send(struct req *rq, const struct entry_filter *f, bool xlsx, bool words);      /* words: for people */
void sheet_csv_get(struct req *rq);
void sheet_xlsx_get(struct req *rq);

#endif
