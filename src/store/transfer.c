#include "store/transfer.h"

#include <string.h>

#include "base/json.h"
#include "messages.h"
#include "migrations.h"
#include "store/crypto.h"
#include "store/inside.h"
#include "store/memo.h"
#include "store_queries.h"

_Static_assert((int)TABLES <= TRANSFER_TABLES_MAX, "a sum for each table");

enum { KEY_MAX = 8, COLUMNS_MAX = 64, PAGE_ROWS = 4096, PAGE_PARTS = 16 };     /* a blob's part has up to 256 KiB */

/* --- tables -------------------------------------------------------------------------------------------------------------- */

const char *transfer_table(int i) { return i < TABLES ? table_list[i].name : NULL; }

static bool is(const struct table_info *t, enum table which) { return t == &table_list[which]; }

static bool goes_over(const struct table_info *t) { return t->of_office && !is(t, TABLE_SERVER_BATCH); }

/* What office 0 keeps for all offices, as the calendar; not what the store keeps for office 0 as for any other. */
static bool shared_content(const struct table_info *t)
{
    return goes_over(t) && !is(t, TABLE_SERIES) && !is(t, TABLE_JOURNAL) && !is(t, TABLE_DATA_KEY) && !is(t, TABLE_BLOB) && !is(t, TABLE_BLOB_PART) &&
           !is(t, TABLE_IDEMPOTENCY) && !is(t, TABLE_JOB);
}

static int columns(const struct table_info *t) { return (int)strlen(t->letters); }

static int column_find(const struct table_info *t, const char *name)
{
    int k = 0;
    while (strcmp(t->column[k], name) != 0)
        k++;
    return k;
}

static bool is_text(char letter) { return strchr("sSbB", letter) != NULL; }

/* Numbers cross as they are stored: an id that is 0 stays 0 and does not become NULL. */
static void plain_letters(const struct table_info *t, char ret[COLUMNS_MAX + 1])
{
    int n = columns(t);
    for (int k = 0; k < n; k++)
        ret[k] = is_text(t->letters[k]) ? t->letters[k] : t->letters[k] <= 'Z' ? 'N' : 'n';
    ret[n] = 0;
}

static void put_columns(struct buf *b, const struct table_info *t)
{
    for (int k = 0; k < columns(t); k++)
        buf_printf(b, "%s%s", k ? ", " : "", t->column[k]);
}

static void put_key(struct buf *b, const struct table_info *t, int from)
{
    for (int k = from; k < t->n_key; k++)
        buf_printf(b, "%s%s", k > from ? ", " : "", t->column[t->key[k]]);
}

struct inserting {                               /* rows of one table into a database; sql is the caller's to release */
    struct db *to;
    const struct table_info *table;
    struct buf sql;
    char letters[COLUMNS_MAX + 1];
};

static bool insert(struct inserting *i, const struct sql_value *row, struct err *err)
{
    if (!i->sql.n) {
        plain_letters(i->table, i->letters);
        buf_printf(&i->sql, "INSERT INTO %s (", i->table->name);
        put_columns(&i->sql, i->table);
        buf_c(&i->sql, ") VALUES (");
        for (int k = 0; k < columns(i->table); k++)
            buf_printf(&i->sql, "%s$%d", k ? ", " : "", k + 1);
        buf_ch(&i->sql, ')');
    }
    return i->to->engine->exec_text(i->to, buf_view(&i->sql), i->letters, row, NULL, err);
}

static bool take_number(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    *(int64_t *)ctx = v[0].i;
    return true;
}

static bool count_rows(struct db *db, const struct table_info *t, int64_t office_id, int64_t *ret, struct err *err)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    buf_printf(&b, "SELECT count(*) FROM %s WHERE office_id = $1", t->name);
    return db_each_text(db, buf_view(&b), "n", "n", &(struct sql_value){ .i = office_id }, take_number, ret, err);
}

/* --- walking through an office's rows of one table ------------------------------------------------------------------------- */

struct walk {
    struct db *db;
    const struct table_info *table;
    int64_t office_id;
    db_row *row;                                 /* may be NULL */
    void *ctx;
    struct transfer_sum *sum;                    /* may be NULL */
    bool blind;                                  /* the sum leaves out what wraps a data key */
    store_progress *progress;
    void *progress_ctx;
    int64_t done, total;

    int page, in_page;
    struct sql_value after[KEY_MAX];             /* office_id and the rest of the last key */
    struct buf kept;                             /* its texts */
    struct buf line;                             /* a row's bytes for the digest */
};

