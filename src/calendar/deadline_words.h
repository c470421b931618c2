/* The words of deadline phrases: a text cut into tokens. Inside of calendar/deadline*. */
#ifndef WHS_CALENDAR_DEADLINE_WORDS_H
#define WHS_CALENDAR_DEADLINE_WORDS_H

#include "base/clock.h"

enum tok {
    T_END, T_OTHER,                              /* one character of a word that is not known here */
    T_NUM,                                       /* 5 05 五 廿三 二〇二二: value, digits, han */
    T_HALF,                                      /* 半 */
    T_DOT, T_DASH, T_SLASH, T_COLON, T_COMMA, T_LIST, T_STOP, T_OPEN, T_SHUT, T_QUOTE, T_UNQUOTE,
    T_YEAR, T_MONTH, T_DAY, T_TIAN, T_WEEK, T_GE, T_WORKDAY, T_HOUR, T_MINUTE, T_SHI, T_DIAN, T_FEN, T_KE, T_QUARTER,
    T_XUN,                                       /* sub 1 … 3; 0 the word 旬 */
    T_HALF_YEAR, T_HALF_MONTH,                   /* sub 1, 2 */
    T_EDGE, T_EARLY, T_MID,                      /* 底 初 中 */
    T_IN, T_BEFORE, T_AFTER, T_FROM, T_TO, T_ABOUT, T_DURING, T_BY,
    T_REL_YEAR, T_REL_MONTH, T_REL_DAY, T_REL_WEEK, T_REL_QUARTER,                /* value: how many on */
    T_WEEKEND, T_PART,                           /* sub: enum part */
    T_ON_DUTY, T_OFF_DUTY,                       /* 上班 下班 */
    T_EVERY, T_EVERY_OTHER, T_ONCE,              /* 每 隔 一次 */
    T_FEAST, T_TERM, T_FESTIVAL, T_VACATION,     /* 国庆 夏至 节 假期; sub */
    T_LUNAR, T_LUNAR_MONTH, T_LUNAR_DAY,         /* 农历 腊月 初三 */
    T_NTH, T_FIRST, T_LAST, T_NEXT, T_OVER,      /* 第 首 最后 下一个 结束 */
    T_PLAN, T_PLAN_WORD,                         /* 十四五: value 14; 规划 */
    T_RECEIPT, T_NOW, T_SINCE,                   /* 收到 印发 · 即日 · 自 从 */
    T_LEAD,                                      /* 于 在 须 请 最迟: sub 1 makes a bare date a deadline */
    T_DO, T_ACT,                                 /* 报送 完成 · any other thing that is done */
    T_BAR,                                       /* what makes no deadline of the words beside it: 第 近 已 施行 核酸 */
    T_URGE,                                      /* 尽快 */
    T_WITHIN, T_WITHOUT,                         /* 含 不含 */
    T_SOME, T_OF, T_SHIFT,                       /* 几 多 · 的 · 遇节假日顺延 (sub: RECUR_AFTER, RECUR_BEFORE) */
};

enum part { PART_NONE, PART_MORNING, PART_NOON, PART_AFTERNOON, PART_EVENING, PART_NIGHT, PART_EARLY };

struct token {
    uint8_t tok, sub;
    uint8_t digits;                              /* T_NUM: how many signs */
    bool han;
    bool gap;                                    /* a blank stands before it */
    int32_t value;
    uint32_t from, to;                           /* bytes */
};

/* Cuts text from byte `at` on into at most cap tokens, the last of them T_END; stops behind a T_STOP when `one_sentence`. Returns the byte it came to. */
uint32_t deadline_cut(struct str text, uint32_t at, bool one_sentence, struct token *ret, int cap, int *n);

#endif
