/* Codes and Chinese words of kinds, states and verbs, both ways. */
#include "office/entry/entry.h"

#include "messages.h"

struct word {
    const char *code;
    int msg;
    const char *also[3];                         /* further Chinese writings that are read */
};

static const struct word KINDS[ENTRY_KINDS] = {
    [ENTRY_DOCUMENT] = { "document", M_ENTRY_KIND_DOCUMENT, { "公文", "文件", "文电" } },
    [ENTRY_MEETING] = { "meeting", M_ENTRY_KIND_MEETING, { "会议" } },
    [ENTRY_AFFAIR] = { "affair", M_ENTRY_KIND_AFFAIR, { "事项", "事务" } },
};

static const struct word STATE_WORDS[STATES] = {
    [STATE_PENDING] = { "pending", M_ENTRY_STATE_PENDING, { "待办" } },
    [STATE_ACTIVE] = { "active", M_ENTRY_STATE_ACTIVE, { "待阅", "正在办理", "办理中" } },
    [STATE_RETURNED] = { "returned", M_ENTRY_STATE_RETURNED, { "退办" } },
    [STATE_REVIEW] = { "review", M_ENTRY_STATE_REVIEW, { "核查" } },
    [STATE_SETTLED] = { "settled", M_ENTRY_STATE_SETTLED, { "已阅", "销号", "已办结" } },
    [STATE_ARCHIVED] = { "archived", M_ENTRY_STATE_ARCHIVED, { "已归档" } },
    [STATE_SUSPENDED] = { "suspended", M_ENTRY_STATE_SUSPENDED, { "暂缓办理" } },
    [STATE_WITHDRAWN] = { "withdrawn", M_ENTRY_STATE_WITHDRAWN, { "撤销", "已撤销" } },
};

static const struct word VERB_WORDS[VERBS] = {
    [VERB_REGISTER] = { "register", M_ENTRY_VERB_REGISTER, { 0 } },
    [VERB_ACCEPT] = { "accept", M_ENTRY_VERB_ACCEPT, { 0 } },
    [VERB_RETURN] = { "return", M_ENTRY_VERB_RETURN, { 0 } },
    [VERB_ASSIGN] = { "assign", M_ENTRY_VERB_ASSIGN, { "改派" } },
    [VERB_SUBMIT] = { "submit", M_ENTRY_VERB_SUBMIT, { 0 } },
    [VERB_REJECT] = { "reject", M_ENTRY_VERB_REJECT, { 0 } },
    [VERB_SETTLE] = { "settle", M_ENTRY_VERB_SETTLE, { "销号" } },
    [VERB_SUSPEND] = { "suspend", M_ENTRY_VERB_SUSPEND, { 0 } },
    [VERB_RESUME] = { "resume", M_ENTRY_VERB_RESUME, { 0 } },
    [VERB_WITHDRAW] = { "withdraw", M_ENTRY_VERB_WITHDRAW, { 0 } },
    [VERB_ARCHIVE] = { "archive", M_ENTRY_VERB_ARCHIVE, { 0 } },
    [VERB_REOPEN] = { "reopen", M_ENTRY_VERB_REOPEN, { 0 } },
    [VERB_FEEDBACK] = { "feedback", M_ENTRY_VERB_FEEDBACK, { "圈阅" } },
    [VERB_URGE] = { "urge", M_ENTRY_VERB_URGE, { 0 } },
    [VERB_EXTEND] = { "extend", M_ENTRY_VERB_EXTEND, { 0 } },
    [VERB_AMEND] = { "amend", M_ENTRY_VERB_AMEND, { "更正" } },
    [VERB_UNMASK] = { "unmask", M_ENTRY_VERB_UNMASK, { 0 } },
};

static int find(const struct word *words, int n, struct str s)
{
    for (int i = 0; i < n; i++) {
        bool hit = str_eqc(s, words[i].code) || str_eqc(s, tr_text(LANG_ZH, words[i].msg));
        for (size_t k = 0; k < ARRAY_LEN(words[i].also); k++)
            hit |= words[i].also[k] && str_eqc(s, words[i].also[k]);
        if (hit)
            return i;
    }
    return -1;
}

struct str entry_kind_code(enum entry_kind k) { return str_c(KINDS[k].code); }
struct str entry_state_code(enum entry_state s) { return s == STATE_NONE ? STR("") : str_c(STATE_WORDS[s].code); }
struct str entry_verb_code(enum entry_verb v) { return str_c(VERB_WORDS[v].code); }

int entry_kind_msg(enum entry_kind k) { return KINDS[k].msg; }
int entry_verb_msg(enum entry_verb v) { return VERB_WORDS[v].msg; }

/* What the history calls it: 改派 when an assignment changed the unit, 已阅 for a reading item, 更正 for what corrects. */
int entry_act_msg(const struct act *a, bool reading)
{
    if (a->corrects)
        return M_ENTRY_ACT_CORRECTION;
    if (a->verb == VERB_ASSIGN && str_find(a->change, STR("\"lead_unit\":")) >= 0)
        return M_ENTRY_ACT_REASSIGN;
    return reading && a->verb == VERB_SETTLE ? M_ENTRY_STATE_READ : VERB_WORDS[a->verb].msg;
}

int entry_state_msg(enum entry_state s, bool reading)
{
    if (s == STATE_NONE)
        return M_ENTRY_STATE_NONE;
    if (reading && (s == STATE_ACTIVE || s == STATE_SETTLED))
        return s == STATE_ACTIVE ? M_ENTRY_STATE_TO_READ : M_ENTRY_STATE_READ;
    return STATE_WORDS[s].msg;
}

bool entry_kind_read(struct str s, enum entry_kind *ret)
{
    int i = find(KINDS, ENTRY_KINDS, s);
    if (i >= 0)
        *ret = (enum entry_kind)i;
    return i >= 0;
}

bool entry_state_read(struct str s, enum entry_state *ret)
{
    int i = find(STATE_WORDS, STATES, s);
    if (i >= 0)
        *ret = (enum entry_state)i;
    return i >= 0;
}

bool entry_verb_read(struct str s, enum entry_verb *ret)
{
    int i = find(VERB_WORDS, VERBS, s);
    if (i >= 0)
        *ret = (enum entry_verb)i;
    return i >= 0;
}
