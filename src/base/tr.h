/* Sentences from message ids. Only the edges call this: pages, the API, the command line, prints.
 *
 * po/zh_CN/NAME.po is the source and po/en/NAME.po the full translation; tools/pocc compiles both into messages.h (enum msg,
 * ids "entry.unknown_unit" become M_ENTRY_UNKNOWN_UNIT) and messages.c. {1}…{4} in a text stand for the arguments. A test
 * holds both languages to the same ids and the same arguments.
 */
#ifndef WHS_BASE_TR_H
#define WHS_BASE_TR_H

#include "base/err.h"
#include "messages.h"

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

const char *tr_text(enum lang lang, int msg);    /* the raw text; never NULL */
const char *tr_id(int msg);                      /* "entry.unknown_unit" */
int tr_find(struct str id);                      /* -1 when there is none */
void tr(struct buf *out, enum lang lang, int msg, const struct arg *args, int n);
void tr_err(struct buf *out, enum lang lang, const struct err *e);    /* one sentence, no line end, no place */
/* Names of fields ("lead_unit" -> 承办单位), from messages "field.NAME"; the name itself when there is none. */
const char *tr_field(enum lang lang, const char *field);

extern const char *const messages_id[];          /* generated, M_COUNT long */
extern const char *const messages_text[LANG_COUNT][M_COUNT];

#endif
