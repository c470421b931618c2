/* Every query as PostgreSQL takes it: it prepares with the types its letters say, gives columns of those types (another width would be read as another
 * number), and finds what it wants of one office by an index.
 *
 * engine: postgres — SQLite prepares every query at build, see tools/sqlc_check.c
 */
#include "engine.h"

#include "filters.h"
#include "migrations.h"
#include "queries.h"

static char url[ENGINE_URL_MAX], dir[] = "/tmp/whs-queries-XXXXXX";
static PGconn *c;
static int wrong;

enum { ROWS = 5000 };

static void run_sql(const char *sql)
{
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
}

/* Rows of three offices in every table, and statistics: for an empty one every index is as good as another. */
static void fill(void)
{
    char sql[4096];
    for (int t = 0; t < TABLES; t++) {
        const struct table_info *table = &table_list[t];
        int at = snprintf(sql, sizeof sql, "INSERT INTO %s SELECT ", table->name);
        for (int k = 0; table->letters[k]; k++) {
            const char *value = strchr("sS", table->letters[k]) ? "'t' || g" : strchr("bB", table->letters[k]) ? "decode(md5('' || g), 'hex')"
                              : table->letters[k] == 'f' ? "g % 2" : k == 0 && table->of_office ? "g % 3" : "g";
            at += snprintf(sql + at, sizeof sql - (size_t)at, "%s%s", k ? ", " : "", value);
        }
        snprintf(sql + at, sizeof sql - (size_t)at, " FROM generate_series(1, %d) g", ROWS);
        run_sql(sql);
    }
    run_sql("ANALYZE");
}

static int setup(void **state)
{
    assert_non_null(mkdtemp(dir));
    engine_make(url, dir);
    for (int i = 0; i < migrations_count; i++)
        sql_on_postgres(url, migrations[i].postgres, NULL, NULL);
    c = engine_connect(url);
    fill();
    run_sql("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;"
            "SET enable_mergejoin = off; SET join_collapse_limit = 1");                /* as store/postgres_life.c does */
    return 0;
}

static int teardown(void **state)
{
    PQfinish(c);
    engine_drop(url, dir);
    return 0;
}

static Oid oid_of(char letter)
{
    return strchr("sS", letter) ? 25 : strchr("bB", letter) ? 17 : 20;         /* text, bytea, int8 */
}

static void say(const struct query *q, const char *what, const char *more)
{
    print_error("%s: %s %s\n", q->name, what, more);
    wrong++;
}

static void check_types(const struct query *q)
{
    Oid in[64];
    int n = (int)strlen(q->in);
    for (int i = 0; i < n; i++)
        in[i] = oid_of(q->in[i]);
    PGresult *r = PQprepare(c, q->name, q->postgres, n, in);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        say(q, "does not prepare:", PQerrorMessage(c));
        PQclear(r);
        return;
    }
    PQclear(r);
    r = PQdescribePrepared(c, q->name);
    if (PQnparams(r) != n || PQnfields(r) != (int)strlen(q->out))
        say(q, "has another number of parameters or columns", "");
    for (int i = 0; i < PQnfields(r) && q->out[i]; i++)
        if (PQftype(r, i) != oid_of(q->out[i]))
            say(q, "gives another type in column", PQfname(r, i));
    PQclear(r);
}

static void every_type(void **state)
{
    int seen = 0;
    every_list_is_here();
    for (size_t l = 0; l < ARRAY_LEN(QUERY_LISTS); l++)
        for (const struct query *const *q = QUERY_LISTS[l]; *q; q++, seen++)
            check_types(*q);
    assert_in_range(seen, 100, 1000);
    assert_int_equal(wrong, 0);
}

/* --- plans --------------------------------------------------------------------------------------------------------------- */

static bool begins_scan(const char *line) { return strstr(line, " Scan ") && strstr(line, " on ") && !strstr(line, "Bitmap Heap Scan") && !strstr(line, "Subquery Scan") && !strstr(line, "CTE Scan"); }

