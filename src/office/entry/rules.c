/* The state table of domain.md 2 and the other decisions about an entry that need nothing but the entry itself. */
#include "office/entry/entry_rules.h"

#include "messages.h"

/* What kind of matter an entry is: led by a unit, by the section itself, or only to be read. */
enum { LED = 1, OWN = 2, READING = 4, TO_ACT = LED | OWN, ALL = LED | OWN | READING };

#define S(state) (1u << ((state) + 1))           /* STATE_NONE has a bit too */
enum {
    NEW = 1,
    PENDING = S(STATE_PENDING), ACTIVE = S(STATE_ACTIVE), RETURNED = S(STATE_RETURNED), REVIEW = S(STATE_REVIEW),
    SETTLED = S(STATE_SETTLED), ARCHIVED = S(STATE_ARCHIVED), SUSPENDED = S(STATE_SUSPENDED), WITHDRAWN = S(STATE_WITHDRAWN),
    OPEN = PENDING | ACTIVE | RETURNED | REVIEW | SUSPENDED,
    REGISTERED = OPEN | SETTLED | ARCHIVED | WITHDRAWN,
    SAME = STATES,                               /* the act leaves the state as it is */
};
enum { UNIT = SIDE_UNIT | SIDE_SECTION };        /* the unit, or the section recording for it */

static const struct move {
    enum entry_verb verb;
    unsigned from, who, matter;
    int to;
} MOVES[] = {
    { VERB_REGISTER, NEW, SIDE_SECTION, LED, STATE_PENDING },
    { VERB_REGISTER, NEW, SIDE_SECTION, OWN | READING, STATE_ACTIVE },
    { VERB_ACCEPT, PENDING, UNIT, LED, STATE_ACTIVE },
    { VERB_RETURN, PENDING | ACTIVE, UNIT, LED, STATE_RETURNED },
    { VERB_ASSIGN, RETURNED | PENDING | ACTIVE, SIDE_SECTION, LED, STATE_PENDING },
    { VERB_ASSIGN, RETURNED | PENDING | ACTIVE, SIDE_SECTION, OWN, STATE_ACTIVE },
    { VERB_SUBMIT, ACTIVE, UNIT, TO_ACT, STATE_REVIEW },
    { VERB_REJECT, REVIEW, SIDE_SECTION, TO_ACT, STATE_ACTIVE },
    { VERB_SETTLE, REVIEW, SIDE_SECTION, TO_ACT, STATE_SETTLED },
    { VERB_SETTLE, ACTIVE, SIDE_SECTION, OWN | READING, STATE_SETTLED },
    { VERB_SUSPEND, ACTIVE, SIDE_SECTION, TO_ACT, STATE_SUSPENDED },
    { VERB_RESUME, SUSPENDED, SIDE_SECTION, TO_ACT, STATE_ACTIVE },
    { VERB_WITHDRAW, OPEN, SIDE_CHIEF, ALL, STATE_WITHDRAWN },
    { VERB_ARCHIVE, SETTLED, SIDE_SECTION, ALL, STATE_ARCHIVED },
    { VERB_REOPEN, SETTLED, SIDE_CHIEF, ALL, STATE_ACTIVE },
    { VERB_FEEDBACK, OPEN, UNIT | SIDE_ASSIST | SIDE_LEADER, ALL, SAME },
    { VERB_URGE, OPEN, SIDE_SECTION, ALL, SAME },
    { VERB_EXTEND, OPEN, UNIT, TO_ACT, SAME },
    { VERB_AMEND, REGISTERED, SIDE_SECTION, ALL, SAME },
    { VERB_UNMASK, REGISTERED, SIDE_SECTION, ALL, SAME },
};

/* What roles give at one party. */
static unsigned sides_at(unsigned roles, int64_t party, const struct entry *e)
{
    unsigned sides = 0;
    if ((roles & ROLE_SECTION) && party == e->section_id)
        sides |= SIDE_SECTION | (roles & ROLE_CHIEF ? SIDE_CHIEF : 0u);
    if ((roles & ROLE_LEADER) && party == e->leader_id)
        sides |= SIDE_LEADER;
    if (!(roles & ROLE_LIAISON))
        return sides;
    if (party == e->lead_id && e->lead_id != e->section_id)
        sides |= SIDE_UNIT;
    for (int i = 0; i < e->n_assists; i++)
        if (party == e->assists[i])
            sides |= SIDE_ASSIST;
    return sides;
}

/* One's own roles hold at one's own seats, lent ones at the seats they were lent with. */
unsigned rules_sides(const struct actor *actor, const struct entry *e)
{
    unsigned sides = 0;
    for (int i = 0; i < actor->n_parties; i++)
        if (!actor->stead[i])
            sides |= sides_at(actor->roles, actor->parties[i], e);
    for (int i = 0; i < actor->n_lent; i++)
        sides |= sides_at(actor->lent[i].roles, actor->lent[i].party_id, e);
    return sides;
}

