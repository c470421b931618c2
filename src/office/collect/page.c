/* 收表: the list, and the board of a round. */
#include "office/collect/page.h"

#include "base/num.h"
#include "collect_html.h"

/* --- shared --------------------------------------------------------------------------------------------------------------------------- */

struct str collect_base(struct req *rq, int64_t id, int64_t round) { return arena_printf(rq->arena, "/collects/%lld/rounds/%lld", (long long)id, (long long)round); }

bool collect_address(struct req *rq, int64_t *id, int64_t *round, struct err *err)
{
    if (!num_range(rq->args[0], 1, INT64_MAX, id) || (rq->args[1].p && !num_range(rq->args[1], 1, INT64_MAX, round)))
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NONE, NULL);
    return true;
}

void collect_state(const struct collect_answer *a, int *msg, const char **css, const char **glyph)
{
    static const char *const CSS[] = { "", "", "green", "red", "green" }, *const GLYPH[] = { "", "", "✓", "↩", "✓" };
    *msg = answer_msg(a->state, a->zero);
    *css = CSS[a->state];
    *glyph = GLYPH[a->state];
}

struct str collect_joined(struct req *rq, const struct str *names, size_t n)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%.*s", i ? "、" : "", STR_ARG(names[i]));
    return b.n ? arena_str(rq->arena, buf_view(&b)) : STR("");
}

struct str collect_every_say(struct arena *a, enum lang lang, struct str every)
{
    static const int MSG[] = { [RECUR_DAY] = M_COLLECT_EVERY_DAY, [RECUR_WORKDAY] = M_COLLECT_EVERY_WORKDAY, [RECUR_WEEK] = M_COLLECT_EVERY_WEEK, [RECUR_MONTH] = M_COLLECT_EVERY_MONTH };
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct recur r;
    if (every.n == 0 || !recur_read(every, &r))
        return str_c(tr_text(lang, M_COLLECT_ONCE));
    int msg = (size_t)r.every < ARRAY_LEN(MSG) ? MSG[r.every] : 0;
    if (msg == 0 || r.interval != 1)
        return every;
    buf_c(&b, tr_text(lang, msg));
    for (int i = 0; r.every == RECUR_WEEK && i < 7; i++)
        if (r.weekdays >> i & 1)
            buf_printf(&b, " %s", tr_text(lang, M_BASE_WEEKDAY_1 + i));
    for (int i = 0; r.every == RECUR_MONTH && i < 31; i++)
        if (r.month_days >> i & 1)
            buf_printf(&b, lang == LANG_ZH ? "%d日" : " %d", i + 1);
    if (r.n_minutes)
        buf_printf(&b, " %02d:%02d", r.minute[0] / 60, r.minute[0] % 60);
    return arena_str(a, buf_view(&b));
}

struct collect_item collect_item_of(struct req *rq, const struct lights *l, const struct collect_line *k)
{
    struct collect_item v = { .id = k->id, .asked = k->asked, .answered = k->answered, .zero = k->zero, .missing = k->asked - k->answered - k->zero, .title = k->title,
                              .every = collect_every_say(rq->arena, rq->lang, k->every), .ended = k->ended, .any = k->any, .sent = k->sent, .day = k->day };
    v.full = v.any && v.missing == 0;
    face_due(rq, l, k->any ? k->due : INSTANT_NONE, !k->sent && v.missing > 0, &v.due);
    return v;
}

struct ask_item collect_ask_of(struct req *rq, const struct lights *l, const struct collect_ask *k)
{
    struct collect_answer a = { .state = k->state, .zero = k->zero };
    struct ask_item v = { .href = arena_printf(rq->arena, "/collects/%lld/rounds/%lld/units/%lld", (long long)k->id, (long long)k->round, (long long)k->party_id),
                          .title = k->title, .day = k->day, .reopened = k->reopened, .urged = k->urged };
    bool open = k->reopened || collect_count_of(k->state, k->zero) == COUNT_MISSING;
    collect_state(&a, &v.state, &v.css, &v.glyph);
    face_due(rq, l, k->due, open, &v.due);
    return v;
}

/* --- the list -------------------------------------------------------------------------------------------------------------------------------- */

static bool read_lines(struct req *rq, const struct lights *l, struct collects_page *v, struct err *err)
{
    struct collect_line *k;
    day_t before;
    if (!date_read_iso(req_query(rq, "before"), &before, NULL))
        before = INT32_MAX;
    if (!collect_list(rq->db, rq->arena, rq->actor, before, COLLECTS_SHOWN + 1, &k, &v->n, err))
        return false;
    v->line = arena_array(rq->arena, struct collect_item, v->n + 1);
    for (size_t i = 0; i < v->n; i++)
        v->line[i] = collect_item_of(rq, l, &k[i]);
    if (v->n <= COLLECTS_SHOWN)
        return true;
    v->n = COLLECTS_SHOWN;
    v->next = arena_printf(rq->arena, "/collects?before=%.*s", STR_ARG(face_iso_day(rq, k[COLLECTS_SHOWN].newest)));
    return true;
}

