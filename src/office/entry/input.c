/* From texts to an entry: every rule about one field, and between fields of one entry, stands here and only here. */
#include <stdio.h>

#include "calendar/date.h"
#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "office/entry/inside.h"

enum { NAME_CHARS = 60, NAMES_CHARS = 2000, DATE_CHARS = 40, WORD_CHARS = 40 };

#define INPUT(member, label, chars, is_prose) { #member, label, offsetof(struct entry_input, member), chars, is_prose }

const struct field_info field_info[FIELDS] = {
    [F_KIND] = INPUT(kind, M_FIELD_KIND, WORD_CHARS, false),
    [F_TITLE] = INPUT(title, M_FIELD_TITLE, ENTRY_TITLE_CHARS, true),
    [F_SOURCE] = INPUT(source, M_FIELD_SOURCE, ENTRY_TEXT_CHARS, true),
    [F_REQUIREMENT] = INPUT(requirement, M_FIELD_REQUIREMENT, ENTRY_TEXT_CHARS, true),
    [F_RECEIVED] = INPUT(received, M_FIELD_RECEIVED, DATE_CHARS, false),
    [F_DEADLINE] = INPUT(deadline, M_FIELD_DEADLINE, DATE_CHARS, false),
    [F_UNIT_DEADLINE] = INPUT(unit_deadline, M_FIELD_UNIT_DEADLINE, DATE_CHARS, false),
    [F_DEADLINE_PHRASE] = INPUT(deadline_phrase, M_FIELD_DEADLINE_PHRASE, ENTRY_TITLE_CHARS, true),
    [F_NO_DEADLINE_REASON] = INPUT(no_deadline_reason, M_FIELD_NO_DEADLINE_REASON, ENTRY_TITLE_CHARS, true),
    [F_LEAD_UNIT] = INPUT(lead_unit, M_FIELD_LEAD_UNIT, NAME_CHARS, false),
    [F_ASSIST_UNITS] = INPUT(assist_units, M_FIELD_ASSIST_UNITS, NAMES_CHARS, false),
    [F_OFFICER] = INPUT(officer, M_FIELD_OFFICER, NAME_CHARS, false),
    [F_LEADER] = INPUT(leader, M_FIELD_LEADER, NAME_CHARS, false),
    [F_LISTS] = INPUT(lists, M_FIELD_LISTS, NAMES_CHARS, false),
    [F_URGENCY] = INPUT(urgency, M_FIELD_URGENCY, WORD_CHARS, false),
    [F_URGENT] = INPUT(urgent, M_FIELD_URGENT, WORD_CHARS, false),
    [F_PROGRESS] = INPUT(progress, M_FIELD_PROGRESS, WORD_CHARS, false),
    [F_GENRE] = INPUT(genre, M_FIELD_GENRE, WORD_CHARS, true),
    [F_ROLE] = INPUT(role, M_ENTRY_FIELD_ROLE, WORD_CHARS, false),
    [F_READING] = INPUT(reading, M_FIELD_READING, WORD_CHARS, false),
    [F_INSTRUCTION] = INPUT(instruction, M_FIELD_INSTRUCTION, WORD_CHARS, false),
    [F_PARENT] = INPUT(parent, M_FIELD_PARENT, WORD_CHARS, false),
    [F_RESULT] = INPUT(result, M_FIELD_RESULT, ENTRY_TEXT_CHARS, true),
    [F_PAPER_WHERE] = INPUT(paper_where, M_FIELD_PAPER_WHERE, ENTRY_TITLE_CHARS, true),
    [F_PAPER_OUT] = INPUT(paper_out, M_FIELD_PAPER_OUT, DATE_CHARS, false),
    [F_PAPER_BACK] = INPUT(paper_back, M_FIELD_PAPER_BACK, DATE_CHARS, false),
    [F_CONTACT] = INPUT(contact, M_FIELD_CONTACT, ENTRY_TITLE_CHARS, true),
    [F_TEXT] = INPUT(text, M_FIELD_TEXT, ENTRY_TEXT_CHARS, true),
    [F_DAY] = INPUT(day, M_FIELD_DAY, DATE_CHARS, false),
    [F_RECORDED_FOR] = INPUT(recorded_for, M_FIELD_RECORDED_FOR, ENTRY_TITLE_CHARS, true),
    [F_CORRECTS] = INPUT(corrects, M_FIELD_CORRECTS, WORD_CHARS, false),
    [F_LEADER_WORD] = INPUT(leader_word, M_FIELD_LEADER_WORD, ENTRY_TEXT_CHARS, true),
    [F_REPORTED_ON] = INPUT(reported_on, M_FIELD_REPORTED_ON, DATE_CHARS, false),
    [F_GRANT] = INPUT(grant, M_FIELD_GRANT, WORD_CHARS, false),
    [F_VERSION] = INPUT(version, M_FIELD_VERSION, WORD_CHARS, false),
};

