/* What one registration costs SQLite alone: the rows that entry_register() writes, on the same schema, one after another and with nothing around
 * them: no HTTP, no JSON, no rights, no hash, no look-up of a name.
 *
 *   b-bare_register FILE [REGISTRATIONS [BATCH]]     FILE is made when it is missing; else its last office gets the entries (give a copy)
 *
 * A registration is one entry with a deadline, a lead unit, an assisting one, an officer, a leader and two lists. Prints one line.
 */
#include "bare.h"
#include "migrations.h"

enum { OPEN = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX };
enum { UNITS = 25, LISTS = 4, OFFICERS = 5, LEADERS = 3 };

enum { ENTRY, DEADLINE, ASSIST, LIST, STAND, ACT, MOVEMENT, JOURNAL, SERIES, OFFICE, STATEMENTS };
static const char *const SQL[STATEMENTS] = {
    [ENTRY] = "INSERT INTO entry (office_id, id, number, kind, reading, state, section_id, title, source, requirement, received_at, day, due,"
              " unit_due, no_deadline_reason, lead_id, officer_id, leader_id, urgency, progress, genre, role, instruction, parent_id, open_parts,"
              " result, paper_where, paper_out_at, paper_back_at, contact, asked_due, settled_day, late, look_back_day, last_day, carried, version,"
              " created_by) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [DEADLINE] = "INSERT INTO deadline (office_id, entry_id, whose, phrase, anchor, kind, due, strict, counted, edition, confirmed_by)"
                 " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    [ASSIST] = "INSERT INTO assist (office_id, entry_id, party_id) VALUES (?,?,?)",
    [LIST] = "INSERT INTO entry_list (office_id, entry_id, list_id) VALUES (?,?,?)",
    [STAND] = "INSERT INTO stand (office_id, party_id, entry_id, open, reading, state, due) VALUES (?,?,?,?,?,?,?)",
    [ACT] = "INSERT INTO act (office_id, entry_id, n, journal_seq, at, day, actor_id, deputy_of, verb, recorded_for, from_state, to_state, text,"
            " change, corrects) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [MOVEMENT] = "INSERT INTO movement (office_id, day, dim, dim_id, what, id, kind, late, entry_id) VALUES (?,?,?,?,?,?,?,?,?)",
    [JOURNAL] = "INSERT INTO journal (office_id, seq, at, day, actor_id, deputy_of, entity, entity_id, verb, before, after, suite, hash)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [SERIES] = "INSERT INTO series (office_id, kind, year, last) VALUES (?,?,?,1)"
               " ON CONFLICT (office_id, kind, year) DO UPDATE SET last = series.last + 1 RETURNING last",
    [OFFICE] = "UPDATE office SET next_id = ?2, journal_seq = ?3, journal_hash = ?4, batches = batches + 1 WHERE id = ?1",
};

static const char TITLE[] = "关于进一步做好当前防汛救灾工作有关事项的通知", SOURCE[] = "市政府办公室转来";
static const char REQUIREMENT[] = "请商务局牵头，会同有关单位研究提出意见，于时限前报市政府办公室。";
static const char AFTER[] =
    "{\"number\":\"文2026-0001\",\"kind\":\"document\",\"state\":\"pending\",\"section_id\":3,"
    "\"title\":\"关于进一步做好当前防汛救灾工作有关事项的通知\",\"source\":\"市政府办公室转来\","
    "\"requirement\":\"请商务局牵头，会同有关单位研究提出意见，于时限前报市政府办公室。\",\"received_at\":1795400000000,\"day\":20780,"
    "\"due\":1795600000000,\"lead_id\":12,\"assists\":[15],\"officer_id\":40,\"leader_id\":38,\"lists\":[60,61]}";

static sqlite3 *h;
static sqlite3_stmt *st[STATEMENTS];
static int64_t office, next_id, seq, now_ms, day, section, unit[UNITS], officer[OFFICERS], leader[LEADERS], list[LISTS];
static const unsigned char HASH[32] = { 1 };

static void make(const char *file)
{
    char code[48];
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || sqlite3_open_v2(file, &h, OPEN, NULL) != SQLITE_OK)
        die(NULL, file);
    close(fd);
    script(h, "PRAGMA journal_mode=WAL");
    for (int i = 0; i < migrations_count; i++)
        script(h, migrations[i].sqlite);
    snprintf(code, sizeof code, "PRAGMA user_version=%d", migrations_count);
    script(h, code);
    script(h, "INSERT INTO office VALUES (1, 'bare', 'bare', 1000, 0, zeroblob(32), 0, 0)");
}

/* Ids from the table, or invented ones: nothing here looks at a party. */
static void ids(int64_t *ret, int n, const char *sql)
{
    sqlite3_stmt *q = prepared(h, sql);
    sqlite3_bind_int64(q, 1, office);
    for (int i = 0; i < n; i++)
        ret[i] = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : ++next_id;
    sqlite3_finalize(q);
}