static unsigned matter_of(const struct entry *e, bool own)
{
    return e->reading ? READING : own ? OWN : LED;
}

/* The row of the table for a verb from e's state; with *known: some row has this verb for this kind of matter. */
static const struct move *find(const struct entry *e, enum entry_verb verb, bool own, bool *known)
{
    for (size_t i = 0; i < ARRAY_LEN(MOVES); i++) {
        const struct move *m = &MOVES[i];
        if (m->verb != verb || !(m->matter & matter_of(e, own)))
            continue;
        *known = true;
        if (m->from & S(e->state))
            return m;
    }
    return NULL;
}

bool rules_move(const struct entry *e, enum entry_verb verb, unsigned sides, bool own, enum entry_state *to, struct err *err)
{
    bool known = false;
    const struct move *m = find(e, verb, own, &known);
    if (m && !(m->who & sides))
        return m->who == SIDE_CHIEF ? err_fail(err, ERR_DENIED, M_ENTRY_ONLY_CHIEF, NULL, A_MSG(entry_verb_msg(verb)))
             : m->who == SIDE_SECTION ? err_fail(err, ERR_DENIED, M_ENTRY_ONLY_SECTION, NULL, A_MSG(entry_verb_msg(verb)))
                                      : err_fail(err, ERR_DENIED, M_ENTRY_ONLY_UNIT, NULL, A_MSG(entry_verb_msg(verb)));
    if (!m && !known && e->state != STATE_NONE)
        return err_fail(err, ERR_CONFLICT, e->reading ? M_ENTRY_NOT_FOR_READING : M_ENTRY_NOT_FOR_OWN, NULL, A_STR(e->number),
                        A_MSG(entry_verb_msg(verb)));
    if (!m)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_ILLEGAL_MOVE, NULL, A_STR(e->number), A_MSG(entry_state_msg(e->state, e->reading)),
                        A_MSG(entry_verb_msg(verb)));
    *to = m->to == SAME ? e->state : (enum entry_state)m->to;
    return true;
}

int64_t rules_stead(const struct actor *actor, const struct entry *e, enum entry_verb verb)
{
    struct actor one = *actor;
    enum entry_state to;
    for (one.n_lent = 0; one.n_lent <= actor->n_lent; one.n_lent++)    /* what one's own seats allow is done in person */
        if (rules_move(e, verb, rules_sides(&one, e), e->lead_id == e->section_id, &to, NULL))
            return one.n_lent ? actor->lent[one.n_lent - 1].member_id : 0;
    return 0;
}

unsigned rules_verbs(const struct entry *e, unsigned sides, bool own)
{
    unsigned verbs = 0;
    enum entry_state to;
    for (int v = 0; v < VERBS; v++)
        if (rules_move(e, (enum entry_verb)v, sides, own, &to, NULL))
            verbs |= 1u << v;
    return verbs;
}

bool rules_needs_reason(enum entry_verb verb)
{
    return verb == VERB_RETURN || verb == VERB_REJECT || verb == VERB_SUSPEND || verb == VERB_RESUME || verb == VERB_WITHDRAW ||
           verb == VERB_REOPEN || verb == VERB_UNMASK;
}

bool rules_for_unit(enum entry_verb verb)
{
    return verb == VERB_ACCEPT || verb == VERB_RETURN || verb == VERB_SUBMIT || verb == VERB_FEEDBACK || verb == VERB_EXTEND;
}

/* --- markings of secrecy ---------------------------------------------------------------------------------------------------
 * GB/T 9704-2012 7.2.2: the mark stands alone, as 机密 or 机　密 or 机密★1年. A word inside a sentence (国家秘密, 保密工作) is
 * no marking, so the mark must be starred, bracketed, named by 密级, followed by 级, 件, 文件, or by a colon at the start of a line, or
 * stand alone between blanks; 绝密 is one wherever it stands. */

static bool skip(struct str s, size_t *at, struct str what)
{
    if (!str_starts(str_sub(s, *at, s.n), what))
        return false;
    *at += what.n;
    return true;
}

static bool skip_any(struct str s, size_t *at, const char *const *what, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (skip(s, at, str_c(what[i])))
            return true;
    return false;
}

static const char *const BLANKS[] = { " ", "\t", "\n", "　" };
static const char *const STARS[] = { "★", "☆", "＊", "*" };
static const char *const OPENING[] = { "【", "〔", "[", "［", "（", "(", "〖", "「" };
static const char *const CLOSING[] = { "】", "〕", "]", "］", "）", ")", "〗", "」" };
static const char *const ALONE[] = { " ", "\t", "\n", "　", "·", "|", "｜" };
#define SKIP(s, at, set) skip_any((s), (at), (set), ARRAY_LEN(set))

static bool ends_with_any(struct str s, const char *const *what, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_ends(s, str_c(what[i])))
            return true;
    return false;
}

