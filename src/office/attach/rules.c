/* Pure decisions about attachments. */
#include "base/utf8.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "office/entry/entry_rules.h"

enum { MARKS_LOOK = 256 * 1024 };

bool attach_check(const struct attach_file *f, int64_t max_mb, enum file_type *ret, struct err *err)
{
    struct str mark;
    if (!file_name_check(f->name, "file", err) || !entry_text_check(f->name, "file", M_FIELD_FILE, ATTACH_NAME_CHARS, err))
        return false;
    if (f->bytes.n == 0)
        return err_fail(err, ERR_INPUT, M_ATTACH_EMPTY, "file", A_STR(f->name));
    if (f->bytes.n > (uint64_t)max_mb * 1024 * 1024)
        return err_fail(err, ERR_LIMIT, M_ATTACH_TOO_LARGE, "file", A_STR(f->name), A_INT(max_mb));
    enum file_type type = file_sniff(f->bytes);
    if (!file_name_fits(f->name, type, "file", err))
        return false;
    struct str text = type == FILE_TEXT ? str_sub(f->bytes, 0, MARKS_LOOK) : STR("");
    if (f->bytes.n > text.n)
        text = utf8_cut(text, text.n);
    if (type == FILE_TEXT && utf8_valid(text, NULL) && rules_secrecy_marking(text, &mark))
        return err_fail(err, ERR_INPUT, M_ATTACH_SECRET, "file", A_STR(f->name), A_STR(utf8_cut(mark, 24)));
    *ret = type;
    return true;
}

bool attach_may_add(const struct actor *actor, const struct entry *e, bool scan, struct err *err)
{
    unsigned sides = rules_sides(actor, e);
    if (!(sides & (SIDE_SECTION | SIDE_UNIT | SIDE_ASSIST)))
        return err_fail(err, ERR_DENIED, M_ATTACH_NOT_YOURS, NULL);
    if (scan && !(sides & SIDE_SECTION))
        return err_fail(err, ERR_DENIED, M_ATTACH_SCAN_SECTION, "scan");
    bool done = e->state == STATE_ARCHIVED || e->state == STATE_WITHDRAWN || (!(sides & SIDE_SECTION) && !entry_state_open(e->state));
    return !done || err_fail(err, ERR_CONFLICT, M_ATTACH_DONE, NULL, A_STR(e->number), A_MSG(entry_state_msg(e->state, e->reading)));
}

bool attach_may_remove(const struct actor *actor, const struct entry *e, const struct attachment *x, struct err *err)
{
    if (!attach_may_add(actor, e, false, err))
        return false;
    return x->actor_id == actor->member_id || (rules_sides(actor, e) & SIDE_SECTION) || err_fail(err, ERR_DENIED, M_ATTACH_NOT_YOURS, NULL);
}
