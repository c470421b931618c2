/* Sheets out, for the ledger's page and the API, and one in. */
#include "base/num.h"
#include "calendar/date.h"
#include "office/lists/lists.h"
#include "office/sheet/inside.h"
#include "office/sheet/page.h"

static const char TYPE_CSV[] = "text/csv; charset=utf-8", TYPE_XLSX[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

void sheet_send(struct req *rq, const struct entry_filter *f, bool xlsx, bool words)
{
    struct buf out = BUF_INIT;
    struct err err;
    if (!sheet_export(rq->db, rq->actor, f, &(struct sheet_shape){ rq->lang, xlsx, words }, &out, &err)) {
        buf_release(&out);
        req_fail(rq, &err);
        return;
    }
    struct civil c = date_civil(rq->today);
    req_file(rq, &out, xlsx ? TYPE_XLSX : TYPE_CSV,
             arena_printf(rq->arena, "%s-%04d%02d%02d.%s", tr_text(rq->lang, M_SHEET_ENTRIES), c.year, c.month, c.day, xlsx ? "xlsx" : "csv"), false, false);
}

static void export_api(struct req *rq, bool xlsx)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_when when = list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today);
    struct err err;
    for (const char *const *name = entry_conditions; *name; name++) {
        struct str v = req_query(rq, *name);
        if (v.n && !list_condition(rq->db, rq->arena, rq->actor, &when, str_c(*name), v, &f, &err)) {
            req_fail(rq, &err);
            return;
        }
    }
    sheet_send(rq, &f, xlsx, false);
}

void sheet_api_csv(struct req *rq) { export_api(rq, false); }
void sheet_api_xlsx(struct req *rq) { export_api(rq, true); }

/* --- in ------------------------------------------------------------------------------------------------------------------------------- */

struct importing {
    struct sheet_take take;                      /* first: it is the write's argument */
    struct sheet_plan plan;
    struct sheet_result look;
    struct problems problems;
};

static void answer(struct req *rq, struct importing *m, bool dry)
{
    struct buf b = BUF_INIT;
    sheet_json(&b, &m->look, dry);
    req_json(rq, 200, &b);
    buf_release(&m->look.copy);
    problems_release(&m->problems);
}

static void refuse(struct req *rq, struct importing *m, const struct err *err)
{
    if (m->problems.n)
        req_fail_all(rq, &m->problems);
    else
        req_fail(rq, err);
    buf_release(&m->look.copy);
    problems_release(&m->problems);
}

static void import_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct importing *m = args;
    if (ok)
        answer(rq, m, false);
    else
        refuse(rq, m, err);
}

static bool flag(struct req *rq, const char *name) { return str_eqc(req_query(rq, name), "true") || str_eqc(req_query(rq, name), "1"); }

void sheet_api_import(struct req *rq)
{
    struct importing *m = arena_new(rq->arena, struct importing);
    struct err err;
    bool dry = flag(rq, "dry_run");
    if (rq->http->body.n == 0) {
        err_fail(&err, ERR_INPUT, M_SHEET_NO_FILE, NULL);
        req_fail(rq, &err);
        return;
    }
    m->plan = (struct sheet_plan){ .map = req_query(rq, "map"), .kind = req_query(rq, "kind"), .source = req_query(rq, "source"), .received = req_query(rq, "received"),
                                   .create = flag(rq, "create_units"), .again = flag(rq, "again"), .seen = req_query(rq, "seen"), .name = STR("api") };
    int64_t year = 0;
    if (req_query(rq, "year").n && !num_range(req_query(rq, "year"), 1990, 2199, &year)) {
        err_fail(&err, ERR_INPUT, M_SHEET_BAD_YEAR, "year", A_STR(req_query(rq, "year")));
        req_fail(rq, &err);
        return;
    }
    m->plan.year = (int)year;
    const struct sheet_ask ask = { .store = rq->store, .db = rq->db, .arena = rq->arena, .actor = rq->actor, .bytes = rq->http->body, .plan = &m->plan };
    if (!sheet_look(&ask, &m->look, &m->problems, &err)) {
        refuse(rq, m, &err);
    } else if (dry || (m->look.fresh == 0 && m->look.edits == 0)) {
        answer(rq, m, dry);
    } else {
        sheet_take_of(&ask, &m->look, &m->take);
        if (m->look.copy.n)                      /* fn may run again after the answer was made */
            m->take.bytes = arena_str(rq->arena, buf_view(&m->look.copy));
        m->take.plan.seen = m->plan.seen.n ? m->plan.seen : m->look.seen;
        m->take.problems = &m->problems;
        web_write_alone(rq, sheet_take_fn, &m->take, import_answer);
    }
}
