/* The queries behind a page alone, those that say who asks among them: no HTTP, no page made of the rows, nothing asked twice.
 *
 *   b-bare_page URL today|entry [PAGES]
 *
 * today: what is overdue, due today and near, the newest, what waits for a check and what came back, what was asked for, for one officer's two parties
 * (section and person); the person's entries are among the section's, so lines with their names are read for the section alone. entry: one entry of a
 * unit's with its assists, lists, names, history, parts and outcomes. A page is one read-only snapshot. cpu_us: statement by statement, as the pages of
 * whs ask; together_us: all statements of a page sent at once, which is the least that PostgreSQL can do (sqlite3 knows no difference).
 */
#include "bare.h"

enum { DUE = 9, RECENT = 6, WAITING = 5, ASKED = 5, NEAR_DAYS = 5, DAY_MS = 86400000 };
enum {
    BEGIN, END, DUE_LINES, DUE_WALK, STATE_LINES, STATE_WALK, NEW_LINES, NEW_WALK, ASKED_LINES, TICK, CLOSED,
    SEEN, ASSISTS, LISTS, PARTY, MEMBER, ACTS, PARTS, OUTCOMES, UNITS,
    HOUSE, SESSION, ACTOR, SEATS, CALENDAR, SETTINGS, STATEMENTS
};

#define LINES \
    "SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.reading, e.due, e.unit_due, e.day, e.settled_day, e.last_day," \
    " u.name, m.name, l.name, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried" \
    " FROM stand s JOIN entry e ON e.office_id = s.office_id AND e.id = s.entry_id" \
    " LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id" \
    " LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id WHERE s.office_id = $1 AND s.party_id = $2 "

