/* All figures of all slices for one period. */
#include "base/num.h"
#include "calendar/date_json.h"
#include "messages.h"
#include "office/summary/inside.h"

enum { PERIOD_DAYS_MAX = 3660 };

struct making {
    struct db *db;
    struct arena *a;
    struct figure_ask ask;
    struct summary_figure *f;
    size_t n, cap;
};

static bool make_one(struct making *m, const struct figure *f, struct str key, struct str member, struct err *err)
{
    struct figure_ask ask = m->ask;
    struct figure_value v;
    ask.arg = f->names ? arena_z(m->a, member) : f->arg;
    if (!f->count(m->db, m->a, &ask, &v, err))
        return false;
    arena_push(m->a, m->f, m->n, m->cap) = (struct summary_figure){ f, key, member, v };
    return true;
}

static bool make_family(struct making *m, const struct figure *f, struct err *err)
{
    struct str *names;
    size_t n;
    if (!f->names(m->db, m->a, &m->ask, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!make_one(m, f, arena_printf(m->a, "%s.%.*s", f->key, STR_ARG(names[i])), names[i], err))
            return false;
    return true;
}

static bool make_all(struct making *m, struct err *err)
{
    for (const struct slice *const *s = slices; *s; s++)
        for (int i = 0; i < (*s)->n_figures; i++) {
            const struct figure *f = &(*s)->figures[i];
            if (f->names ? !make_family(m, f, err) : !make_one(m, f, str_c(f->key), STR(""), err))
                return false;
        }
    return true;
}

static bool may_ask(const struct actor *actor, day_t from, day_t to, struct err *err)
{
    if (!actor_is(actor, ROLE_SECTION))
        return err_fail(err, ERR_DENIED, M_SUMMARY_SECTION_ONLY, NULL);
    if (to < from)
        return err_fail(err, ERR_INPUT, M_SUMMARY_BACKWARDS, "to", A_DAY(from), A_DAY(to));
    if (to - from > PERIOD_DAYS_MAX)
        return err_fail(err, ERR_INPUT, M_SUMMARY_TOO_LONG, "to");
    return true;
}

bool summary_make(struct db *db, struct arena *a, const struct actor *actor, day_t from, day_t to, bool with_rows, enum lang lang,
                  struct summary *ret, struct err *err)
{
    struct making m = { .db = db, .a = a, .ask = { actor->office_id, from, to, NULL, with_rows } };
    if (!may_ask(actor, from, to, err) || !make_all(&m, err))
        return false;
    *ret = (struct summary){ from, to, m.f, m.n, STR("") };
    ret->text = summary_text(a, ret, lang);
    return true;
}

/* What is behind the family's key and a dot. */
static bool member_of(const struct figure *f, struct str key, struct str *member)
{
    size_t n = str_c(f->key).n;
    if (!str_starts(key, str_c(f->key)) || key.n < n + 2 || key.p[n] != '.')
        return false;
    *member = str_sub(key, n + 1, key.n);
    return true;
}

bool summary_rows(struct db *db, struct arena *a, const struct actor *actor, struct str key, day_t from, day_t to, struct summary_figure *ret,
                  struct err *err)
{
    struct making m = { .db = db, .a = a, .ask = { actor->office_id, from, to, NULL, true } };
    const struct figure *found = NULL;
    struct str member = STR(""), behind;
    if (!may_ask(actor, from, to, err))
        return false;
    for (const struct slice *const *s = slices; *s; s++)
        for (int i = 0; i < (*s)->n_figures; i++) {
            const struct figure *f = &(*s)->figures[i];
            bool family = f->names && member_of(f, key, &behind);
            if (family || (!f->names && str_eqc(key, f->key))) {
                found = f;
                member = family ? behind : STR("");
            }
        }
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_SUMMARY_UNKNOWN_KEY, "key", A_STR(key));
    if (!make_one(&m, found, key, member, err))
        return false;
    *ret = m.f[0];
    return true;
}

/* --- asking ------------------------------------------------------------------------------------------------------------------------- */

bool summary_period(struct str year, struct str from, struct str to, day_t today, day_t *ret_from, day_t *ret_to, struct err *err)
{
    int64_t y = date_civil(today).year;
    instant_t at;
    bool has_time;
    if (year.n && !num_range(year, DATE_YEAR_MIN, DATE_YEAR_MAX, &y))
        return err_fail(err, ERR_INPUT, M_SUMMARY_BAD_YEAR, "year", A_STR(year));
    *ret_from = date_day((int)y, 1, 1);
    *ret_to = year.n || from.n ? date_day((int)y, 12, 31) : today;
    if (from.n && !date_read(from, ret_from, &at, &has_time, err))
        return false;
    if (from.n && !to.n)
        *ret_to = date_day(date_civil(*ret_from).year, 12, 31);
    return to.n == 0 || date_read(to, ret_to, &at, &has_time, err);
}

/* --- answering ---------------------------------------------------------------------------------------------------------------------- */

struct str summary_name(struct arena *a, const struct summary_figure *f, enum lang lang)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, lang, f->figure->label, (struct arg[]){ A_STR(f->member) }, 1);
    return arena_str(a, buf_view(&b));
}

static void put_rows(struct buf *b, const struct figure_value *v)
{
    json_key(b, "rows");
    json_arr(b);
    for (size_t i = 0; i < v->n_rows; i++) {
        json_obj(b);
        json_put_str(b, "number", v->rows[i].number);
        json_put_str(b, "title", v->rows[i].title);
        json_put_day(b, "day", v->rows[i].day);
        json_put_int(b, "n", v->rows[i].n);
        if (v->rows[i].label.n)
            json_put_str(b, "label", v->rows[i].label);
        json_obj_end(b);
    }
    json_arr_end(b);
}

static void put_figure(struct buf *b, const struct summary_figure *f, enum lang lang)
{
    struct buf name _cleanup_(buf_release) = BUF_INIT;
    tr(&name, lang, f->figure->label, (struct arg[]){ A_STR(f->member) }, 1);
    json_obj(b);
    json_put_str(b, "key", f->key);
    json_put_int(b, "value", f->value.value);
    json_put_str(b, "unit", str_c(f->figure->unit));
    json_put_str(b, "name", buf_view(&name));
    json_put_str(b, "query", str_c(tr_text(lang, f->figure->query)));
    put_rows(b, &f->value);
    json_obj_end(b);
}

void summary_put(struct buf *b, const struct summary *s, enum lang lang)
{
    json_obj(b);
    json_put_day(b, "from", s->from);
    json_put_day(b, "to", s->to);
    json_key(b, "figures");
    json_arr(b);
    for (size_t i = 0; i < s->n; i++)
        put_figure(b, &s->figures[i], lang);
    json_arr_end(b);
    json_put_str(b, "text", s->text);
    json_obj_end(b);
}