static void prepare(void)
{
    script(h, "PRAGMA synchronous=FULL; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=16777216;"
              "PRAGMA wal_autocheckpoint=4000");
    office = ask(h, "SELECT max(id) FROM office");
    next_id = ask(h, "SELECT next_id FROM office ORDER BY id DESC LIMIT 1");
    seq = ask(h, "SELECT journal_seq FROM office ORDER BY id DESC LIMIT 1");
    now_ms = clock_now(&clock_real);
    day = instant_day(now_ms);
    ids(&section, 1, "SELECT id FROM party WHERE office_id = ? AND kind = 'section' ORDER BY ord");
    ids(unit, UNITS, "SELECT id FROM party WHERE office_id = ? AND kind = 'unit' ORDER BY ord");
    ids(leader, LEADERS, "SELECT id FROM party WHERE office_id = ? AND kind = 'leader' ORDER BY ord");
    ids(officer, OFFICERS, "SELECT id FROM party WHERE office_id = ? AND kind = 'person' ORDER BY ord DESC");
    ids(list, LISTS, "SELECT id FROM list WHERE office_id = ? ORDER BY ord");
    for (int i = 0; i < STATEMENTS; i++)
        st[i] = prepared(h, SQL[i]);
}

static void movement(int64_t *n, const char *dim, int64_t dim_id, int64_t entry)
{
    put(st[MOVEMENT], "iisisisii", office, day, dim, dim_id, "new", (seq + 1) * 64 + (*n)++, "document", (int64_t)0, entry);
}

static void register_one(unsigned k)
{
    char number[32];
    int64_t id = next_id++, due = now_ms + (int64_t)(k % 30) * 86400000, moves = 0;
    int64_t lead = unit[k % UNITS], assist = unit[(k + 7) % UNITS], who = officer[k % OFFICERS], boss = leader[k % LEADERS];
    int64_t first = list[k % LISTS], second = list[(k + 1) % LISTS];
    const int64_t party[] = { section, lead, assist, who, boss };
    snprintf(number, sizeof number, "裸2026-%04lld", (long long)put(st[SERIES], "isi", office, "bare", (int64_t)2026));
    put(st[ENTRY], "iissisisssiii0siiissssi0iss00000i0iiii", office, id, number, "document", (int64_t)0, "pending", section, TITLE, SOURCE,
        REQUIREMENT, now_ms, day, due, "", lead, who, boss, "", "正常推进", "", "", (int64_t)0, (int64_t)0, "", "", (int64_t)0, day, (int64_t)0,
        (int64_t)1, who);
    put(st[DEADLINE], "iiss0siiss0", office, id, "ours", "", "instant", due, due, "given", "");
    put(st[ASSIST], "iii", office, id, assist);
    put(st[LIST], "iii", office, id, first);
    put(st[LIST], "iii", office, id, second);
    for (size_t i = 0; i < sizeof party / sizeof *party; i++)
        put(st[STAND], "iiiiisi", office, party[i], id, (int64_t)1, (int64_t)0, "pending", due);
    movement(&moves, "office", 0, id);
    movement(&moves, "list", first, id);
    movement(&moves, "list", second, id);
    movement(&moves, "unit", lead, id);
    movement(&moves, "officer", who, id);
    put(st[JOURNAL], "iiiiiisisssib", office, ++seq, now_ms, day, who, (int64_t)0, "entry", id, "register", "", AFTER, (int64_t)1, HASH);
    put(st[ACT], "iiiiiiiissssssi", office, id, (int64_t)1, seq, now_ms, day, who, (int64_t)0, "register", "", "", "pending", "", "", (int64_t)0);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: b-bare_register FILE [REGISTRATIONS [BATCH]]\n");
        return 2;
    }
    long n = argc > 2 ? atol(argv[2]) : 20000, batch = argc > 3 ? atol(argv[3]) : 64;
    if (access(argv[1], F_OK) != 0)
        make(argv[1]);
    else if (sqlite3_open_v2(argv[1], &h, OPEN, NULL) != SQLITE_OK)
        die(h, argv[1]);
    prepare();
    int64_t sync = sync_us(argv[1]), cpu = cpu_us(), wall = wall_us();
    for (long done = 0; done < n;) {
        script(h, "BEGIN IMMEDIATE");
        for (long k = 0; k < batch && done < n; k++, done++)
            register_one((unsigned)done);
        put(st[OFFICE], "iiib", office, next_id, seq, HASH);
        script(h, "COMMIT");
    }
    cpu = cpu_us() - cpu;
    wall = wall_us() - wall;
    printf("registrations=%ld batch=%ld cpu_us=%.1f wall_us=%.1f sync_us=%lld\n", n, batch, (double)cpu / (double)n, (double)wall / (double)n,
           (long long)sync);
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(st[i]);
    sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(h);
    return 0;
}
