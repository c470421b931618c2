#include "store/db.h"

#include "messages.h"
#include "store/engine.h"

bool db_exec(struct db *db, const struct query *q, const struct sql_value *in, int64_t *changed, struct err *err)
{
    return db->engine->exec(db, q, in, changed, err);
}

bool db_each(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err)
{
    return db->engine->each(db, q, in, row, ctx, err);
}

bool db_each_text(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in,
                  db_row *row, void *ctx, struct err *err)
{
    return db->engine->each_text(db, sql, in_types, out_types, in, row, ctx, err);
}

bool db_snapshot_begin(struct db *db, struct err *err)
{
    if (db->in_snapshot)
        return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C("nested snapshot"));
    if (!db->engine->begin(db, false, err))
        return false;
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
