/* What one registration costs an engine alone: the rows that entry_register() writes, on the same schema, one after another and with nothing around
 * them: no HTTP, no JSON, no rights, no hash, no look-up of a name. On PostgreSQL a batch takes two trips: the office row is locked and numbers are
 * taken, then everything else is sent at once.
 *
 *   b-bare_register URL [REGISTRATIONS [BATCH]]     a ledger made by b-fill; its last office gets the entries (give a copy)
 *
 * A registration is one entry with a deadline, a lead unit, an assisting one, an officer, a leader and two lists. Prints one line; cpu_us is own_us, this
 * program's, and family_us, that of PostgreSQL's processes.
 */
#include "bare.h"

enum { UNITS = 25, LISTS = 4, OFFICERS = 5, LEADERS = 3 };

enum { ENTRY, DEADLINE, ASSIST, LIST, STAND, ACT, MOVEMENT, JOURNAL, SERIES, OFFICE, COMMIT, BEGIN, LOCK, STATEMENTS };
static const char *const SQL[STATEMENTS] = {
    [ENTRY] = "INSERT INTO entry (office_id, id, number, kind, reading, state, section_id, title, source, requirement, received_at, day, due,"
              " unit_due, no_deadline_reason, lead_id, officer_id, leader_id, urgency, progress, genre, role, instruction, parent_id, open_parts,"
              " result, paper_where, paper_out_at, paper_back_at, contact, asked_due, settled_day, late, look_back_day, last_day, carried, version,"
              " created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37,$38)",
    [DEADLINE] = "INSERT INTO deadline (office_id, entry_id, whose, phrase, anchor, kind, due, strict, counted, edition, confirmed_by)"
                 " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
    [ASSIST] = "INSERT INTO assist (office_id, entry_id, party_id) VALUES ($1,$2,$3)",
    [LIST] = "INSERT INTO entry_list (office_id, entry_id, list_id) VALUES ($1,$2,$3)",
    [STAND] = "INSERT INTO stand (office_id, party_id, entry_id, open, reading, state, due) VALUES ($1,$2,$3,$4,$5,$6,$7)",
    [ACT] = "INSERT INTO act (office_id, entry_id, n, journal_seq, at, day, actor_id, deputy_of, verb, recorded_for, from_state, to_state, text,"
            " change, corrects) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
    [MOVEMENT] = "INSERT INTO movement (office_id, day, dim, dim_id, what, id, kind, late, entry_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
    [JOURNAL] = "INSERT INTO journal (office_id, seq, at, day, actor_id, deputy_of, entity, entity_id, verb, before, after, suite, hash)"
                " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
    [SERIES] = "INSERT INTO series (office_id, kind, year, last) VALUES ($1,$2,$3,$4)"
               " ON CONFLICT (office_id, kind, year) DO UPDATE SET last = series.last + excluded.last RETURNING last",
    [OFFICE] = "UPDATE office SET next_id = $1, journal_seq = $2, journal_hash = $3, batches = batches + 1 WHERE id = $4",
    [COMMIT] = "COMMIT",
};

static const char TITLE[] = "关于进一步做好当前防汛救灾工作有关事项的通知", SOURCE[] = "市政府办公室转来";
static const char REQUIREMENT[] = "请商务局牵头，会同有关单位研究提出意见，于时限前报市政府办公室。";
static const char AFTER[] =
    "{\"number\":\"文2026-0001\",\"kind\":\"document\",\"state\":\"pending\",\"section_id\":3,"
    "\"title\":\"关于进一步做好当前防汛救灾工作有关事项的通知\",\"source\":\"市政府办公室转来\","
    "\"requirement\":\"请商务局牵头，会同有关单位研究提出意见，于时限前报市政府办公室。\",\"received_at\":1795400000000,\"day\":20780,"
    "\"due\":1795600000000,\"lead_id\":12,\"assists\":[15],\"officer_id\":40,\"leader_id\":38,\"lists\":[60,61]}";

static struct statement st[STATEMENTS];
static int64_t office, next_id, seq, now_ms, day, section, unit[UNITS], officer[OFFICERS], leader[LEADERS], list[LISTS];
static const unsigned char HASH[32] = { 1 };

static void ids(int64_t *ret, int n, const char *of)
{
    char sql[200];
    for (int i = 0; i < n; i++) {
        snprintf(sql, sizeof sql, "SELECT id FROM %s LIMIT 1 OFFSET %d", of, i);
        ret[i] = number(sql);
    }
}

