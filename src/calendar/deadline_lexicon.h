/* The lexicon itself: words of one meaning in a row. Inside of calendar/deadline*. */
#ifndef WHS_CALENDAR_DEADLINE_LEXICON_H
#define WHS_CALENDAR_DEADLINE_LEXICON_H

#include <stdint.h>

struct word_row { uint8_t tok, sub; int8_t value; const char *words; };     /* words separated by one blank, at least one Chinese character each */
extern const struct word_row deadline_lexicon[];                            /* ends in { 0 } */

/* T_BAR: on which side of a date or period it stands in the way of reading a deadline. */
enum { BAR_LEFT = 1, BAR_RIGHT = 2, BAR_BOTH = 3, BAR_WEAK = 4 };             /* weak: on the right of a date without 前 or 内 */

enum feast {                                     /* the first seven as enum festival */
    FEAST_NEW_YEAR, FEAST_SPRING, FEAST_QINGMING, FEAST_LABOUR, FEAST_DUANWU, FEAST_MID_AUTUMN, FEAST_NATIONAL, FEAST_HOLIDAYS,
    FEAST_WOMEN = FEAST_HOLIDAYS, FEAST_TREES, FEAST_YOUTH, FEAST_CHILDREN, FEAST_PARTY, FEAST_ARMY, FEAST_TEACHERS,
    FEAST_LANTERN, FEAST_CHONGYANG, FEAST_LABA, FEAST_QIXI, FEAST_LITTLE_YEAR, FEAST_EVE, FEASTS,
};

#endif
