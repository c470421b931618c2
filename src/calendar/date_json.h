/* Days and instants as the members of an object in JSON: "2022-05-09", "2022-05-09T18:00:00+08:00"; null for none. */
#ifndef WHS_CALENDAR_DATE_JSON_H
#define WHS_CALENDAR_DATE_JSON_H

#include "base/json.h"
#include "calendar/date.h"

void json_put_day(struct buf *b, const char *key, day_t d);
void json_put_instant(struct buf *b, const char *key, instant_t at);

#endif
