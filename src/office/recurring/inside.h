/* What the files of this slice share and nobody else sees. */
#ifndef WHS_RECURRING_INSIDE_H
#define WHS_RECURRING_INSIDE_H

#include "office/recurring/recurring.h"
#include "office/slice.h"
#include "recurring_queries.h"
#include "store/runner.h"
#include "web/web.h"

#define RECURRING_JOB "recurring"
enum { RECURRING_HOUR_MS = 7 * 3600 * 1000 };    /* of the day an entry comes: before anybody is there */

/* --- pure (rules.c) --------------------------------------------------------------------------------------------------------------- */

/* {year} {month} {day} {quarter} {period} {last_period}, or {年} {月} {日} {季} {本期} {上期}, become those of an occurrence; period: what the rule goes by, 2022年5月, 2022年二季度, 5月上旬. */
struct str recurring_fill(struct arena *a, struct str text, const struct recur *rule, day_t key);
/* ERR_INPUT for a word in braces that is none of these. */
bool recurring_words(struct str text, const char *field, struct err *err);
/* A phrase as officials write it, or a rule as calendar/recur.h writes it. */
bool recurring_read(struct str phrase, const struct workdays *w, instant_t now, struct recur *ret, struct err *err);
bool recurring_move_read(struct str s, enum recur_move *ret);
struct str recurring_move_code(enum recur_move m);
int recurring_move_msg(enum recur_move m);
/* Sets the cursor so that what lies before `now` is left out: the next occurrence is due after it. */
void recurring_skip(struct recurring *r, const struct workdays *w, instant_t now);
struct str recurring_received(struct arena *a, const struct occurrence *o, instant_t now);       /* the day it should have come, never later than today */
struct str recurring_deadline(struct arena *a, const struct recur_time *t);      /* as an entry's input has it */

/* --- the rest ------------------------------------------------------------------------------------------------------------------------- */

bool recurring_load(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct recurring *ret, bool *found, struct err *err);      /* without an actor */
bool recurring_sees(const struct actor *actor, const struct recurring *r);
struct str recurring_rule_text(struct arena *a, const struct recur *r);
/* Input of the entry of an occurrence. */
bool recurring_entry(struct db *db, struct arena *a, const struct actor *as, const struct recurring *r, const struct occurrence *o, struct entry_input *ret,
                     struct err *err);
bool recurring_entry_block(struct req *rq, const struct entry *e, struct html *out, struct err *err);
bool recurring_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

extern const struct job_kind recurring_job;

web_handler recurring_h_list, recurring_h_new, recurring_h_one, recurring_h_edit, recurring_h_preview, recurring_h_post, recurring_h_pause;
web_handler recurring_a_list, recurring_a_one, recurring_a_post, recurring_a_pause;
enum { RECURRING_COMMANDS = 1 };
extern const struct command recurring_commands[RECURRING_COMMANDS];

#endif
