#include "office/sheet/send.h"

#include "office/ledger/ledger.h"

static void send_filtered(struct req *rq, bool xlsx)
{
    struct entry_filter f;
    struct str columns;
    struct err err;
    if (ledger_filter(rq, &f, &columns, &err))
        sheet_send(rq, &f, xlsx, true);
    else
        req_fail(rq, &err);
}

void sheet_csv_get(struct req *rq) { send_filtered(rq, false); }
void sheet_xlsx_get(struct req *rq) { send_filtered(rq, true); }
