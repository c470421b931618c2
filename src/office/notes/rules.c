/* What a note may say and whom it mentions; nothing here reads or writes. */
#include "base/utf8.h"
#include "messages.h"
#include "office/entry/entry_rules.h"
#include "office/notes/notes.h"

bool notes_text(struct str s, struct err *err)
{
    struct str mark;
    size_t at;
    if (!str_trim(s).n)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "text", A_MSG(M_NOTES_NOTE));
    if (!utf8_valid(s, &at))
        return err_fail(err, ERR_INPUT, M_ENTRY_BAD_UTF8, "text", A_MSG(M_NOTES_NOTE), A_INT(at + 1));
    if (utf8_count(s) > NOTE_CHARS)
        return err_fail(err, ERR_INPUT, M_ENTRY_TOO_LONG, "text", A_MSG(M_NOTES_NOTE), A_INT(NOTE_CHARS), A_INT(utf8_count(s)));
    if (utf8_has_control(s))
        return err_fail(err, ERR_INPUT, M_ENTRY_CONTROL_CHARACTER, "text", A_MSG(M_NOTES_NOTE));
    return !rules_secrecy_marking(s, &mark) || err_fail(err, ERR_INPUT, M_ENTRY_SECRET, "text", A_MSG(M_NOTES_NOTE), A_STR(utf8_cut(mark, 24)));
}

static bool login_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; }

/* The letters and figures of a login at the beginning, without dots that end a sentence. */
static struct str login_run(struct str s)
{
    size_t n = 0;
    while (n < s.n && login_char(s.p[n]))
        n++;
    while (n && s.p[n - 1] == '.')
        n--;
    return str_sub(s, 0, n);
}

/* Whom the text behind an @ names: the longest name that stands there, or the login. */
static const struct note_person *named(struct str rest, const struct note_person *people, size_t n, size_t *len)
{
    const struct note_person *best = NULL;
    struct str login = login_run(rest);
    *len = 0;
    for (size_t i = 0; i < n; i++) {
        size_t l = str_starts(rest, people[i].name) ? people[i].name.n : login.n && str_eq(login, people[i].login) ? login.n : 0;
        if (l > *len) {
            best = &people[i];
            *len = l;
        }
    }
    return best;
}

/* What stands behind an @ until a blank or a punctuation mark. */
static struct str word(struct str s)
{
    size_t i = 0, from = 0;
    for (int chars = 0; chars < 12; chars++) {
        from = i;
        int32_t c = utf8_next(s, &i);
        bool mark = c <= ' ' || (c < 0x80 && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z')) || (c >= 0x3000 && c <= 0x303F) || c >= 0xFF00 ||
                    (c >= 0x2010 && c <= 0x206F);
        if (mark)
            return str_sub(s, 0, from);
    }
    return str_sub(s, 0, i);
}

static bool add(int64_t id, int64_t *ids, int *n, struct err *err)
{
    for (int i = 0; i < *n; i++)
        if (ids[i] == id)
            return true;
    if (*n == NOTE_MENTIONS_MAX)
        return err_fail(err, ERR_LIMIT, M_NOTES_MANY, "text", A_INT(NOTE_MENTIONS_MAX));
    ids[(*n)++] = id;
    return true;
}

bool notes_mentioned(struct str text, const struct note_person *people, size_t n, bool internal, struct str number, int64_t *ids, int *n_ids, struct err *err)
{
    static const struct str WIDE = { "＠", 3 };
    *n_ids = 0;
    for (size_t i = 0; i < text.n; i++) {
        struct str at = str_sub(text, i, text.n);
        size_t len, sign = text.p[i] == '@' ? 1 : str_starts(at, WIDE) ? WIDE.n : 0;
        char before = i ? text.p[i - 1] : ' ';
        if (!sign || login_char(before) || (before >= 'A' && before <= 'Z'))     /* an address for mail is no mention */
            continue;
        struct str rest = str_sub(at, sign, at.n), said = word(rest);
        const struct note_person *p = named(rest, people, n, &len);
        if (!p && said.n)
            return err_fail(err, ERR_INPUT, M_NOTES_NOBODY, "text", A_STR(said));
        if (!p)
            continue;
        if (!p->sees)
            return err_fail(err, ERR_INPUT, M_NOTES_BLIND, "text", A_STR(p->name), A_STR(number));
        if (internal && !p->section)
            return err_fail(err, ERR_INPUT, M_NOTES_BLIND_INTERNAL, "text", A_STR(p->name));
        if (!add(p->id, ids, n_ids, err))
            return false;
        i += sign + len - 1;
    }
    return true;
}
