/* whs calendar import|show: a year's arrangement, read, shown with what it would move, and taken. */
#include "base/json.h"
#include "base/num.h"
#include "office/workcal/inside.h"

#define SAY(c, msg, ...) \
    tr(&(c)->out, (c)->lang, (msg), (const struct arg[]){ { 0 }, ##__VA_ARGS__ } + 1, (int)ARRAY_LEN(((const struct arg[]){ { 0 }, ##__VA_ARGS__ })) - 1)

/* --- a year ---------------------------------------------------------------------------------------------------------------------- */

static void put_span(struct cmd *c, const struct workcal_span *s)
{
    buf_c(&c->out, "  ");
    date_put_zh(&c->out, s->first);
    if (s->days > 1) {
        buf_c(&c->out, c->lang == LANG_ZH ? "至" : " – ");
        date_put_zh(&c->out, s->last);
    }
    buf_printf(&c->out, " %.*s ", STR_ARG(s->name));
    if (s->works)
        buf_c(&c->out, tr_text(c->lang, M_WORKCAL_MAKEUP));
    else
        SAY(c, M_WORKCAL_DAYS_OFF, A_INT(s->days));
    if (s->own)
        buf_printf(&c->out, " %s", tr_text(c->lang, M_WORKCAL_OWN));
    buf_ch(&c->out, '\n');
}

static void put_days_json(struct cmd *c, const struct workcal_span *s, size_t n)
{
    json_key(&c->out, "days");
    json_arr(&c->out);
    for (size_t i = 0; i < n; i++)
        for (day_t d = s[i].first; d <= s[i].last; d++) {
            struct buf day _cleanup_(buf_release) = BUF_INIT;
            date_put_iso(&day, d);
            json_obj(&c->out);
            json_put_str(&c->out, "date", buf_view(&day));
            json_put_str(&c->out, "kind", s[i].works ? STR("makeup-workday") : STR("holiday"));
            json_put_str(&c->out, "name", s[i].name);
            json_put_bool(&c->out, "own", s[i].own);
            json_obj_end(&c->out);
        }
    json_arr_end(&c->out);
}

static int run_show(struct cmd *c)
{
    struct err err;
    const struct workdays *w;
    struct str source;
    int64_t year;
    size_t n;
    if (c->argc != 2)
        return cmd_usage(c, &workcal_commands[1]);
    if (!num_range(c->argv[1], DATE_YEAR_MIN, DATE_YEAR_MAX, &year)) {
        err_fail(&err, ERR_INPUT, M_WORKCAL_NOT_A_YEAR, NULL, A_STR(c->argv[1]));
        return cmd_fail(c, &err);
    }
    if (!workcal_get(c->db, c->arena, c->office_id, &w, &err) || !workcal_source(c->db, c->arena, (int)year, &source, &err))
        return cmd_fail(c, &err);
    struct workcal_span *s = workcal_spans(w, c->arena, (int)year, &n);
    if (c->json) {
        json_obj(&c->out);
        json_put_int(&c->out, "year", year);
        json_put_bool(&c->out, "presumed", !workdays_covered(w, (int)year));
        json_put_str(&c->out, "source", source);
        json_put_str(&c->out, "edition", str_c(workdays_edition(w)));
        put_days_json(c, s, n);
        json_obj_end(&c->out);
        buf_ch(&c->out, '\n');
        return 0;
    }
    SAY(c, workdays_covered(w, (int)year) ? M_WORKCAL_YEAR_COVERED : M_WORKCAL_YEAR_PRESUMED, A_INT(year));
    if (source.n)
        buf_printf(&c->out, c->lang == LANG_ZH ? "（%.*s）" : " (%.*s)", STR_ARG(source));
    buf_ch(&c->out, '\n');
    for (size_t i = 0; i < n; i++)
        put_span(c, &s[i]);
    return 0;
}

/* --- importing ---------------------------------------------------------------------------------------------------------------------- */

static void put_moves(struct cmd *c, const struct workcal_plan *p, bool moving)
{
    for (size_t i = 0; i < p->n_moves; i++) {
        const struct workcal_move *m = &p->moves[i];
        if ((m->fate == DUE_MOVES) != moving)
            continue;
        buf_c(&c->out, "  ");
        date_put_zh(&c->out, m->was);
        buf_c(&c->out, " → ");
        date_put_zh(&c->out, m->is);
        buf_printf(&c->out, " %.*s %.*s", STR_ARG(m->number), STR_ARG(m->title));
        if (m->unit)
            buf_printf(&c->out, " %s", tr_text(c->lang, M_WORKCAL_UNITS));
        if (m->fate == DUE_UNIT_LATER)
            buf_printf(&c->out, " %s", tr_text(c->lang, M_WORKCAL_STAYS_UNIT));
        buf_ch(&c->out, '\n');
    }
}

static void put_plan(struct cmd *c, const struct workcal_plan *p)
{
    SAY(c, p->own ? M_WORKCAL_PLAN_OWN : M_WORKCAL_PLAN, A_INT(p->notice.year), A_INT(p->off), A_INT(p->makeup), A_INT(p->changed));
    buf_ch(&c->out, '\n');
    for (size_t i = 0; i < p->n_spans; i++)
        put_span(c, &p->spans[i]);
    if (!p->own) {
        SAY(c, M_WORKCAL_FORMULA, A_INT(p->off_weekdays), A_INT(p->makeup), A_INT(p->off_weekdays - p->makeup), A_INT(p->statutory));
        buf_ch(&c->out, '\n');
    }
    for (int i = 0; i < p->doubts.n; i++) {
        buf_printf(&c->out, "%s%s", tr_text(c->lang, M_WORKCAL_DOUBT), c->lang == LANG_ZH ? "：" : ": ");
        tr_err(&c->out, c->lang, &p->doubts.err[i]);
        buf_ch(&c->out, '\n');
    }
    SAY(c, M_WORKCAL_MOVING, A_INT(p->n_moving));
    buf_ch(&c->out, '\n');
    put_moves(c, p, true);
    if (p->n_staying) {
        SAY(c, M_WORKCAL_STAYING, A_INT(p->n_staying));
        buf_ch(&c->out, '\n');
        put_moves(c, p, false);
    }
    if (p->n_unseen) {
        SAY(c, M_WORKCAL_UNSEEN, A_INT(p->n_unseen));
        buf_ch(&c->out, '\n');
    }
}

static void put_moves_json(struct cmd *c, const char *key, const struct workcal_plan *p, bool moving)
{
    json_key(&c->out, key);
    json_arr(&c->out);
    for (size_t i = 0; i < p->n_moves; i++) {
        const struct workcal_move *m = &p->moves[i];
        struct buf was _cleanup_(buf_release) = BUF_INIT, is _cleanup_(buf_release) = BUF_INIT;
        if ((m->fate == DUE_MOVES) != moving)
            continue;
        date_put_iso(&was, m->was);
        date_put_iso(&is, m->is);
        json_obj(&c->out);
        json_put_str(&c->out, "number", m->number);
        json_put_str(&c->out, "title", m->title);
        json_put_str(&c->out, "whose", m->unit ? STR("unit") : STR("ours"));
        json_put_str(&c->out, "from", buf_view(&was));
        json_put_str(&c->out, "to", buf_view(&is));
        if (!moving)
            json_put_str(&c->out, "why", m->fate == DUE_CONFIRMED ? STR("confirmed") : STR("unit_later"));
        json_obj_end(&c->out);
    }
    json_arr_end(&c->out);
}

static void put_plan_json(struct cmd *c, const struct workcal_plan *p, bool taken, int64_t moved)
{
    json_obj(&c->out);
    json_put_int(&c->out, "year", p->notice.year);
    json_put_bool(&c->out, "taken", taken);
    json_put_bool(&c->out, "known", p->held);
    json_put_str(&c->out, "source", p->source);
    json_put_int(&c->out, "off", p->off);
    json_put_int(&c->out, "makeup", p->makeup);
    json_put_int(&c->out, "off_weekdays", p->off_weekdays);
    json_put_int(&c->out, "statutory", p->statutory);
    json_put_int(&c->out, "changed", (int64_t)p->changed);
    put_days_json(c, p->spans, p->n_spans);
    json_key(&c->out, "doubts");
    json_arr(&c->out);
    for (int i = 0; i < p->doubts.n; i++) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        tr_err(&b, c->lang, &p->doubts.err[i]);
        json_str(&c->out, buf_view(&b));
    }
    json_arr_end(&c->out);
    put_moves_json(c, "moves", p, true);
    put_moves_json(c, "stays", p, false);
    json_put_int(&c->out, "unseen", (int64_t)p->n_unseen);
    json_put_int(&c->out, "moved", moved);
    json_obj_end(&c->out);
    buf_ch(&c->out, '\n');
}

/* Each with its place, and nothing is taken. */
static int say_problems(struct cmd *c, struct problems *p)
{
    for (int i = 0; i < p->n; i++) {
        p->err[i].field[0] = 0;                  /* the file is all there is */
        cmd_fail(c, &p->err[i]);
    }
    if (p->total > p->n) {
        tr(&c->err, c->lang, M_ENTRY_MORE_PROBLEMS, (struct arg[]){ A_INT(p->total - p->n) }, 1);
        buf_ch(&c->err, '\n');
    }
    return err_exit(&p->err[0]);
}

/* The calendar, then office after office; one that fails does not keep the others from theirs, and a later import moves the rest. */
static bool take(struct cmd *c, const struct workcal_plan *p, int64_t *moved, struct err *err)
{
    struct workcal_taking k = { p, c->office_id, c->actor.member_id };
    struct workcal_office *offices;
    size_t n;
    bool ok = true;
    if (!store_write_wait(c->store, p->own ? c->office_id : STORE_OFFICE_SHARED, c->actor.member_id, workcal_take, &k, err) ||
        !workcal_offices(c->db, c->arena, &c->actor, p->own, &offices, &n, err))
        return false;
    *moved = 0;
    for (size_t i = 0; i < n; i++) {
        struct workcal_moving m = { p->notice.year, 0 };
        struct err e;
        if (store_write_wait(c->store, offices[i].office_id, offices[i].member_id, workcal_move, &m, &e)) {
            *moved += m.moved;
        } else if (ok) {
            ok = false;
            *err = e;
        }
    }
    return ok;
}

static int import(struct cmd *c, struct workcal_plan *p, bool confirm, bool dry)
{
    bool doubtful = p->doubts.total && !confirm;
    int64_t moved = 0;
    struct err err;
    if (!p->good)
        return say_problems(c, &p->problems);
    if (!actor_is(&c->actor, ROLE_CALENDAR)) {
        err_fail(&err, ERR_DENIED, M_WORKCAL_ONLY_KEEPERS, NULL);
        return cmd_fail(c, &err);
    }
    if (!c->json)
        put_plan(c, p);
    if (!dry && !doubtful && !take(c, p, &moved, &err))
        return cmd_fail(c, &err);
    if (c->json) {
        put_plan_json(c, p, !dry && !doubtful, moved);
        return doubtful;
    }
    if (doubtful)
        SAY(c, M_WORKCAL_NOT_CONFIRMED);
    else if (dry)
        SAY(c, M_WORKCAL_DRY);
    else
        SAY(c, p->held ? M_WORKCAL_HELD : M_WORKCAL_TAKEN, A_INT(p->notice.year), A_INT(moved));
    buf_ch(&c->out, '\n');
    return doubtful;
}

static int run_import(struct cmd *c)
{
    bool confirm = cmd_flag(c, "--confirm"), dry = cmd_flag(c, "--dry-run"), own = cmd_flag(c, "--office-only");
    struct workcal_plan plan;
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, &workcal_commands[1]);
    int code = workcal_plan(c->db, c->arena, &c->actor, c->in, own, &plan, &err) ? import(c, &plan, confirm, dry) : cmd_fail(c, &err);
    workcal_plan_release(&plan);
    return code;
}

int workcal_run_calendar(struct cmd *c)
{
    bool shows = c->argc && str_eqc(c->argv[0], "show");
    for (int i = 0; i < c->argc; i++)            /* options may stand anywhere */
        if (str_eqc(c->argv[i], "import"))
            return run_import(c);
    return shows ? run_show(c) : cmd_usage(c, &workcal_commands[1]);
}