bool entry_input_set(struct entry_input *in, struct str name, struct str value)
{
    if (str_eqc(name, "received_at"))            /* the API's name for it */
        name = STR("received");
    for (int f = 0; f < FIELDS; f++)
        if (str_eqc(name, field_info[f].name)) {
            *(struct str *)((char *)in + field_info[f].at) = value;
            return true;
        }
    return false;
}

/* --- which verb takes which field --------------------------------------------------------------------------------------------- */

#define B(f) FIELD_BIT(F_##f)
#define ACT_FIELDS (B(TEXT) | B(DAY) | B(RECORDED_FOR) | B(VERSION) | B(PAPER_WHERE) | B(PAPER_OUT) | B(PAPER_BACK))
#define AMEND_FIELDS                                                                                                                          \
    (B(TITLE) | B(SOURCE) | B(REQUIREMENT) | B(RECEIVED) | B(DEADLINE) | B(UNIT_DEADLINE) | B(DEADLINE_PHRASE) | B(NO_DEADLINE_REASON) |       \
     B(ASSIST_UNITS) | B(OFFICER) | B(LEADER) | B(LISTS) | B(URGENCY) | B(URGENT) | B(PROGRESS) | B(GENRE) | B(ROLE) | B(INSTRUCTION) |        \
     B(RESULT) | B(CONTACT))

static uint64_t taken(enum entry_verb verb, bool correction)
{
    switch (verb) {
    case VERB_REGISTER: return ACT_FIELDS | AMEND_FIELDS | B(KIND) | B(LEAD_UNIT) | B(READING) | B(PARENT);
    case VERB_AMEND: return ACT_FIELDS | AMEND_FIELDS | B(CORRECTS) | (correction ? B(LEAD_UNIT) : 0);
    case VERB_ASSIGN:
        return ACT_FIELDS | B(LEAD_UNIT) | B(ASSIST_UNITS) | B(OFFICER) | B(LEADER) | B(REQUIREMENT) | B(DEADLINE) | B(UNIT_DEADLINE) |
               B(DEADLINE_PHRASE) | B(NO_DEADLINE_REASON);
    case VERB_FEEDBACK: return ACT_FIELDS | B(PROGRESS);
    case VERB_SUBMIT: return ACT_FIELDS | B(PROGRESS) | B(RESULT);
    case VERB_SETTLE: return ACT_FIELDS | B(PROGRESS) | B(RESULT) | B(LEADER_WORD) | B(REPORTED_ON);
    case VERB_EXTEND: return ACT_FIELDS | B(DEADLINE) | B(UNIT_DEADLINE) | B(DEADLINE_PHRASE) | B(GRANT);
    default: return ACT_FIELDS;
    }
}

/* --- the reader ---------------------------------------------------------------------------------------------------------------- */

struct reader {
    struct lookup *names;
    enum entry_verb verb;
    const struct entry_input *in;
    instant_t now;
    struct entry *e;
    struct intent *i;
    uint64_t said, bad;                          /* bad: refused already, not looked at again */
    struct problems *problems;
    struct err *err;
    bool failed;
    bool broken;                                 /* the engine failed: no finding, and nothing more can be asked */
};

static void add(struct reader *r, enum field f, struct err *e)
{
    r->bad |= FIELD_BIT(f);
    if (r->broken)
        return;
    r->broken = e->kind != ERR_INPUT;
    if (r->problems)
        problems_add(r->problems, e);
    if (r->err && (!r->failed || r->broken))
        *r->err = *e;
    r->failed = true;
}

