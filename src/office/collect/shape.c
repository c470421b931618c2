/* Collections as JSON. */
#include "calendar/date_json.h"
#include "messages.h"
#include "office/collect/inside.h"

static void put_counts(struct buf *b, int64_t asked, int64_t answered, int64_t zero)
{
    json_put_int(b, "asked", asked);
    json_put_int(b, "answered", answered);
    json_put_int(b, "zero", zero);
    json_put_int(b, "missing", asked - answered - zero);
}

void collect_put_line(struct buf *b, const struct collect_line *k)
{
    json_obj(b);
    json_put_int(b, "id", k->id);
    json_put_str(b, "title", k->title);
    json_put_str(b, "every", k->every);
    json_put_bool(b, "ended", k->ended);
    json_put_int(b, "rounds", k->rounds);
    json_put_day(b, "day", k->any ? k->day : DAY_NONE);
    json_put_instant(b, "deadline", k->any ? k->due : INSTANT_NONE);
    json_put_bool(b, "sent", k->sent);
    put_counts(b, k->asked, k->answered, k->zero);
    json_obj_end(b);
}

void collect_put_ask(struct buf *b, const struct collect_ask *k)
{
    json_obj(b);
    json_put_int(b, "id", k->id);
    json_put_int(b, "round", k->round);
    json_put_str(b, "title", k->title);
    json_put_day(b, "day", k->day);
    json_put_instant(b, "deadline", k->due);
    json_put_str(b, "state", answer_code(k->state));
    json_put_bool(b, "zero", k->zero);
    json_put_bool(b, "reopened", k->reopened);
    json_put_int(b, "urged", k->urged);
    json_obj_end(b);
}

static void put_columns(struct buf *b, const struct blank *k)
{
    static const char *const TYPE[] = { "text", "int", "decimal", "day", "choice", "yesno" };
    json_key(b, "columns");
    json_arr(b);
    for (int i = 0; i < k->n; i++) {
        const struct blank_column *c = &k->column[i];
        json_obj(b);
        json_put_str(b, "name", c->name);
        json_put_str(b, "type", str_c(TYPE[c->type]));
        json_put_int(b, "places", c->places);
        json_put_bool(b, "required", c->must);
        json_put_bool(b, "personal", c->personal);
        json_put_bool(b, "cumulative", c->cumulative);
        json_put_str(b, "help", c->help);
        json_obj_end(b);
    }
    json_arr_end(b);
}

bool collect_put_json(struct db *db, struct arena *a, int64_t office_id, const struct collect *c, struct buf *b, struct err *err)
{
    struct blank *k = arena_new(a, struct blank);
    struct buf form _cleanup_(buf_release) = BUF_INIT;
    if (!collect_blank(db, a, office_id, c->id, c->form, k, err))
        return false;
    blank_put(&form, k);
    json_obj(b);
    json_put_int(b, "id", c->id);
    json_put_str(b, "title", c->title);
    json_put_str(b, "about", c->about);
    json_put_str(b, "entry", c->entry);
    json_put_str(b, "every", c->every);
    json_put_int(b, "ahead", c->ahead);
    json_put_int(b, "many", c->many);
    json_put_bool(b, "zero", c->zero);
    json_put_bool(b, "ended", c->ended);
    json_put_int(b, "rounds", c->rounds);
    json_put_int(b, "version", c->version);
    json_put_str(b, "form", buf_view(&form));
    put_columns(b, k);
    json_obj_end(b);
    return true;
}

static void put_rows(struct buf *b, const struct blank *k, const struct str *cells, size_t n)
{
    json_key(b, "rows");
    json_arr(b);
    for (size_t r = 0; r < n; r++) {
        json_obj(b);
        for (int c = 0; c < k->n; c++) {
            json_str(b, k->column[c].name);
            buf_ch(b, ':');
            json_str(b, cells[r * (size_t)k->n + (size_t)c]);
        }
        json_obj_end(b);
    }
    json_arr_end(b);
}