static void put_number(struct buf *b, int64_t n)
{
    uint8_t bytes[8];
    put_i64(bytes, n);
    buf_add(b, bytes, sizeof bytes);
}

/* The office's number is left out: it may be another one where the row arrives. */
static bool sum_row(struct walk *w, const struct sql_value *v, struct err *err)
{
    const struct table_info *t = w->table;
    buf_clear(&w->line);
    for (int k = 1; k < columns(t); k++) {
        bool text = is_text(t->letters[k]), blind = w->blind && strcmp(t->column[k], "wrapped") == 0;
        put_number(&w->line, !text ? v[k].i : v[k].s.p ? (int64_t)v[k].s.n : -1);
        if (text && v[k].s.p && !blind)
            buf_str(&w->line, v[k].s);
    }
    w->sum->rows++;
    w->sum->bytes += (int64_t)w->line.n;
    return sha256_add(db_crypto(w->db), buf_view(&w->line), err);
}

/* Texts in it live only during the call: copied, one behind the other, and pointed to when all are there. */
static void keep_key(struct walk *w, const struct sql_value *v)
{
    const struct table_info *t = w->table;
    buf_clear(&w->kept);
    for (int k = 0; k < t->n_key; k++) {
        w->after[k] = v[t->key[k]];
        if (is_text(t->letters[t->key[k]]))
            buf_str(&w->kept, v[t->key[k]].s);
    }
    size_t at = 0;
    for (int k = 0; k < t->n_key; k++)
        if (is_text(t->letters[t->key[k]])) {
            w->after[k].s.p = buf_view(&w->kept).p + at;
            at += w->after[k].s.n;
        }
}

static bool walk_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    struct walk *w = ctx;
    if ((w->sum && !sum_row(w, v, err)) || (w->row && !w->row(w->ctx, v, stop, err)))
        return false;
    if (++w->in_page == w->page)
        keep_key(w, v);
    return true;
}

/* (key) > (…) continues behind the last row in one step of the key's index, on both engines. */
static bool walk_page(struct walk *w, bool first, struct err *err)
{
    const struct table_info *t = w->table;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    char letters[COLUMNS_MAX + 1], in[KEY_MAX + 1] = "n";
    plain_letters(t, letters);
    buf_c(&b, "SELECT ");
    put_columns(&b, t);
    buf_printf(&b, " FROM %s WHERE office_id = $1", t->name);
    if (!first) {
        buf_c(&b, " AND (");
        put_key(&b, t, 1);
        buf_c(&b, ") > (");
        for (int k = 1; k < t->n_key; k++) {
            buf_printf(&b, "%s$%d", k > 1 ? ", " : "", k + 1);
            in[k] = letters[t->key[k]];
        }
        buf_ch(&b, ')');
    }
    buf_c(&b, " ORDER BY ");
    put_key(&b, t, 0);
    buf_printf(&b, " LIMIT %d", w->page);
    w->in_page = 0;
    return db_each_text(w->db, buf_view(&b), in, letters, w->after, walk_row, w, err);
}

static bool walk_pages(struct walk *w, struct err *err)
{
    w->page = is(w->table, TABLE_BLOB_PART) ? PAGE_PARTS : PAGE_ROWS;
    w->after[0].i = w->office_id;
    if (w->sum && !sha256_begin(db_crypto(w->db), err))
        return false;
    for (bool first = true; first || w->in_page == w->page; first = false) {
        if (!walk_page(w, first, err))
            return false;
        w->done += w->in_page;
        if (w->progress && !w->progress(w->progress_ctx, w->done, w->total))
            return err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
    }
    return !w->sum || sha256_end(db_crypto(w->db), w->sum->digest, err);
}

static bool walk(struct walk *w, struct err *err)
{
    w->kept = w->line = BUF_INIT;
    bool ok = walk_pages(w, err);
    buf_release(&w->kept);
    buf_release(&w->line);
    return ok;
}

/* --- one table from here to there ------------------------------------------------------------------------------------------- */

struct copying {
    struct db *from;
    struct inserting into;
    int64_t from_id, to_id;
    bool rewrap;
};

static bool copy_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    struct copying *c = ctx;
    const struct table_info *t = c->into.table;
    struct sql_value row[COLUMNS_MAX];
    _cleanup_(buf_release) struct buf again = BUF_INIT;
    memcpy(row, v, sizeof *row * (size_t)columns(t));
    row[0].i = c->to_id;
    if (c->rewrap && is(t, TABLE_DATA_KEY)) {
        struct str *wrapped = &row[column_find(t, "wrapped")].s;
        int64_t id = row[column_find(t, "id")].i;
        if (wrapped->p && !data_key_rewrap(c->from, c->from_id, c->into.to, c->to_id, id, *wrapped, &again, err))
            return false;
        if (wrapped->p)
            *wrapped = buf_view(&again);
    }
    return insert(&c->into, row, err);
}