static bool read_asks(struct req *rq, const struct lights *l, bool waiting, struct ask_item **ret, size_t *n, struct err *err)
{
    size_t cap = 0;
    *n = 0;
    for (int i = 0; i < rq->actor->n_parties; i++) {
        struct collect_ask *k;
        size_t n_k;
        if (rq->actor->parties[i] == rq->actor->party_id)
            continue;
        int64_t party = rq->actor->parties[i];
        if (!(waiting ? collect_waits(rq->db, rq->arena, rq->actor->office_id, party, 0, INT64_MAX, COLLECTS_SHOWN, &k, &n_k, err)
                      : collect_asks(rq->db, rq->arena, rq->actor->office_id, party, INT64_MAX, COLLECTS_SHOWN, &k, &n_k, err)))
            return false;
        for (size_t j = 0; j < n_k; j++)
            if (waiting || collect_count_of(k[j].state, k[j].zero) != COUNT_MISSING)
                arena_push(rq->arena, *ret, *n, cap) = collect_ask_of(rq, l, &k[j]);
    }
    return true;
}

void collects_get(struct req *rq)
{
    struct collects_page *v = arena_new(rq->arena, struct collects_page);
    struct lights l = face_lights(rq);
    struct err err;
    v->section = actor_is(rq->actor, ROLE_SECTION);
    v->unit = actor_is(rq->actor, ROLE_LIAISON);
    bool ok = v->unit ? read_asks(rq, &l, true, &v->wait, &v->n_wait, &err) && read_asks(rq, &l, false, &v->past, &v->n_past, &err) : read_lines(rq, &l, v, &err);
    if (!ok) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/collects", FACE_SAY(rq, M_NAV_COLLECTS));
    struct html out = req_page(rq);
    html_collects(&out, v);
    req_html(rq, 200, &out);
}

/* --- the board ---------------------------------------------------------------------------------------------------------------------------------- */

static int ladder_msg(enum ladder l)
{
    static const int MSG[] = { 0, M_COLLECT_LADDER_GROUP, M_COLLECT_LADDER_CALL, M_COLLECT_LADDER_HEAD };
    return MSG[l];
}

static struct str when(struct req *rq, instant_t at)
{
    if (at == INSTANT_NONE)
        return STR_NULL;
    struct html h = HTML_INIT(rq->lang);
    day_t day = instant_day(at);
    if (date_civil(day).year == date_civil(rq->today).year || rq->lang == LANG_EN)
        (rq->lang == LANG_EN ? html_put_date : html_put_day_short)(&h, day);
    else
        buf_printf(&h.buf, "%d年%d月%d日", date_civil(day).year, date_civil(day).month, date_civil(day).day);
    buf_ch(&h.buf, ' ');
    html_put_time(&h, at);
    struct str s = arena_str(rq->arena, buf_view(&h.buf));
    html_release(&h);
    return s;
}

static bool read_rows(struct req *rq, struct board_page *v, struct err *err)
{
    struct collect_answer *a;
    struct str *names;
    size_t n_names = 0;
    if (!collect_answers(rq->db, rq->arena, rq->actor->office_id, &v->r, &a, &v->n_rows, err))
        return false;
    v->row = arena_array(rq->arena, struct board_row, v->n_rows + 1);
    names = arena_array(rq->arena, struct str, v->n_rows + 1);
    int64_t count[3] = { 0 };
    for (size_t i = 0; i < v->n_rows; i++) {
        struct board_row *b = &v->row[i];
        enum count c = collect_count_of(a[i].state, a[i].zero);
        *b = (struct board_row){ .a = a[i], .when = when(rq, a[i].at), .missing = c == COUNT_MISSING,
                                 .href = arena_printf(rq->arena, "%.*s/units/%lld", STR_ARG(v->base), (long long)a[i].party_id) };
        collect_state(&a[i], &b->state, &b->css, &b->glyph);
        count[c]++;
        b->may_accept = v->section && a[i].state == ANSWER_DONE && !a[i].reopened;
        b->may_urge = v->section && b->missing && !v->r.sent;
        b->step = b->may_urge ? ladder_msg(ladder_step(rq->now, v->r.due, a[i].urged)) : 0;
        v->n_done += b->may_accept;
        if (b->missing)
            names[n_names++] = a[i].unit;
    }
    v->missing = count[COUNT_MISSING];
    v->holds = v->r.asked == (int64_t)v->n_rows && v->r.answered == count[COUNT_ANSWERED] && v->r.zero == count[COUNT_ZERO];
    v->missing_names = collect_joined(rq, names, n_names);
    v->open_names = collect_gap_names(rq->arena, a, v->n_rows, false, v->n_rows, &v->n_open);
    return true;
}

