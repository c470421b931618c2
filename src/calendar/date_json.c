#include "calendar/date_json.h"

void json_put_day(struct buf *b, const char *key, day_t d)
{
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    if (d != DAY_NONE)
        date_put_iso(&text, d);
    json_put_str(b, key, d == DAY_NONE ? STR_NULL : buf_view(&text));
}

void json_put_instant(struct buf *b, const char *key, instant_t at)
{
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    if (at != INSTANT_NONE)
        instant_put(&text, at);
    json_put_str(b, key, at == INSTANT_NONE ? STR_NULL : buf_view(&text));
}