static struct walk walk_of(struct transfer *x, struct db *db, int64_t office_id, const struct table_info *t, struct transfer_sum *sum, bool blind)
{
    return (struct walk){ .db = db, .table = t, .office_id = office_id, .sum = sum, .blind = blind, .progress = x->progress, .progress_ctx = x->ctx,
                          .done = x->done, .total = x->total };
}

static bool copy_table(struct transfer *x, struct db *to, const struct table_info *t, bool rewrap, struct transfer_sum *sum, struct err *err)
{
    struct copying c = { x->from, { .to = to, .table = t, .sql = BUF_INIT }, x->from_id, x->to_id, rewrap };
    struct transfer_sum back = { 0 };
    struct walk there = walk_of(x, x->from, x->from_id, t, sum, rewrap), read = walk_of(x, to, x->to_id, t, &back, rewrap);
    *sum = (struct transfer_sum){ 0 };
    there.row = copy_row;
    there.ctx = &c;
    read.progress = NULL;
    bool ok = walk(&there, err) && walk(&read, err);
    buf_release(&c.into.sql);
    if (!ok)
        return false;
    x->done = there.done;
    x->rows += sum->rows;
    x->bytes += sum->bytes;
    return (back.rows == sum->rows && same_bytes(back.digest, sum->digest, sizeof back.digest)) ||
           err_fail(err, ERR_CORRUPT, M_MOVE_DIFFERENT, NULL, A_C(t->name), A_INT(sum->rows), A_INT(back.rows));
}

static bool tables_copy(struct transfer *x, struct db *to, bool rewrap, struct err *err)
{
    x->rows = x->bytes = 0;
    for (int i = 0; i < TABLES; i++)
        if (goes_over(&table_list[i]) && !copy_table(x, to, &table_list[i], rewrap, &x->sum[i], err))
            return false;
    return true;
}

static bool total_add(struct db *db, int64_t office_id, int64_t *total, struct err *err)
{
    for (int i = 0; i < TABLES; i++) {
        int64_t n = 0;
        if (goes_over(&table_list[i]) && !count_rows(db, &table_list[i], office_id, &n, err))
            return false;
        *total += n;
    }
    return true;
}

bool transfer_measure(struct transfer *x, struct err *err)
{
    x->rows = x->bytes = x->done = x->total = 0;
    if (!total_add(x->from, x->from_id, &x->total, err))
        return false;
    for (int i = 0; i < TABLES; i++) {
        struct transfer_sum *sum = &x->sum[i];
        struct walk w = walk_of(x, x->from, x->from_id, &table_list[i], sum, true);
        *sum = (struct transfer_sum){ 0 };
        if (goes_over(&table_list[i]) && !walk(&w, err))
            return false;
        x->done = w.done;
        x->rows += sum->rows;
        x->bytes += sum->bytes;
    }
    return true;
}

/* --- the office's own row ------------------------------------------------------------------------------------------------------ */

static const struct table_info *const OFFICE_TABLE = &table_list[TABLE_OFFICE];

struct office_copy {
    struct db *to;
    int64_t from_id, to_id;
    bool found;
};

static bool office_row_copy(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    struct office_copy *c = ctx;
    const struct table_info *t = OFFICE_TABLE;
    struct sql_value row[COLUMNS_MAX];
    memcpy(row, v, sizeof *row * (size_t)columns(t));
    int64_t *chain = &row[column_find(t, "chain_id")].i;
    row[column_find(t, "id")].i = c->to_id;
    if (c->to_id != c->from_id || *chain)        /* 0: its own number */
        *chain = (*chain ? *chain : c->from_id) == c->to_id ? 0 : *chain ? *chain : c->from_id;
    c->found = true;
    struct inserting into = { .to = c->to, .table = t, .sql = BUF_INIT };
    bool ok = insert(&into, row, err);
    buf_release(&into.sql);
    return ok;
}

