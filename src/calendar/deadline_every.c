/* Recurring phrases: 每月5日前, 每周一、三, 每个工作日下午4点, 每2小时, 一周一调度. */
#include "calendar/deadline_in.h"

bool every_read(struct parse *p, struct deadline *ret)
{
    (void)p;
    (void)ret;
    return false;
}
