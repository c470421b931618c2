/* The cells of a file as a reader of Chinese sees them, and back: what a digest counts and a comparison compares is always the code. */
#include "calendar/date.h"
#include "office/sheet/inside.h"

static const struct { const char *code, *word; } ROLES[] = { { "drafted", "起草" }, { "took_part", "参与起草" }, { "reviewed", "审核" } };

/* Of a set with ; each, known or not. */
static struct str roles(struct arena *a, struct str s, bool words)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (struct str rest = s; rest.p && rest.n;) {
        struct str one = str_trim(str_cut(rest, ';', &rest));
        for (size_t k = 0; k < ARRAY_LEN(ROLES); k++)
            if (str_eqc(one, words ? ROLES[k].code : ROLES[k].word)) {
                one = str_c(words ? ROLES[k].word : ROLES[k].code);
                break;
            }
        buf_c(&b, b.n ? ";" : "");
        buf_str(&b, one);
    }
    return b.n ? arena_str(a, buf_view(&b)) : STR("");
}

struct str cell_word(struct arena *a, int c, struct str code)
{
    enum entry_kind kind;
    enum entry_state state;
    if (c == C_KIND && entry_kind_read(code, &kind))
        return str_c(tr_text(LANG_ZH, entry_kind_msg(kind)));
    if (c == C_STATE && entry_state_read(code, &state))
        return str_c(tr_text(LANG_ZH, entry_state_msg(state, false)));
    if (c == C_URGENT)
        return str_eqc(code, "false") ? STR("否") : str_eqc(code, "true") ? STR("是") : code;
    return c == C_ROLE ? roles(a, code, true) : code;
}

/* 2023-01-10 18:00 is the instant that the code tells with its zone. */
static struct str instant_code(struct arena *a, struct str cell)
{
    day_t day;
    instant_t at;
    bool has_time;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    if (cell.n <= 10 || !date_read(cell, &day, &at, &has_time, NULL) || !has_time)
        return cell;
    shape_due(&b, at);
    return arena_str(a, buf_view(&b));
}

struct str cell_code(struct arena *a, int c, struct str cell)
{
    enum entry_kind kind;
    enum entry_state state;
    if (cell.n == 0)
        return cell;
    if (c == C_KIND && entry_kind_read(cell, &kind))
        return entry_kind_code(kind);
    if (c == C_STATE && entry_state_read(cell, &state))
        return entry_state_code(state);
    if (c == C_URGENT)
        return str_eqc(cell, "否") ? STR("false") : str_eqc(cell, "是") ? STR("true") : cell;
    return c == C_ROLE ? roles(a, cell, false) : c == C_DEADLINE ? instant_code(a, cell) : cell;
}