static bool read_rounds(struct req *rq, struct board_page *v, struct err *err)
{
    struct collect_round *r;
    int64_t before = INT64_MAX;
    num_range(req_query(rq, "before"), 1, INT64_MAX, &before);
    if (!collect_rounds(rq->db, rq->arena, rq->actor->office_id, v->c.id, before, ROUNDS_SHOWN, &r, &v->n_rounds, err))
        return false;
    v->round = arena_array(rq->arena, struct round_item, v->n_rounds + 1);
    for (size_t i = 0; i < v->n_rounds; i++)
        v->round[i] = (struct round_item){ v->c.id, r[i].n, r[i].asked, r[i].answered, r[i].zero, collect_missing(&r[i]), r[i].day, r[i].sent, r[i].n == v->r.n, r[i].due };
    return true;
}

static int act_msg(struct str verb)
{
    static const struct { const char *verb; int msg; } WORDS[] = {
        { "urge", M_COLLECT_URGE }, { "return", M_COLLECT_RETURN }, { "accept", M_COLLECT_ACCEPT }, { "reopen", M_COLLECT_REOPEN }, { "send", M_COLLECT_SEND },
        { "unmask", M_COLLECT_UNMASK }, { "export", M_COLLECT_EXPORT_CLEAR },
    };
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        if (str_eqc(verb, WORDS[i].verb))
            return WORDS[i].msg;
    return M_COLLECT_URGE;
}

enum { DIGEST_SHOWN = 12 };                      /* characters of a SHA-256 on screen; the whole stands in the title and on paper */

static bool read_history(struct req *rq, struct board_page *v, struct err *err)
{
    struct act_row *a;
    struct sheet_row *s;
    if (!q_collect_acts(rq->db, rq->arena, &(struct collect_acts_in){ rq->actor->office_id, v->c.id, v->r.n }, &a, &v->n_acts, err) ||
        !q_collect_sheets(rq->db, rq->arena, &(struct collect_sheets_in){ rq->actor->office_id, v->c.id, v->r.n }, &s, &v->n_sheets, err))
        return false;
    v->act = arena_array(rq->arena, struct act_item, v->n_acts + 1);
    for (size_t i = 0; i < v->n_acts; i++)
        v->act[i] = (struct act_item){ a[i].unit, a[i].by, a[i].text, act_msg(a[i].verb), a[i].at, a[i].n, a[i].party_id != 0,
                                        str_eqc(a[i].verb, "send"), a[i].text };
    for (size_t i = 0; i < v->n_acts; i++) {
        ptrdiff_t at = str_find(v->act[i].text, STR(" sha256:"));
        if (v->act[i].sheet && at >= 0)
            v->act[i].text = arena_printf(rq->arena, "%.*s…", (int)at + 8 + DIGEST_SHOWN, v->act[i].text.p);
    }
    v->sheet = arena_array(rq->arena, struct sheet_item, v->n_sheets + 1);
    for (size_t i = 0; i < v->n_sheets; i++)
        v->sheet[i] = (struct sheet_item){ v->c.id, v->r.n, s[i].n, s[i].at, s[i].by, s[i].sent_to, s[i].sha256, str_sub(s[i].sha256, 0, DIGEST_SHOWN), s[i].n > 1 };
    return true;
}

/* n = 0: the newest round, if there is one already. */
static bool board_read(struct req *rq, int64_t id, int64_t n, struct board_page *v, struct err *err)
{
    struct blank *k = arena_new(rq->arena, struct blank);
    struct lights l = face_lights(rq);
    if (!collect_get(rq->db, rq->arena, rq->actor, id, &v->c, err))
        return false;
    v->every = collect_every_say(rq->arena, rq->lang, v->c.every);
    v->section = collect_keeps(rq->actor, &v->c);
    if (n == 0 && v->c.rounds == 0)
        return true;
    if (!collect_round_get(rq->db, rq->arena, rq->actor, id, n, &v->c, &v->r, err) || !collect_blank(rq->db, rq->arena, rq->actor->office_id, id, v->r.form, k, err))
        return false;
    v->any = true;
    v->base = collect_base(rq, id, v->r.n);
    v->personal = blank_personal(k);
    if (!read_rows(rq, v, err) || !read_rounds(rq, v, err) || !read_history(rq, v, err))
        return false;
    face_due(rq, &l, v->r.due, !v->r.sent && v->missing > 0, &v->due);
    v->may_urge = v->section && v->missing > 0 && !v->r.sent;
    v->may_accept = v->section && v->n_done > 0;
    v->may_send = v->section;
    v->call = FACE_SAY(rq, M_COLLECT_CALL, A_INSTANT(v->r.due), A_STR(v->c.title), A_STR(v->missing_names));
    return true;
}