static const char *const SQL[STATEMENTS] = {
    [END] = "ROLLBACK",
    [DUE_LINES] = LINES "AND s.open = 1 AND s.reading = 0 AND s.due >= $3 AND s.due < $4 ORDER BY s.due, s.entry_id LIMIT $5",
    [DUE_WALK] = "SELECT due, entry_id FROM stand WHERE office_id = $1 AND party_id = $2 AND open = 1 AND reading = 0 AND due >= $3 AND due < $4"
                 " ORDER BY due, entry_id LIMIT $5",
    [STATE_LINES] = LINES "AND s.state = $3 ORDER BY s.entry_id DESC LIMIT $4",
    [STATE_WALK] = "SELECT entry_id FROM stand WHERE office_id = $1 AND party_id = $2 AND state = $3 ORDER BY entry_id DESC LIMIT $4",
    [NEW_LINES] = LINES "ORDER BY s.entry_id DESC LIMIT $3",
    [NEW_WALK] = "SELECT entry_id FROM stand WHERE office_id = $1 AND party_id = $2 ORDER BY entry_id DESC LIMIT $3",
    [ASKED_LINES] = "SELECT e.number, e.title, u.name, e.asked_due FROM entry e CROSS JOIN stand s"
                    " LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id WHERE e.office_id = $1 AND e.asked_due IS NOT NULL"
                    " AND s.office_id = e.office_id AND s.party_id = $2 AND s.entry_id = e.id ORDER BY e.id LIMIT $3",
    [TICK] = "SELECT count(*) FROM tick WHERE office_id = $1 AND span = $2 AND day = $3 AND member_id = $4",
    [CLOSED] = "SELECT COALESCE(max(period), 0) FROM closing WHERE office_id = $1",
    [SEEN] = "SELECT e.* FROM entry e JOIN stand s ON s.office_id = e.office_id AND s.entry_id = e.id"
             " WHERE e.office_id = $1 AND e.id = $2 AND s.party_id = $3",
    [ASSISTS] = "SELECT a.party_id FROM assist a CROSS JOIN party p WHERE a.office_id = $1 AND a.entry_id = $2 AND p.office_id = a.office_id"
                " AND p.id = a.party_id ORDER BY p.kind, p.ord, p.id",
    [LISTS] = "SELECT x.list_id, l.name FROM entry_list x JOIN list l ON l.office_id = x.office_id AND l.id = x.list_id"
              " WHERE x.office_id = $1 AND x.entry_id = $2 ORDER BY l.ord, l.id",
    [PARTY] = "SELECT id, kind, name, short_name, category, ord, active FROM party WHERE office_id = $1 AND id = $2",
    [MEMBER] = "SELECT name, party_id FROM member WHERE office_id = $1 AND id = $2",
    [ACTS] = "SELECT a.n, a.journal_seq, a.at, a.day, a.actor_id, a.deputy_of, m.name, d.name, a.verb, a.recorded_for, a.from_state, a.to_state,"
             " a.text, a.change, a.corrects FROM act a LEFT JOIN member m ON m.office_id = a.office_id AND m.id = a.actor_id"
             " LEFT JOIN member d ON d.office_id = a.office_id AND d.id = a.deputy_of WHERE a.office_id = $1 AND a.entry_id = $2 ORDER BY a.n",
    [PARTS] = "SELECT e.id FROM entry e JOIN stand s ON s.office_id = e.office_id AND s.entry_id = e.id"
              " WHERE e.office_id = $1 AND e.parent_id = $2 AND s.party_id = $3 ORDER BY e.id",
    [UNITS] = "SELECT id, kind, name, short_name, category, ord, active FROM party WHERE office_id = $1 AND kind = 'unit' AND active = 1 ORDER BY ord, id",
    [HOUSE] = "SELECT id, code, name FROM office WHERE code = $1 AND id <> 0",
    [SESSION] = "SELECT member_id, csrf, seen_at, expires_at FROM session WHERE office_id = $1 AND digest = $2",
    [ACTOR] = "SELECT id, login, name, roles, party_id, home_id, lang, must_change, disabled FROM member WHERE office_id = $1 AND id = $2",
    [SEATS] = "SELECT party_id, deputy_of FROM seat WHERE office_id = $1 AND member_id = $2 AND from_day <= $3 AND to_day >= $3"
              " ORDER BY deputy_of, party_id, from_day",
    [CALENDAR] = "SELECT count(*), sum(year), sum(day) FROM calendar_day WHERE office_id IN ($1, 0)",
    [SETTINGS] = "SELECT name, value FROM setting WHERE office_id = $1 AND (name = $2 OR name = $3) ORDER BY name",
    [OUTCOMES] = "SELECT id, day, key, n, label FROM outcome WHERE office_id = $1 AND entry_id = $2 ORDER BY day, id",
};

static struct statement st[STATEMENTS];
static int64_t office, party[2], now, tomorrow, day, entry, lead, leader, officer, assist, member;
static bool together;

static void trip(void)
{
    if (!together)
        flush();
}

/* Before every page: who asks, by what calendar, in what frame. */
static void who(void)
{
    static const unsigned char DIGEST[32];
    put(&st[HOUSE], "s", "main"), trip();
    put(&st[SESSION], "ib", office, DIGEST), trip();
    put(&st[ACTOR], "ii", office, member), trip();
    put(&st[SEATS], "iii", office, member, day), trip();
    put(&st[CALENDAR], "i", office), trip();
    put(&st[SETTINGS], "iss", office, "light.yellow_days", "light.red_days"), trip();
    put(&st[PARTY], "ii", office, party[0]), trip();
}

static void today_page(void)
{
    for (int p = 0; p < 2; p++) {
        const struct statement *due = &st[p ? DUE_WALK : DUE_LINES], *state = &st[p ? STATE_WALK : STATE_LINES], *newest = &st[p ? NEW_WALK : NEW_LINES];
        put(due, "iiiii", office, party[p], (int64_t)0, now + 1, (int64_t)DUE), trip();
        put(due, "iiiii", office, party[p], now + 1, tomorrow, (int64_t)DUE), trip();
        put(due, "iiiii", office, party[p], tomorrow, tomorrow + NEAR_DAYS * (int64_t)DAY_MS, (int64_t)DUE), trip();
        put(newest, "iii", office, party[p], (int64_t)RECENT), trip();
        put(state, "iisi", office, party[p], "review", (int64_t)WAITING), trip();
        put(state, "iisi", office, party[p], "returned", (int64_t)WAITING), trip();
    }
    put(&st[ASKED_LINES], "iii", office, party[0], (int64_t)ASKED), trip();
    put(&st[TICK], "isii", office, "day", day, member), trip();
    put(&st[CLOSED], "i", office), trip();
}

