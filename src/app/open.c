#include "app/app.h"
#include "calendar/date.h"
#include "people/member.h"
#include "store/journal.h"

/* One database a process. */
static struct shifted_clock clock_of_database;

/* When a demonstration is looked at: *ret is INSTANT_NONE for a real office. */
static bool demo_instant(struct db *db, struct arena *a, instant_t *ret, struct err *err)
{
    struct office *office;
    struct journal_head head;
    struct journal_line *last;
    struct str text;
    size_t n, n_lines;
    *ret = INSTANT_NONE;
    if (!office_list(db, a, &office, &n, err))
        return false;
    if (n != 1)
        return true;
    if (!setting_get(db, a, office[0].id, DEMO_CLOCK, "", &text, err))
        return false;
    if (!text.n)
        return true;
    if (!instant_read(text, ret, err) || !journal_head(db, office[0].id, &head, err) ||
        !journal_read(db, a, office[0].id, head.seq - 1, 1, &last, &n_lines, err))
        return false;
    if (n_lines && last[0].at > *ret)
        *ret = last[0].at;
    return true;
}

bool app_open(const struct app *app, bool write, struct store **ret, struct err *err)
{
    struct store *s;
    struct db *db;
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    instant_t at;
    shifted_clock_init(&clock_of_database);
    if (!store_open(&(struct store_options){ .url = app->url, .write = write, .clock = &clock_of_database.base }, &s, err))
        return false;
    bool ok = store_reader_open(s, &db, err);
    if (ok) {
        ok = demo_instant(db, &a, &at, err);
        store_reader_close(db);
    }
    if (!ok) {
        store_close(s);
        return false;
    }
    if (at != INSTANT_NONE)
        atomic_store(&clock_of_database.by_ms, at - clock_now(&clock_real));
    *ret = s;
    return true;
}