static void board_show(struct req *rq, struct board_page *v, int status)
{
    face_frame(rq, &v->frame, "/collects", v->c.title);
    struct html out = req_page(rq);
    html_collect_board(&out, v);
    req_html(rq, status, &out);
}

/* A unit is led to its own answer. */
static bool to_own(struct req *rq, int64_t id, int64_t n)
{
    struct collect c;
    struct collect_round r;
    struct collect_answer a;
    struct err err;
    if (!collect_round_get(rq->db, rq->arena, rq->actor, id, n, &c, &r, &err)) {
        req_fail(rq, &err);
        return true;
    }
    if (collect_sees_all(rq->actor, &c))
        return false;
    for (int i = 0; i < rq->actor->n_parties; i++)
        if (collect_answer_get(rq->db, rq->arena, rq->actor, &c, &r, rq->actor->parties[i], &a, &err)) {
            req_redirect(rq, "%.*s/units/%lld", STR_ARG(collect_base(rq, id, r.n)), (long long)a.party_id);
            return true;
        }
    req_fail(rq, &err);
    return true;
}

static void board(struct req *rq, int64_t id, int64_t n)
{
    struct board_page *v = arena_new(rq->arena, struct board_page);
    struct err err;
    if (actor_is(rq->actor, ROLE_LIAISON) && to_own(rq, id, n))
        return;
    if (board_read(rq, id, n, v, &err))
        board_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

void collect_newest_get(struct req *rq)
{
    int64_t id = 0, n = 0;
    struct err err;
    if (collect_address(rq, &id, &n, &err))
        board(rq, id, 0);
    else
        req_fail(rq, &err);
}

void collect_board_get(struct req *rq)
{
    int64_t id = 0, n = 0;
    struct err err;
    if (collect_address(rq, &id, &n, &err))
        board(rq, id, n);
    else
        req_fail(rq, &err);
}

/* --- acts ------------------------------------------------------------------------------------------------------------------------------------------- */

struct act_write { int64_t id, round, party_id, n; struct str verb, text; bool back, gaps_ok; };

static bool act_fn(struct txn *t, void *args, struct err *err)
{
    struct act_write *w = args;
    struct actor actor;
    enum answer_verb verb;
    if (!web_actor(t, &actor, err))
        return false;
    if (str_eqc(w->verb, "urge"))
        return collect_urge(t, &actor, w->id, w->round, w->party_id, w->text, &w->n, err);
    if (str_eqc(w->verb, "accept_all"))
        return collect_accept_all(t, &actor, w->id, w->round, &w->n, err);
    if (str_eqc(w->verb, "send"))
        return collect_send(t, &actor, w->id, w->round, &(struct collect_send){ w->text, w->gaps_ok }, &w->n, err);
    if (!verb_of_code(w->verb, &verb) || verb < ANSWER_RETURN)
        return err_fail(err, ERR_INPUT, M_COLLECT_BAD_VERB, "verb", A_STR(w->verb));
    return collect_judge(t, &actor, w->id, w->round, w->party_id, verb, w->text, err);
}

static void act_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct act_write *w = args;
    struct board_page *v = arena_new(rq->arena, struct board_page);
    struct err failed;
    if (ok && w->back) {
        req_redirect(rq, "%.*s/units/%lld", STR_ARG(collect_base(rq, w->id, w->round)), (long long)w->party_id);
    } else if (ok) {
        req_redirect(rq, "%.*s", STR_ARG(collect_base(rq, w->id, w->round)));
    } else if (err->kind == ERR_NOT_FOUND || !board_read(rq, w->id, w->round, v, &failed)) {
        req_fail(rq, err);
    } else {
        v->why = face_sentence(rq, err);
        v->to = str_eqc(w->verb, "send") ? w->text : STR_NULL;
        board_show(rq, v, err_http(err));
    }
}

void collect_act_post(struct req *rq)
{
    struct act_write *w = arena_new(rq->arena, struct act_write);
    struct str unit = req_form(rq, "unit"), urge = req_form(rq, "urge"), accept = req_form(rq, "accept");
    struct err err;
    w->verb = urge.n ? STR("urge") : accept.n ? STR("accept") : req_form(rq, "verb");
    unit = urge.n ? urge : accept.n ? accept : unit;             /* a row's button says verb and unit at once */
    if (unit.n && !num_range(unit, 1, INT64_MAX, &w->party_id))
        w->party_id = -1;                        /* nobody's: not found */
    if (!collect_address(rq, &w->id, &w->round, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->text = req_form(rq, "text");
    w->back = req_form(rq, "back").n > 0;
    w->gaps_ok = req_form(rq, "missing_ok").n > 0;
    web_write(rq, act_fn, w, act_answer);
}