static void prepare(void)
{
    office = number("SELECT max(id) FROM office");
    next_id = number("SELECT next_id FROM office ORDER BY id DESC LIMIT 1");
    seq = number("SELECT journal_seq FROM office ORDER BY id DESC LIMIT 1");
    now_ms = clock_now(&clock_real);
    day = instant_day(now_ms);
    ids(&section, 1, "party WHERE kind = 'section' ORDER BY office_id DESC, ord");
    ids(unit, UNITS, "party WHERE kind = 'unit' ORDER BY office_id DESC, ord");
    ids(leader, LEADERS, "party WHERE kind = 'leader' ORDER BY office_id DESC, ord");
    ids(officer, OFFICERS, "party WHERE kind = 'person' ORDER BY office_id DESC, ord DESC");
    ids(list, LISTS, "list ORDER BY office_id DESC, ord");
    for (int i = 0; i < BEGIN; i++)
        st[i] = prepared(SQL[i]);
    st[BEGIN] = prepared(pg ? "BEGIN" : "BEGIN IMMEDIATE");
    st[LOCK] = prepared(pg ? "SELECT next_id FROM office WHERE id = $1 FOR UPDATE" : "SELECT next_id FROM office WHERE id = $1");
}

static void movement(int64_t *n, const char *dim, int64_t dim_id, int64_t entry)
{
    put(&st[MOVEMENT], "iisisisii", office, day, dim, dim_id, "new", (seq + 1) * 64 + (*n)++, "document", (int64_t)0, entry);
}

static void register_one(unsigned k, int64_t n)
{
    char code[32];
    int64_t id = next_id++, due = now_ms + (int64_t)(k % 30) * 86400000, moves = 0;
    int64_t lead = unit[k % UNITS], assist = unit[(k + 7) % UNITS], who = officer[k % OFFICERS], boss = leader[k % LEADERS];
    int64_t first = list[k % LISTS], second = list[(k + 1) % LISTS];
    const int64_t party[] = { section, lead, assist, who, boss };
    snprintf(code, sizeof code, "裸2026-%04lld", (long long)n);
    put(&st[ENTRY], "iissisisssiii0siiissssi0iss00000i0iiii", office, id, code, "document", (int64_t)0, "pending", section, TITLE, SOURCE,
        REQUIREMENT, now_ms, day, due, "", lead, who, boss, "", "正常推进", "", "", (int64_t)0, (int64_t)0, "", "", (int64_t)0, day, (int64_t)0,
        (int64_t)1, who);
    put(&st[DEADLINE], "iiss0siiss0", office, id, "ours", "", "instant", due, due, "given", "");
    put(&st[ASSIST], "iii", office, id, assist);
    put(&st[LIST], "iii", office, id, first);
    put(&st[LIST], "iii", office, id, second);
    for (size_t i = 0; i < sizeof party / sizeof *party; i++)
        put(&st[STAND], "iiiiisi", office, party[i], id, (int64_t)1, (int64_t)0, "pending", due);
    movement(&moves, "office", 0, id);
    movement(&moves, "list", first, id);
    movement(&moves, "list", second, id);
    movement(&moves, "unit", lead, id);
    movement(&moves, "officer", who, id);
    put(&st[JOURNAL], "iiiiiisisssib", office, ++seq, now_ms, day, who, (int64_t)0, "entry", id, "register", "", AFTER, (int64_t)1, HASH);
    put(&st[ACT], "iiiiiiiissssssi", office, id, (int64_t)1, seq, now_ms, day, who, (int64_t)0, "register", "", "", "pending", "", "", (int64_t)0);
}

static void write_batch(long first, long n)
{
    put(&st[BEGIN], "");
    put(&st[LOCK], "i", office);
    int64_t last = ask(&st[SERIES], "isii", office, "bare", (int64_t)2026, (int64_t)n);
    for (long k = 0; k < n; k++)
        register_one((unsigned)(first + k), last - n + 1 + k);
    put(&st[OFFICE], "iibi", next_id, seq, HASH, office);
    put(&st[COMMIT], "");
    flush();
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: b-bare_register URL [REGISTRATIONS [BATCH]]\n");
        return 2;
    }
    long n = argc > 2 ? atol(argv[2]) : 20000, batch = argc > 3 ? atol(argv[3]) : 64;
    bare_open(argv[1]);
    prepare();
    write_batch(0, batch);                       /* plans are made, pages are warm */
    double own = own_us(), family = family_us(), wall = (double)wall_us();
    for (long done = 0; done < n; done += batch)
        write_batch(done, n - done < batch ? n - done : batch);
    wall = (double)wall_us() - wall;
    own = own_us() - own;
    family = family_us() - family;
    printf("registrations=%ld batch=%ld cpu_us=%.1f own_us=%.1f family_us=%.1f wall_us=%.1f per_second=%.0f\n", n, batch, (own + family) / (double)n,
           own / (double)n, family / (double)n, wall / (double)n, (double)n * 1e6 / wall);
    bare_close(st, STATEMENTS);
    return 0;
}