static void put_answer(struct arena *a, struct buf *b, const struct collect_answer *k, const struct blank *blank)
{
    json_obj(b);
    json_put_str(b, "unit", k->unit);
    json_put_str(b, "state", answer_code(k->state));
    json_put_bool(b, "zero", k->zero);
    json_put_bool(b, "late", k->late);
    json_put_bool(b, "reopened", k->reopened);
    json_put_bool(b, "correction", k->corrected);
    json_put_int(b, "version", k->rev);
    json_put_int(b, "versions", k->n);
    json_put_instant(b, "at", k->at);
    json_put_str(b, "by", k->by);
    json_put_str(b, "said_by", k->said_by);
    json_put_str(b, "reason", k->reason);
    json_put_int(b, "urged", k->urged);
    json_put_instant(b, "urged_at", k->urged_at);
    json_put_int(b, "zeros", k->zeros);
    json_put_int(b, "warned", k->warned);
    if (blank) {
        size_t n;
        struct str *cells = body_cells(a, blank, k->body, &n);
        personal_mask(a, blank, cells, n, true);
        put_rows(b, blank, cells, n);
    }
    json_obj_end(b);
}

void collect_put_round_line(struct buf *b, const struct collect_round *r)
{
    json_obj(b);
    json_put_int(b, "round", r->n);
    json_put_day(b, "day", r->day);
    json_put_instant(b, "deadline", r->due);
    json_put_bool(b, "sent", r->sent);
    put_counts(b, r->asked, r->answered, r->zero);
    json_obj_end(b);
}

static bool put_sheets(struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, struct buf *b, struct err *err)
{
    struct sheet_row *s;
    size_t n;
    if (!q_collect_sheets(db, a, &(struct collect_sheets_in){ office_id, r->collect_id, r->n }, &s, &n, err))
        return false;
    json_key(b, "sent_sheets");
    json_arr(b);
    for (size_t i = 0; i < n; i++) {
        json_obj(b);
        json_put_int(b, "n", s[i].n);
        json_put_instant(b, "at", s[i].at);
        json_put_str(b, "by", s[i].by);
        json_put_str(b, "to", s[i].sent_to);
        json_put_str(b, "sha256", s[i].sha256);
        json_put_bool(b, "correction", s[i].n > 1);
        json_obj_end(b);
    }
    json_arr_end(b);
    return true;
}

bool collect_put_round(struct db *db, struct arena *a, const struct actor *actor, const struct collect *c, const struct collect_round *r, struct buf *b, struct err *err)
{
    struct blank *k = arena_new(a, struct blank);
    struct collect_answer *all, one;
    size_t n = 0;
    bool whole = collect_sees_all(actor, c);
    if (!collect_blank(db, a, actor->office_id, c->id, r->form, k, err) || (whole && !collect_answers(db, a, actor->office_id, r, &all, &n, err)))
        return false;
    json_obj(b);
    json_put_int(b, "id", c->id);
    json_put_int(b, "round", r->n);
    json_put_str(b, "title", c->title);
    json_put_day(b, "day", r->day);
    json_put_instant(b, "deadline", r->due);
    json_put_bool(b, "sent", r->sent);
    json_put_int(b, "sheets", r->sheets);
    if (whole)
        put_counts(b, r->asked, r->answered, r->zero);
    if (whole && !put_sheets(db, a, actor->office_id, r, b, err))
        return false;
    json_key(b, "answers");
    json_arr(b);
    for (size_t i = 0; i < n; i++)
        put_answer(a, b, &all[i], NULL);
    for (int i = 0; !whole && i < actor->n_parties; i++)
        if (collect_answer_get(db, a, actor, c, r, actor->parties[i], &one, NULL))
            put_answer(a, b, &one, k);
    json_arr_end(b);
    json_obj_end(b);
    return true;
}
