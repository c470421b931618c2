/* The office's working calendar: the official table, the notices imported since (office 0, for all offices) and the office's own days. */
#ifndef WHS_OFFICE_WORKCAL_H
#define WHS_OFFICE_WORKCAL_H

#include "calendar/workdays.h"
#include "store/store.h"

/* The calendar in force, for reading. Costs one small query; tables are kept by (office, state) and live as long as the process, for they are few and never change. */
bool workcal_get(struct db *db, struct arena *a, int64_t office_id, const struct workdays **ret, struct err *err);

/* Puts rows over the table, for all offices (t->office_id must be STORE_OFFICE_SHARED) or one. years: those that a notice covers. Journalled. */
bool workcal_put(struct txn *t, const struct workdays_row *rows, size_t n, const int *years, size_t n_years, struct str source, struct err *err);

#endif