/* These walk all of an office's rows in a table, which has few of them, or, where it is large, for a reason. */
static const char *const WALKS[] = {
    "closing.all", "closing.dim_names", "entry.list_all", "entry.list_count", "lists.list_rows", "entry.officer_find", "entry.unit_aliases", "paste.aliases", "paste.parties",
    "people.member_in_order",
    "people.setting_two", "people.token_of_member", "workcal.day_drop_year",
    "books.overview_heads", "books.overview_texts", "books.indicators", "books.indicator_count", "recurring.all", "recurring.count",
    "entry.deadline_counted",                    /* a partial index; when a new calendar came */
    "store.job_earliest", "store.job_all", "store.server_batch_delete",
    "closing.lines",                             /* the whole journal, beside the proof of the whole journal */
};

static bool may_walk(const struct query *q)
{
    for (size_t i = 0; i < ARRAY_LEN(WALKS); i++)
        if (strcmp(q->name, WALKS[i]) == 0)
            return true;
    return false;
}

/* Each scan is by an index, under a condition that begins with the office and goes on. */
static void check_plan(const struct query *q, const PGresult *r)
{
    for (int i = 0; i < PQntuples(r); i++) {
        const char *line = PQgetvalue(r, i, 0), *next = i + 1 < PQntuples(r) ? PQgetvalue(r, i + 1, 0) : "";
        const char *office = strstr(line, " on office") ? "(id = $" : "office_id = ";
        if (!begins_scan(line))
            continue;
        if (strstr(line, "Seq Scan") || !strstr(next, "Index Cond:") || !strstr(next, office))
            say(q, "does not walk one office by an index:", line);
        else if (strstr(next, "Cond: (office_id = $1)") && !may_walk(q))
            say(q, "walks all rows of an office:", line);
    }
}

static void explain(const struct query *q)
{
    char sql[512];
    int at = snprintf(sql, sizeof sql, "EXPLAIN (COSTS OFF) EXECUTE \"%s\"", q->name);
    for (const char *p = q->in; *p; p++)
        at += snprintf(sql + at, sizeof sql - (size_t)at, "%sNULL%s", p == q->in ? "(" : ", ", p[1] ? "" : ")");
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        say(q, "does not explain:", PQerrorMessage(c));
    check_plan(q, r);
    PQclear(r);
}

static void every_plan(void **state)
{
    wrong = 0;
    for (size_t l = 0; l < ARRAY_LEN(QUERY_LISTS); l++)
        for (const struct query *const *q = QUERY_LISTS[l]; *q; q++)
            if (!strstr((*q)->postgres, "-- all offices:"))
                explain(*q);
    assert_int_equal(wrong, 0);
}

/* The check would see: an index whose head is passed over, one read whole, a join without the office, an office read whole. */
static void bad_plans(void **state)
{
    static const struct query BAD[] = {
        { .name = "bad.seq", .postgres = "SELECT title FROM entry WHERE day = $1", .in = "d", .out = "s" },
        { .name = "bad.walk", .postgres = "SELECT office_id FROM entry ORDER BY office_id, id", .in = "", .out = "i" },
        { .name = "bad.join", .postgres = "SELECT e.id FROM stand s JOIN entry e ON e.id = s.entry_id WHERE s.office_id = $1 AND s.party_id = 5", .in = "i", .out = "i" },
        { .name = "bad.office", .postgres = "SELECT title FROM entry WHERE office_id = $1 AND title = 't5'", .in = "i", .out = "s" },
    };
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        wrong = 0;
        check_types(&BAD[i]);
        assert_int_equal(wrong, 0);
        explain(&BAD[i]);
        assert_int_equal(wrong, 1);
    }
}

static void plan_filter(struct str sql, const char *in, const char *out)
{
    char text[4096];
    snprintf(text, sizeof text, "%.*s", STR_ARG(sql));
    const struct query q = { .name = "filter", .postgres = text, .in = in, .out = out };
    check_types(&q);
    explain(&q);
    if (wrong)
        fail_msg("%s", text);
    PQclear(PQexec(c, "DEALLOCATE filter"));
}

static void every_filter_plan(void **state)
{
    wrong = 0;
    every_filter(plan_filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_type), cmocka_unit_test(every_plan), cmocka_unit_test(bad_plans), cmocka_unit_test(every_filter_plan) };
    return cmocka_run_group_tests(tests, setup, teardown);
}