static void entry_page(void)
{
    put(&st[SEEN], "iii", office, entry, party[0]), trip();
    put(&st[ASSISTS], "ii", office, entry), trip();
    put(&st[LISTS], "ii", office, entry), trip();
    put(&st[PARTY], "ii", office, lead), trip();
    put(&st[PARTY], "ii", office, leader), trip();
    put(&st[PARTY], "ii", office, assist), trip();
    put(&st[MEMBER], "ii", office, officer), trip();
    put(&st[ACTS], "ii", office, entry), trip();
    put(&st[PARTS], "iii", office, entry, party[0]), trip();
    put(&st[PARTS], "iii", office, entry, party[1]), trip();
    put(&st[OUTCOMES], "ii", office, entry), trip();
    put(&st[UNITS], "i", office), trip();
}

static int64_t of_entry(const char *column)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT %s FROM entry WHERE office_id = %lld AND id = %lld", column, (long long)office, (long long)entry);
    return number(sql);
}

/* The newest entry that has all that a page shows. */
static void prepare(void)
{
    office = number("SELECT max(id) FROM office");
    party[0] = number("SELECT id FROM party WHERE kind = 'section' ORDER BY office_id DESC, id LIMIT 1");
    party[1] = number("SELECT party_id FROM member WHERE login = 'bench' ORDER BY office_id DESC LIMIT 1");
    member = number("SELECT id FROM member WHERE login = 'bench' ORDER BY office_id DESC LIMIT 1");
    now = clock_now(&clock_real);
    day = instant_day(now);
    tomorrow = day_start(day + 1) + 1;
    entry = number("SELECT max(e.id) FROM entry e JOIN assist a ON a.office_id = e.office_id AND a.entry_id = e.id"
                   " JOIN entry_list x ON x.office_id = e.office_id AND x.entry_id = e.id"
                   " WHERE e.office_id = (SELECT max(id) FROM office) AND e.leader_id > 0");
    lead = of_entry("lead_id");
    leader = of_entry("leader_id");
    officer = of_entry("officer_id");
    for (int i = 1; i < STATEMENTS; i++)
        st[i] = prepared(SQL[i]);
    st[BEGIN] = prepared(pg ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN");
    assist = ask(&st[ASSISTS], "ii", office, entry);
}

static double pages(long n, void (*page)(void), double *own)
{
    double start = own_us(), family = family_us();
    for (long i = 0; i < n; i++) {
        put(&st[BEGIN], "");
        who();
        page();
        put(&st[END], "");
        flush();
    }
    *own = (own_us() - start) / (double)n;
    return (family_us() - family) / (double)n;
}

int main(int argc, char **argv)
{
    if (argc < 3 || (strcmp(argv[2], "today") != 0 && strcmp(argv[2], "entry") != 0)) {
        fprintf(stderr, "usage: b-bare_page URL today|entry [PAGES]\n");
        return 2;
    }
    void (*page)(void) = argv[2][0] == 't' ? today_page : entry_page;
    long n = argc > 3 ? atol(argv[3]) : 3000;
    double own, own_together;
    bare_open(argv[1]);
    prepare();
    pages(20, page, &own);
    rows_read = bytes_read = 0;
    double family = pages(n, page, &own);
    together = true;
    double family_together = pages(n, page, &own_together);
    printf("pages=%ld rows=%lld bytes=%lld cpu_us=%.1f own_us=%.1f family_us=%.1f together_us=%.1f\n", n, (long long)(rows_read / n / 2),
           (long long)(bytes_read / n / 2), own + family, own, family, own_together + family_together);
    bare_close(st, STATEMENTS);
    return 0;
}
