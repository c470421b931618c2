/* The queries behind today's page alone: what is overdue, due today and near, the newest, what waits for a check and what came back, for one officer's two
 * parties (section and person); the person's entries are among the section's, so the lines with their names are read for the section. Plain sqlite3, prepared once, no page made of it.
 *
 *   b-bare_today FILE [PAGES]
 */
#include "bare.h"

enum { OVERDUE = 13, DUE = 21, WAITING = 9, RECENT = 18, NEAR_DAYS = 5, DAY_MS = 86400000 };

#define LINE \
    "SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.due, e.unit_due, e.day, u.name, m.name, l.name, e.urgency, e.carried" \
    " FROM (%s) s CROSS JOIN entry e ON e.office_id = ?1 AND e.id = s.entry_id" \
    " LEFT JOIN party u ON u.office_id = ?1 AND u.id = e.lead_id LEFT JOIN member m ON m.office_id = ?1 AND m.id = e.officer_id" \
    " LEFT JOIN party l ON l.office_id = ?1 AND l.id = e.leader_id"

static const char DUE_WALK[] =
    "SELECT due, entry_id FROM stand WHERE office_id = ?1 AND party_id = ?2 AND open = 1 AND reading = 0 AND due >= ?3 AND due < ?4"
    " ORDER BY due, entry_id LIMIT ?5";
static const char STATE_WALK[] =
    "SELECT due, entry_id FROM stand WHERE office_id = ?1 AND party_id = ?2 AND state = ?3 ORDER BY entry_id DESC LIMIT ?4";
static const char NEWEST[] = "SELECT due, entry_id FROM stand WHERE office_id = ?1 AND party_id = ?2 ORDER BY entry_id DESC LIMIT ?3";

static int64_t rows, bytes;

static sqlite3_stmt *line_of(sqlite3 *h, const char *walk)
{
    char sql[2048];
    snprintf(sql, sizeof sql, LINE, walk);
    return prepared(h, sql);
}

static void read_all(sqlite3_stmt *st, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    bind(st, types, ap);
    va_end(ap);
    for (; sqlite3_step(st) == SQLITE_ROW; rows++)
        for (int k = 0; k < sqlite3_column_count(st); k++)
            if (sqlite3_column_type(st, k) == SQLITE_TEXT)
                bytes += sqlite3_column_text(st, k) ? sqlite3_column_bytes(st, k) : 0;
    sqlite3_reset(st);
}

int main(int argc, char **argv)
{
    sqlite3 *h;
    if (argc < 2 || sqlite3_open_v2(argv[1], &h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        fprintf(stderr, "usage: b-bare_today FILE [PAGES]\n");
        return 2;
    }
    long pages = argc > 2 ? atol(argv[2]) : 5000;
    script(h, "PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0");
    int64_t office = ask(h, "SELECT max(id) FROM office"), now = clock_now(&clock_real), tomorrow = day_start(instant_day(now) + 1) + 1;
    int64_t party[] = { ask(h, "SELECT id FROM party WHERE kind = 'section' ORDER BY id LIMIT 1"),
                        ask(h, "SELECT party_id FROM member WHERE login = 'bench'") };
    sqlite3_stmt *dues[] = { line_of(h, DUE_WALK), prepared(h, DUE_WALK) }, *states[] = { line_of(h, STATE_WALK), prepared(h, STATE_WALK) },
                 *newests[] = { line_of(h, NEWEST), prepared(h, NEWEST) };
    int64_t cpu = cpu_us();
    for (long i = 0; i < pages; i++) {
        script(h, "BEGIN");
        for (int p = 0; p < 2; p++) {
            sqlite3_stmt *due = dues[p], *state = states[p], *newest = newests[p];
            read_all(due, "iiiii", office, party[p], INT64_MIN, now + 1, (int64_t)OVERDUE);
            read_all(due, "iiiii", office, party[p], now + 1, tomorrow, (int64_t)DUE);
            read_all(due, "iiiii", office, party[p], tomorrow, tomorrow + NEAR_DAYS * (int64_t)DAY_MS, (int64_t)DUE);
            read_all(newest, "iii", office, party[p], (int64_t)RECENT);
            read_all(state, "iisi", office, party[p], "review", (int64_t)WAITING);
            read_all(state, "iisi", office, party[p], "returned", (int64_t)WAITING);
        }
        script(h, "COMMIT");
    }
    cpu = cpu_us() - cpu;
    printf("pages=%ld rows=%lld bytes=%lld cpu_us=%.1f\n", pages, (long long)(rows / pages), (long long)(bytes / pages), (double)cpu / (double)pages);
    for (int p = 0; p < 2; p++) {
        sqlite3_finalize(dues[p]);
        sqlite3_finalize(states[p]);
        sqlite3_finalize(newests[p]);
    }
    sqlite3_close(h);
    return 0;
}