/* One of the three words at *at, its two characters perhaps spaced. */
static bool skip_word(struct str s, size_t *at)
{
    size_t i = *at;
    if (!skip(s, &i, STR("绝")) && !skip(s, &i, STR("机")) && !skip(s, &i, STR("秘")))
        return false;
    while (SKIP(s, &i, BLANKS))
        ;
    if (!skip(s, &i, STR("密")))
        return false;
    *at = i;
    return true;
}

/* Does the text before the word say 密级：? */
static bool named_before(struct str before)
{
    static const char *const JOINTS[] = { "：", ":", "为", "是" };
    before = str_trim(before);
    for (size_t i = 0; i < ARRAY_LEN(JOINTS); i++)
        if (str_ends(before, str_c(JOINTS[i]))) {
            before = str_trim(str_sub(before, 0, before.n - str_c(JOINTS[i]).n));
            break;
        }
    return str_ends(before, STR("密级"));
}

/* 绝密 is no word of daily use, but 拒绝密切接触 and 杜绝密集 are: 绝 must not end another word. */
static bool most_secret(struct str before, struct str word)
{
    static const char *const ENDS[] = { "拒", "杜", "谢", "断", "隔", "灭", "根", "禁", "回", "弃", "阻", "滔", "不" };
    return str_eqc(word, "绝密") && !ends_with_any(before, ENDS, ARRAY_LEN(ENDS));
}

/* 机密件, 秘密文件, 机密级; but 商业秘密文件 is about a 商业秘密, and 计算机密级 is none of it. */
static bool skip_paper(struct str before, struct str s, size_t *at)
{
    static const char *const KINDS[] = { "级", "件", "文件" };
    static const char *const WORDS[] = { "商业", "国家", "工作", "个人", "泄露", "算", "司", "手" };
    return !ends_with_any(before, WORDS, ARRAY_LEN(WORDS)) && SKIP(s, at, KINDS);
}

/* 1年, 10 年, 长期 behind the star. */
static void skip_term(struct str s, size_t *at)
{
    static const char *const DIGITS[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十" };
    static const char *const UNITS[] = { "年", "个月", "月", "日", "天" };
    size_t i = *at;
    while (SKIP(s, &i, BLANKS))
        ;
    if (skip(s, &i, STR("长期"))) {
        *at = i;
        return;
    }
    size_t digits = i;
    while (SKIP(s, &i, DIGITS))
        ;
    if (i == digits)
        return;
    while (SKIP(s, &i, BLANKS))
        ;
    if (SKIP(s, &i, UNITS))
        *at = i;
}

/* The word from..to with what belongs to it. */
static bool marking_at(struct str text, size_t from, size_t to, struct str *mark)
{
    static const char *const COLONS[] = { "：", ":" };
    struct str before = str_sub(text, 0, from);
    size_t line = from, end = to, next, colon;
    while (line > 0 && text.p[line - 1] != '\n')
        line--;
    bool paper = skip_paper(before, text, &end);
    next = end;
    while (SKIP(text, &next, BLANKS))
        ;
    colon = next;
    bool starred = SKIP(text, &next, STARS);
    if (starred) {
        skip_term(text, &next);
        end = next;
    }
    *mark = str_sub(text, from, end - from);
    for (size_t k = 0; k < ARRAY_LEN(OPENING); k++) {
        size_t close = end;
        if (str_ends(before, str_c(OPENING[k])) && SKIP(text, &close, CLOSING)) {
            *mark = str_sub(text, from - str_c(OPENING[k]).n, close - from + str_c(OPENING[k]).n);
            return true;
        }
    }
    size_t after = end;
    bool alone = (before.n == 0 || ends_with_any(before, ALONE, ARRAY_LEN(ALONE))) && (end == text.n || SKIP(text, &after, ALONE));
    bool headed = str_trim(str_sub(text, line, from - line)).n == 0 && SKIP(text, &colon, COLONS);
    return paper || starred || alone || headed || named_before(before) || most_secret(before, str_sub(text, from, to - from));
}

bool rules_secrecy_marking(struct str text, struct str *mark)
{
    for (size_t i = 0; i < text.n; i++) {
        size_t to = i;
        if (skip_word(text, &to) && marking_at(text, i, to, mark))
            return true;
    }
    return false;
}

/* --- time left ------------------------------------------------------------------------------------------------------------ */

enum light rules_light(bool open, bool overdue, int working_days_left, int yellow_days, int red_days)
{
    if (!open)
        return LIGHT_NONE;
    if (overdue || working_days_left <= red_days)
        return LIGHT_RED;
    return working_days_left <= yellow_days ? LIGHT_YELLOW : LIGHT_GREEN;
}

bool rules_late(instant_t due, day_t day, instant_t at)
{
    if (due == INSTANT_NONE)
        return false;
    return (instant_day(at) == day ? at : day_start(day)) >= due;
}
