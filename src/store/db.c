#include "store/db.h"

#include "messages.h"
#include "store/bulk.h"

bool value_is_null(char type, const struct sql_value *v)
{
    switch (type) {
    case 'I': return v->i == 0;
    case 'N':
    case 'F': return v->i == INT64_MIN;
    case 'd':
    case 'D': return v->i == DAY_NONE;
    case 't':
    case 'T': return v->i == INSTANT_NONE;
    case 's':
    case 'S':
    case 'b':
    case 'B': return !v->s.p;
    default: return false;
    }
}

int64_t null_number(char type)
{
    switch (type) {
    case 'd':
    case 'D': return DAY_NONE;
    case 't':
    case 'T':
    case 'n':
    case 'N':
    case 'F': return INT64_MIN;                  /* INSTANT_NONE is the same number */
    default: return 0;
    }
}

/* A statement that nobody looked at (of a test's own) may change anything. */
static void changed_by(struct db *db, const struct query *q)
{
    table_set tables = q->changes ? q->changes : TABLE_SET_ALL;
    if (db->memo)
        memo_changed(db->memo, tables);
    if (db->directory)
        memo_changed(db->directory, tables);
}

/* What waits for these tables goes first; a statement nobody looked at may concern any. */
static bool up_to_date(struct db *db, const struct query *q, struct err *err)
{
    table_set tables = q->reads | q->changes;
    return !db->bulk || bulk_send(db->bulk, db, tables ? tables : TABLE_SET_ALL, err);
}

bool db_exec(struct db *db, const struct query *q, const struct sql_value *in, int64_t *changed, struct err *err)
{
    bool failed = false;
    changed_by(db, q);
    if (db->bulk && !changed && !db->failed && (bulk_add(db->bulk, db, q, in, &failed, err) || failed))
        return !failed;
    if (!up_to_date(db, q, err))
        return false;
    return db->engine->exec(db, q, in, changed, err);
}

bool db_each(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err)
{
    if (!up_to_date(db, q, err))
        return false;
    if (q->writes)
        changed_by(db, q);
    else if (db->directory && memo_in_directory(q))
        return memo_each(db->directory, db, q, in, row, ctx, err);
    else if (db->memo)
        return memo_each(db->memo, db, q, in, row, ctx, err);
    return db->engine->each(db, q, in, row, ctx, err);
}

bool db_each_text(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in,
                  db_row *row, void *ctx, struct err *err)
{
    if (db->bulk && !bulk_send(db->bulk, db, TABLE_SET_ALL, err))
        return false;
    return db->engine->each_text(db, sql, in_types, out_types, in, row, ctx, err);
}

bool db_lost(const struct db *db, struct err *err)
{
    bool lost = db->failed && db->failure.msg == M_STORE_PG_GONE;
    if (lost)
        *err = db->failure;
    return lost;
}

bool db_snapshot_begin(struct db *db, struct err *err)
{
    if (db->in_snapshot)
        return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C("nested snapshot"));
    if (!db->engine->begin(db, false, err))
        return false;
    if (db->directory)
        memo_turn(db->directory, db);
    db->in_snapshot = true;
    return true;
}

void db_snapshot_end(struct db *db)
{
    if (!db->in_snapshot)
        return;
    db->engine->rollback(db);                    /* it only read */
    db->in_snapshot = false;
}