static bool office_copy(struct db *from, struct office_copy *c, struct err *err)
{
    const struct table_info *t = OFFICE_TABLE;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    char letters[COLUMNS_MAX + 1];
    plain_letters(t, letters);
    buf_c(&b, "SELECT ");
    put_columns(&b, t);
    buf_c(&b, " FROM office WHERE id = $1");
    return db_each_text(from, buf_view(&b), "n", letters, &(struct sql_value){ .i = c->from_id }, office_row_copy, c, err) &&
           (c->found || err_fail(err, ERR_NOT_FOUND, M_STORE_NO_OFFICE, NULL, A_INT(c->from_id)));
}

/* --- what all offices share -------------------------------------------------------------------------------------------------------- */

struct sharing {
    struct inserting into;
    bool others;                                 /* other offices live there already */
    bool take;                                   /* insert what is missing */
    const struct sql_value *row;
    bool found, same;
};

/* When and by whom a notice was imported may differ. */
static bool counts(const struct table_info *t, int k) { return t->letters[k] != 't' && t->letters[k] != 'T' && !str_ends(str_c(t->column[k]), STR("_by")); }

static bool compare_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    struct sharing *s = ctx;
    const struct table_info *t = s->into.table;
    s->found = true;
    for (int k = 0; k < columns(t); k++)
        if (counts(t, k))
            s->same &= is_text(t->letters[k]) ? str_eq(v[k].s, s->row[k].s) : v[k].i == s->row[k].i;
    return true;
}

static bool find_same(struct sharing *s, struct err *err)
{
    const struct table_info *t = s->into.table;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    char letters[COLUMNS_MAX + 1], in[KEY_MAX + 1] = "";
    struct sql_value key[KEY_MAX];
    plain_letters(t, letters);
    buf_c(&b, "SELECT ");
    put_columns(&b, t);
    buf_printf(&b, " FROM %s WHERE ", t->name);
    for (int k = 0; k < t->n_key; k++) {
        buf_printf(&b, "%s%s = $%d", k ? " AND " : "", t->column[t->key[k]], k + 1);
        key[k] = s->row[t->key[k]];
        in[k] = letters[t->key[k]];
    }
    s->found = false;
    s->same = true;
    return db_each_text(s->into.to, buf_view(&b), in, letters, key, compare_row, s, err);
}

static bool share_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    struct sharing *s = ctx;
    s->row = v;
    if (!find_same(s, err))
        return false;
    if (s->found ? !s->same : s->others)
        return err_fail(err, ERR_CONFLICT, M_MOVE_NOTICES, NULL);
    return s->found || !s->take || insert(&s->into, v, err);
}

static bool share(struct transfer *x, struct db *to, bool take, struct err *err)
{
    for (int i = 0; i < TABLES; i++) {
        struct sharing s = { .into = { .to = to, .table = &table_list[i], .sql = BUF_INIT }, .others = x->to_id > 1, .take = take };
        struct walk w = { .db = x->from, .table = &table_list[i], .office_id = STORE_OFFICE_SHARED, .row = share_row, .ctx = &s };
        bool ok = !shared_content(w.table) || walk(&w, err);
        buf_release(&s.into.sql);
        if (!ok)
            return false;
    }
    return true;
}

/* --- an office into another database ---------------------------------------------------------------------------------------------------- */

static bool number_free(struct db *to, int64_t office_id, struct err *err)
{
    for (int i = 0; i < TABLES; i++) {
        int64_t n = 0;
        if (table_list[i].of_office && !count_rows(to, &table_list[i], office_id, &n, err))
            return false;
        if (n)
            return err_fail(err, ERR_CONFLICT, M_MOVE_REMAINS, NULL, A_INT(office_id), A_C(table_list[i].name), A_INT(n));
    }
    return true;
}

bool transfer_check(struct transfer *x, struct db *to, struct err *err)
{
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    struct office_named_row office;
    struct office_by_code_row there;
    struct office_last_row last;
    bool found;
    if (!q_office_named(x->from, &a, &(struct office_named_in){ x->from_id }, &office, &found, err))
        return false;
    if (!found || x->from_id == STORE_OFFICE_SHARED)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_NO_OFFICE, NULL, A_INT(x->from_id));
    if (!q_office_by_code(to, &a, &(struct office_by_code_in){ office.code }, &there, &found, err))
        return false;
    if (found)
        return err_fail(err, ERR_CONFLICT, M_MOVE_CODE_THERE, NULL, A_STR(office.code));
    if (!q_office_last(to, &a, &last, &found, err))
        return false;
    x->to_id = last.id + 1;
    return number_free(to, x->to_id, err) && share(x, to, false, err);
}