/* {1} of these sentences is the field's name in the reader's language. */
#define PROBLEM(r, f, msg, ...)                                                                                            \
    do {                                                                                                                   \
        struct err e_;                                                                                                     \
        err_fail(&e_, ERR_INPUT, (msg), field_info[f].name, A_MSG(field_info[f].label), ##__VA_ARGS__);                    \
        add((r), (f), &e_);                                                                                                \
    } while (0)

static struct str text_of(const struct reader *r, enum field f)
{
    return str_trim(*(const struct str *)((const char *)r->in + field_info[f].at));
}

/* Said, and not yet refused; an empty text counts as said. */
static bool has(const struct reader *r, enum field f) { return (r->said & ~r->bad & FIELD_BIT(f)) != 0; }

static bool has_line_break(struct str s) { return str_chr(s, '\n') >= 0 || str_chr(s, '\t') >= 0; }

static void check_text(struct reader *r, enum field f)
{
    const struct field_info *info = &field_info[f];
    struct str s = text_of(r, f), mark;
    size_t at;
    if (!utf8_valid(s, &at))
        PROBLEM(r, f, M_ENTRY_BAD_UTF8, A_INT(at + 1));
    else if (s.n > (size_t)info->chars_max && utf8_count(s) > (size_t)info->chars_max)
        PROBLEM(r, f, M_ENTRY_TOO_LONG, A_INT(info->chars_max), A_INT(utf8_count(s)));
    else if (utf8_has_control(s) || (info->chars_max < ENTRY_TEXT_CHARS && has_line_break(s)))
        PROBLEM(r, f, M_ENTRY_CONTROL_CHARACTER);
    else if (info->prose && rules_secrecy_marking(s, &mark))
        PROBLEM(r, f, M_ENTRY_SECRET, A_STR(utf8_cut(mark, 24)));
}

static void check_texts(struct reader *r)
{
    bool correction = r->in->corrects.p && str_trim(r->in->corrects).n;
    uint64_t may = taken(r->verb, correction);
    for (int f = 0; f < FIELDS; f++) {
        if (!text_of(r, (enum field)f).p)
            continue;
        r->said |= FIELD_BIT(f);
        if (may & FIELD_BIT(f))
            check_text(r, (enum field)f);
        else
            PROBLEM(r, (enum field)f, M_ENTRY_FIELD_NOT_TAKEN, A_MSG(entry_verb_msg(r->verb)));
    }
}

static void read_text(struct reader *r, enum field f, struct str *ret)
{
    if (has(r, f))
        *ret = text_of(r, f);
}

static bool read_bool(struct reader *r, enum field f, bool *ret)
{
    static const char *const YES[] = { "true", "1", "是", "yes" }, *const NO[] = { "false", "0", "否", "no", "" };
    if (!has(r, f))
        return false;
    for (size_t k = 0; k < ARRAY_LEN(NO); k++) {
        bool yes = k < ARRAY_LEN(YES) && str_eqc(text_of(r, f), YES[k]);
        if (yes || str_eqc(text_of(r, f), NO[k])) {
            *ret = yes;
            return true;
        }
    }
    return false;
}

static void read_flag(struct reader *r, enum field f, bool *ret)
{
    if (has(r, f) && !read_bool(r, f, ret))
        PROBLEM(r, f, M_ENTRY_NOT_YES_NO, A_STR(text_of(r, f)));
}

/* A day or an instant. A day gives its start, or with `end` its end; *is_day (may be NULL) says which it was. */
static void read_moment(struct reader *r, enum field f, bool end, instant_t *ret, bool *is_day)
{
    if (!has(r, f))
        return;
    if (text_of(r, f).n == 0) {
        *ret = INSTANT_NONE;
        return;
    }
    day_t day;
    instant_t at;
    bool has_time;
    struct err e;
    if (!date_read(text_of(r, f), &day, &at, &has_time, &e)) {
        e.kind = ERR_INPUT;
        if (e.msg == M_CALENDAR_NOT_A_DATE) {    /* what is more precise is said as it is: 没有31日, 2022年5月9日是周一 */
            PROBLEM(r, f, M_ENTRY_BAD_DATE, A_STR(text_of(r, f)));
            return;
        }
        snprintf(e.field, sizeof e.field, "%s", field_info[f].name);
        add(r, f, &e);
        return;
    }
    *ret = has_time ? at : end ? day_start(day + 1) : day_start(day);
    if (is_day)
        *is_day = !has_time;
}

static void read_day(struct reader *r, enum field f, day_t *ret)
{
    instant_t at = INSTANT_NONE;
    read_moment(r, f, false, &at, NULL);
    if (at != INSTANT_NONE)
        *ret = instant_day(at);
}

static void read_number(struct reader *r, enum field f, int64_t *ret)
{
    if (has(r, f) && text_of(r, f).n && !num_range(text_of(r, f), 1, INT32_MAX, ret))
        PROBLEM(r, f, M_ENTRY_NOT_A_NUMBER, A_STR(text_of(r, f)));
}

static void read_word(struct reader *r, enum field f, const char *const *words, size_t n, int msg, struct str *ret)
{
    if (!has(r, f))
        return;
    struct str s = text_of(r, f);
    for (size_t k = 0; k < n; k++)
        if (str_eqc(s, words[k])) {
            *ret = str_c(words[k]);
            return;
        }
    if (s.n)
        PROBLEM(r, f, msg, A_STR(s));
    else
        *ret = STR("");
}

static void read_name(struct reader *r, enum field f, enum lookup_what what, int64_t *ret)
{
    if (!has(r, f) || r->broken)
        return;
    struct err e;
    if (text_of(r, f).n == 0)
        *ret = 0;
    else if (!lookup_id(r->names, what, text_of(r, f), ret, &e))
        add(r, f, &e);
}

/* The next name of a list that ; ； or 、 separate; false at its end. */
static bool next_name(struct str *rest, struct str *name)
{
    static const char *const SEPARATORS[] = { ";", "；", "、" };
    while (rest->n) {
        size_t cut = rest->n, skip = 0;
        for (size_t k = 0; k < ARRAY_LEN(SEPARATORS); k++) {
            ptrdiff_t at = str_find(str_sub(*rest, 0, cut), str_c(SEPARATORS[k]));
            if (at >= 0) {
                cut = (size_t)at;
                skip = str_c(SEPARATORS[k]).n;
            }
        }
        *name = str_trim(str_sub(*rest, 0, cut));
        *rest = str_sub(*rest, cut + skip, rest->n);
        if (name->n)
            return true;
    }
    return false;
}

static void read_names(struct reader *r, enum field f, enum lookup_what what, int64_t *ids, int *n, int max)
{
    if (!has(r, f))
        return;
    *n = 0;
    struct str rest = text_of(r, f), name;
    while (!r->broken && next_name(&rest, &name)) {
        int64_t id;
        struct err e;
        if (!lookup_id(r->names, what, name, &id, &e)) {
            add(r, f, &e);
            continue;
        }
        bool twice = false;
        for (int k = 0; k < *n; k++)
            twice |= ids[k] == id;
        if (twice)
            continue;
        if (*n == max) {
            PROBLEM(r, f, M_ENTRY_TOO_MANY, A_INT(max));
            return;
        }
        ids[(*n)++] = id;
    }
}

/* --- fields with words of their own ------------------------------------------------------------------------------------------- */

const char *const entry_urgencies[] = { "特急", "加急", "特提", "平急", NULL };
const char *const entry_progresses[] = { "未启动", "正常推进", "滞后", "阶段性完成", "已完成", "长期坚持", NULL };
static const struct {
    const char *code, *word;
} ROLES[] = { { "drafted", "起草" }, { "took_part", "参与起草" }, { "reviewed", "审核" } };

static void read_kind(struct reader *r)
{
    if (has(r, F_KIND) && text_of(r, F_KIND).n && !entry_kind_read(text_of(r, F_KIND), &r->e->kind))
        PROBLEM(r, F_KIND, M_ENTRY_UNKNOWN_KIND, A_STR(text_of(r, F_KIND)));
}

/* "urgent" is yes or no, or the word itself; yes alone means 加急. */
static void read_urgency(struct reader *r)
{
    read_word(r, F_URGENCY, entry_urgencies, ARRAY_LEN(entry_urgencies) - 1, M_ENTRY_UNKNOWN_URGENCY, &r->e->urgency);
    bool urgent = false;
    if (!has(r, F_URGENT))
        return;
    if (!read_bool(r, F_URGENT, &urgent))
        read_word(r, F_URGENT, entry_urgencies, ARRAY_LEN(entry_urgencies) - 1, M_ENTRY_UNKNOWN_URGENCY, &r->e->urgency);
    else if (!urgent && !has(r, F_URGENCY))
        r->e->urgency = STR("");
    else if (urgent && r->e->urgency.n == 0)
        r->e->urgency = STR("加急");
}

/* A set, kept in the table's order: "drafted;reviewed". */
static void read_role(struct reader *r)
{
    if (!has(r, F_ROLE))
        return;
    unsigned set = 0;
    struct str rest = text_of(r, F_ROLE), name;
    while (next_name(&rest, &name)) {
        size_t k = 0;
        while (k < ARRAY_LEN(ROLES) && !str_eqc(name, ROLES[k].code) && !str_eqc(name, ROLES[k].word))
            k++;
        if (k == ARRAY_LEN(ROLES)) {
            PROBLEM(r, F_ROLE, M_ENTRY_UNKNOWN_ROLE, A_STR(name));
            return;
        }
        set |= 1u << k;
    }
    r->e->role = STR("");
    for (size_t k = 0; k < ARRAY_LEN(ROLES); k++)
        if (set & 1u << k)
            r->e->role = arena_printf(r->names->arena, "%.*s%s%s", STR_ARG(r->e->role), r->e->role.n ? ";" : "", ROLES[k].code);
}

/* Words that stand alone give the deadline, or are refused. Beside a date (or the reason why there is none) they are kept as they were written: the date is
 * what a person confirmed. When they name that very end, it is also known how it was counted and where the strict reading ends. */
static void read_phrase(struct reader *r, instant_t *due)
{
    struct phrase_read *phrase = &r->i->phrase;
    struct str words = r->i->deadline_phrase;
    bool dated = (r->said & B(DEADLINE)) && text_of(r, F_DEADLINE).n, reasoned = (r->said & B(NO_DEADLINE_REASON)) && text_of(r, F_NO_DEADLINE_REASON).n;
    instant_t from = r->verb == VERB_EXTEND || r->e->received_at == INSTANT_NONE ? r->now : r->e->received_at;
    bool is_day;
    struct err e;
    if (!has(r, F_DEADLINE_PHRASE) || words.n == 0 || r->broken || (r->bad & (B(DEADLINE) | B(RECEIVED))))
        return;
    if (!phrase_read(r->names, r->e, words, from, !dated && !reasoned, phrase, &is_day, &e)) {
        if ((!dated && !reasoned) || e.kind != ERR_INPUT)
            add(r, F_DEADLINE_PHRASE, &e);
        return;
    }
    if (!phrase->alone)
        return;
    r->i->deadline_phrase = phrase->words;
    *due = phrase->due;
    r->i->due_is_day = is_day;
}

/* An extension names a deadline for itself; every other verb changes the entry's. */
static void read_deadlines(struct reader *r)
{
    instant_t *due = r->verb == VERB_EXTEND ? &r->i->asked : &r->e->due;
    read_moment(r, F_DEADLINE, true, due, &r->i->due_is_day);
    read_moment(r, F_UNIT_DEADLINE, true, &r->e->unit_due, &r->i->unit_due_is_day);
    read_text(r, F_DEADLINE_PHRASE, &r->i->deadline_phrase);
    read_phrase(r, due);
    read_text(r, F_NO_DEADLINE_REASON, &r->e->no_deadline_reason);
    if ((has(r, F_DEADLINE) || r->i->phrase.alone) && *due != INSTANT_NONE && r->verb != VERB_EXTEND)
        r->e->no_deadline_reason = has(r, F_NO_DEADLINE_REASON) ? r->e->no_deadline_reason : STR("");
}

static void read_fields(struct reader *r)
{
    struct entry *e = r->e;
    read_kind(r);
    read_flag(r, F_READING, &e->reading);
    read_flag(r, F_INSTRUCTION, &e->instruction);
    read_text(r, F_TITLE, &e->title);
    read_text(r, F_SOURCE, &e->source);
    read_text(r, F_REQUIREMENT, &e->requirement);
    read_text(r, F_GENRE, &e->genre);
    read_text(r, F_RESULT, &e->result);
    read_urgency(r);
    read_moment(r, F_RECEIVED, false, &e->received_at, NULL);
    read_deadlines(r);                           /* behind all that an office's limit is chosen by */
    read_name(r, F_LEAD_UNIT, LOOK_LEAD, &e->lead_id);
    read_names(r, F_ASSIST_UNITS, LOOK_ASSIST, e->assists, &e->n_assists, ENTRY_ASSISTS_MAX);
    read_name(r, F_OFFICER, LOOK_OFFICER, &e->officer_id);
    read_name(r, F_LEADER, LOOK_LEADER, &e->leader_id);
    read_names(r, F_LISTS, LOOK_LIST, e->lists, &e->n_lists, ENTRY_LISTS_MAX);
    read_word(r, F_PROGRESS, entry_progresses, ARRAY_LEN(entry_progresses) - 1, M_ENTRY_UNKNOWN_PROGRESS, &e->progress);
    read_role(r);
    read_text(r, F_PAPER_WHERE, &e->paper_where);
    read_moment(r, F_PAPER_OUT, false, &e->paper_out_at, NULL);
    read_moment(r, F_PAPER_BACK, false, &e->paper_back_at, NULL);
}

static void read_intent(struct reader *r)
{
    struct intent *i = r->i;
    read_text(r, F_TEXT, &i->text);
    read_text(r, F_RECORDED_FOR, &i->recorded_for);
    read_text(r, F_CONTACT, &i->contact);
    read_text(r, F_LEADER_WORD, &i->leader_word);
    read_text(r, F_PARENT, &i->parent);
    read_day(r, F_DAY, &i->day);
    read_day(r, F_REPORTED_ON, &i->reported_on);
    read_number(r, F_CORRECTS, &i->corrects);
    read_number(r, F_VERSION, &i->version);
    bool grant = false;
    read_flag(r, F_GRANT, &grant);
    i->grant = has(r, F_GRANT) && text_of(r, F_GRANT).n ? grant : -1;
}

/* --- between fields -------------------------------------------------------------------------------------------------------------- */

static void require(struct reader *r, enum field f, bool there)
{
    if (!there && !(r->bad & FIELD_BIT(f)))
        PROBLEM(r, f, M_ENTRY_MISSING);
}

/* The four fields of an entry to act on; title and source of a reading item. */
static void check_complete(struct reader *r)
{
    const struct entry *e = r->e;
    if (r->verb == VERB_REGISTER)
        require(r, F_KIND, e->reading || (has(r, F_KIND) && text_of(r, F_KIND).n));
    require(r, F_TITLE, e->title.n);
    require(r, F_SOURCE, e->source.n);
    if (e->reading)
        return;
    require(r, F_REQUIREMENT, e->requirement.n);
    if (e->due == INSTANT_NONE && e->no_deadline_reason.n == 0 && !(r->bad & (B(DEADLINE) | B(DEADLINE_PHRASE) | B(NO_DEADLINE_REASON))))
        PROBLEM(r, F_DEADLINE, M_ENTRY_NO_DEADLINE);
    require(r, F_LEAD_UNIT, e->lead_id);
    if (e->instruction && !e->leader_id && !(r->bad & (B(LEADER) | B(INSTRUCTION))))      /* to whom the result is reported */
        PROBLEM(r, F_LEADER, M_ENTRY_INSTRUCTION_LEADER);
}

/* What stands in the entry was checked when it was said: an act that says none of these dates is never held up by them. */
static void check_dates(struct reader *r)
{
    const struct entry *e = r->e;
    uint64_t dates = B(DEADLINE) | B(DEADLINE_PHRASE) | B(UNIT_DEADLINE) | B(RECEIVED);
    if (e->received_at > r->now && e->received_at != INSTANT_NONE && has(r, F_RECEIVED))
        PROBLEM(r, F_RECEIVED, M_ENTRY_RECEIVED_LATER);
    if (!(r->said & dates) || (r->bad & dates))
        return;
    if (e->due != INSTANT_NONE && e->due <= e->received_at)
        PROBLEM(r, r->i->phrase.alone && e->due == r->i->phrase.due ? F_DEADLINE_PHRASE : F_DEADLINE, M_ENTRY_DUE_BEFORE_RECEIPT);
    if (e->unit_due != INSTANT_NONE && e->unit_due <= e->received_at)
        PROBLEM(r, F_UNIT_DEADLINE, M_ENTRY_DUE_BEFORE_RECEIPT);
    if (e->due != INSTANT_NONE && e->unit_due != INSTANT_NONE && e->unit_due > (r->i->asked > e->due ? r->i->asked : e->due))
        PROBLEM(r, F_UNIT_DEADLINE, M_ENTRY_UNIT_DUE_LATER);
}

/* An assisting unit that is given the lead assists no more; to name it twice is a slip. */
static void check_assists(struct reader *r)
{
    struct entry *e = r->e;
    int kept = 0;
    for (int k = 0; k < e->n_assists; k++)
        if (e->assists[k] != e->lead_id || e->lead_id == 0)
            e->assists[kept++] = e->assists[k];
    if (kept < e->n_assists && (r->said & B(ASSIST_UNITS)) && !(r->bad & B(ASSIST_UNITS)))
        PROBLEM(r, F_ASSIST_UNITS, M_ENTRY_ASSIST_IS_LEAD);
    e->n_assists = kept;
}

static void check_together(struct reader *r)
{
    const struct entry *e = r->e;
    check_dates(r);
    check_assists(r);
    if (e->paper_out_at != INSTANT_NONE && e->paper_back_at != INSTANT_NONE && e->paper_back_at < e->paper_out_at &&
        !(r->bad & (B(PAPER_OUT) | B(PAPER_BACK))))
        PROBLEM(r, F_PAPER_BACK, M_ENTRY_PAPER_BACK_BEFORE_OUT);
}

struct entry entry_blank(void)
{
    const struct str none = STR("");
    return (struct entry){
        .state = STATE_NONE, .number = none, .title = none, .source = none, .requirement = none, .received_at = INSTANT_NONE, .day = DAY_NONE,
        .due = INSTANT_NONE, .unit_due = INSTANT_NONE, .no_deadline_reason = none, .urgency = none, .progress = none, .genre = none, .role = none,
        .result = none, .paper_where = none, .paper_out_at = INSTANT_NONE, .paper_back_at = INSTANT_NONE, .asked_due = INSTANT_NONE,
        .settled_day = DAY_NONE, .look_back_day = DAY_NONE, .last_day = DAY_NONE,
    };
}

struct intent intent_blank(void)
{
    const struct str none = STR("");
    return (struct intent){ .day = DAY_NONE, .text = none, .recorded_for = none, .leader_word = none, .parent = none, .deadline_phrase = none,
                            .reported_on = DAY_NONE, .grant = -1, .asked = INSTANT_NONE, .phrase = PHRASE_NOT_READ };
}

bool input_read(struct lookup *names, enum entry_verb verb, const struct entry_input *in, instant_t now, struct entry *e, struct intent *ret,
                struct problems *problems, struct err *err)
{
    *ret = intent_blank();
    struct reader r = { .names = names, .verb = verb, .in = in, .now = now, .e = e, .i = ret, .problems = problems, .err = err };
    check_texts(&r);
    read_fields(&r);
    read_intent(&r);
    if (verb == VERB_REGISTER && e->received_at == INSTANT_NONE && !(r.bad & B(RECEIVED)))
        e->received_at = now;
    if (verb == VERB_REGISTER || verb == VERB_AMEND || verb == VERB_ASSIGN)
        check_complete(&r);
    check_together(&r);
    if (rules_needs_reason(verb) && ret->text.n == 0 && !(r.bad & B(TEXT)))
        PROBLEM(&r, F_TEXT, M_ENTRY_REASON_MISSING, A_MSG(entry_verb_msg(verb)));
    ret->said = r.said;
    return !r.failed;
}

bool entry_text_check(struct str s, const char *field, int label, int chars_max, struct err *err)
{
    struct str mark;
    size_t at;
    if (s.n == 0)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, field, A_MSG(label));
    if (!utf8_valid(s, &at))
        return err_fail(err, ERR_INPUT, M_ENTRY_BAD_UTF8, field, A_MSG(label), A_INT(at + 1));
    if (utf8_count(s) > (size_t)chars_max)
        return err_fail(err, ERR_INPUT, M_ENTRY_TOO_LONG, field, A_MSG(label), A_INT(chars_max), A_INT(utf8_count(s)));
    if (utf8_has_control(s) || has_line_break(s))
        return err_fail(err, ERR_INPUT, M_ENTRY_CONTROL_CHARACTER, field, A_MSG(label));
    if (rules_secrecy_marking(s, &mark))
        return err_fail(err, ERR_INPUT, M_ENTRY_SECRET, field, A_MSG(label), A_STR(utf8_cut(mark, 24)));
    return true;
}

bool entry_name_check(struct str name, const char *field, struct err *err)
{
    return entry_text_check(name, field, M_FIELD_NAME, NAME_CHARS, err);
}