/* One moment for head and lines: this transaction itself. */
static bool verify_there(struct transfer *x, struct db *to, struct journal_head *ret, struct err *err)
{
    struct journal_head here;
    to->in_snapshot = true;
    bool ok = journal_verify(to, x->to_id, NULL, NULL, ret, err);
    to->in_snapshot = false;
    return ok && journal_head(x->from, x->from_id, &here, err) &&
           ((here.seq == ret->seq && same_bytes(here.hash, ret->hash, sizeof here.hash)) ||
            err_fail(err, ERR_CORRUPT, M_MOVE_DIFFERENT, NULL, A_C("journal"), A_INT(here.seq), A_INT(ret->seq)));
}

static bool record(struct transfer *x, struct txn *t, const struct journal_head *head, struct err *err)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT, hash = BUF_INIT;
    struct office_named_row office;
    bool found;
    if (!q_office_named(t->db, t->arena, &(struct office_named_in){ x->to_id }, &office, &found, err))
        return false;
    buf_hex(&hash, head->hash, sizeof head->hash);
    json_obj(&b);
    json_put_str(&b, "code", office.code);
    json_put_str(&b, "name", office.name);
    json_put_int(&b, "seq", head->seq);
    json_put_str(&b, "hash", buf_view(&hash));
    json_obj_end(&b);
    const struct journal_line line = {
        .day = DAY_NONE, .entity = STR("office"), .entity_id = x->to_id, .verb = STR("move_in"), .after = buf_view(&b),
    };
    return journal_add(t, &line, err);
}

static bool ignore_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err) { return true; }

/* Nobody waits for this transaction, however long the other side is at work. */
static bool be_patient(struct db *db, struct err *err)
{
    return db->engine != &engine_postgres ||
           db_each_text(db, STR("SELECT set_config('idle_in_transaction_session_timeout', '0', true)"), "", "s", NULL, ignore_row, NULL, err);
}

static bool office_in(struct transfer *x, struct txn *t, struct journal_head *head, struct err *err)
{
    struct office_copy office = { .to = t->db, .from_id = x->from_id };
    x->done = x->total = 0;
    if (!be_patient(x->from, err) || !be_patient(t->db, err) || !transfer_check(x, t->db, err) || !total_add(x->from, x->from_id, &x->total, err))
        return false;
    office.to_id = x->to_id;
    return share(x, t->db, true, err) && office_copy(x->from, &office, err) && tables_copy(x, t->db, true, err) &&
           verify_there(x, t->db, head, err) && record(x, t, head, err);
}

/* What the batch has asked already is set aside: rows that are copied as text do not tell it what they change. */
bool transfer_office(struct transfer *x, struct txn *t, struct journal_head *head, struct err *err)
{
    struct memo *memo = t->db->memo;
    if (t->office_id != STORE_OFFICE_SHARED)
        return err_fail(err, ERR_DENIED, M_STORE_NO_OFFICE, NULL, A_INT(t->office_id));
    t->db->memo = NULL;
    bool ok = office_in(x, t, head, err);
    if (memo)
        memo_clear(memo);
    t->db->memo = memo;
    return ok;
}

/* --- everything ----------------------------------------------------------------------------------------------------------------------------- */

bool transfer_clear(struct db *to, int64_t office_id, struct err *err)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    const struct sql_value id = { .i = office_id };
    for (int i = 0; i < TABLES; i++) {
        buf_clear(&b);
        buf_printf(&b, "DELETE FROM %s WHERE %s = $1", table_list[i].name, table_list[i].of_office ? "office_id" : "id");
        if (!to->engine->exec_text(to, buf_view(&b), "n", &id, NULL, err))
            return false;
    }
    return true;
}

struct ids { struct arena *a; int64_t *id; size_t n, cap; };

static bool id_add(void *ctx, int64_t office_id, struct err *err)
{
    struct ids *l = ctx;
    arena_push(l->a, l->id, l->n, l->cap) = office_id;
    return true;
}

bool transfer_all(struct db *from, struct db *to, store_progress *progress, void *ctx, struct err *err)
{
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    struct ids all = { .a = &a };
    struct transfer x = { .from = from, .progress = progress, .ctx = ctx };
    if (!be_patient(from, err) || !be_patient(to, err) || !offices_each(from, id_add, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!total_add(from, all.id[i], &x.total, err))
            return false;
    for (size_t i = 0; i < all.n; i++) {
        x.from_id = x.to_id = all.id[i];
        struct office_copy office = { .to = to, .from_id = all.id[i], .to_id = all.id[i] };
        if (!office_copy(from, &office, err) || !tables_copy(&x, to, false, err))
            return false;
    }
    return true;
}
