/* The section's hand on a round: urge, return, accept, open again, send up, look at what is sealed. */
#include <openssl/evp.h>

#include "base/json.h"
#include "messages.h"
#include "office/collect/inside.h"
#include "office/entry/entry.h"

static bool own_round(struct txn *t, const struct actor *actor, int64_t id, int64_t round, struct collect *c, struct collect_round *r, struct err *err)
{
    bool found;
    if (!collect_own(t, actor, id, c, err) || !collect_round_row(t->db, t->arena, t->office_id, id, round, r, &found, err))
        return false;
    return found || err_fail(err, ERR_NOT_FOUND, M_COLLECT_NO_ROUND, NULL, A_INT(round));
}

static bool text_of(struct str *s, const char *field, int label, bool must, struct err *err)
{
    *s = s->p ? str_trim(*s) : STR("");
    return (s->n == 0 && !must) || entry_text_check(*s, field, label, COLLECT_TEXT_CHARS, err);
}

/* --- urging ----------------------------------------------------------------------------------------------------------------------------- */

bool collect_urge(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t party_id, struct str text, int64_t *urged, struct err *err)
{
    struct collect c;
    struct collect_round r;
    struct collect_answer a;
    if (!own_round(t, actor, id, round, &c, &r, err) || !text_of(&text, "text", M_FIELD_TEXT, false, err))
        return false;
    if (r.sent)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_SENT_ALREADY, NULL);
    *urged = party_id ? 1 : collect_missing(&r);
    if (party_id && !collect_answer_get(t->db, t->arena, actor, &c, &r, party_id, &a, err))
        return false;
    if (*urged == 0 || (party_id && collect_count_of(a.state, a.zero) != COUNT_MISSING))
        return err_fail(err, ERR_CONFLICT, M_COLLECT_NOBODY_MISSING, NULL);
    bool ok = party_id ? q_collect_answer_urge(t->db, &(struct collect_answer_urge_in){ t->office_id, id, round, party_id, t->at }, NULL, err)
                       : q_collect_answers_urge(t->db, &(struct collect_answers_urge_in){ t->office_id, id, round, t->at }, NULL, err);
    return ok && collect_did(t, &(struct collect_did){ id, round, party_id, "urge", *urged, text }, err);
}

/* --- return, accept, reopen -------------------------------------------------------------------------------------------------------------- */

bool collect_judge(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t party_id, enum answer_verb verb, struct str reason, struct err *err)
{
    static const char *const VERB[ANSWER_VERBS] = { "", "", "return", "accept", "reopen" };
    struct collect c;
    struct collect_round r;
    struct collect_answer a;
    struct answer_then then;
    if (!own_round(t, actor, id, round, &c, &r, err) || !collect_answer_get(t->db, t->arena, actor, &c, &r, party_id, &a, err) ||
        !text_of(&reason, "reason", M_COLLECT_REASON, verb != ANSWER_ACCEPT, err))
        return false;
    struct answer_now now = { a.state, a.reopened, r.sent, t->at >= r.due, true, reason.n > 0 };
    if (verb < ANSWER_RETURN || !answer_next(&now, verb, &then, err))
        return verb < ANSWER_RETURN ? err_fail(err, ERR_INPUT, M_COLLECT_BAD_VERB, "verb") : false;
    struct collect_answer_update_in row = { t->office_id, id, round, party_id, answer_code(then.state), a.zero, a.late, then.reopened,
                                            answer_waits(then.state, then.reopened, r.sent), a.rev + 1, a.n, a.first_at, a.at, verb == ANSWER_ACCEPT ? a.reason : reason, a.zeros,
                                            a.warned, a.draft };
    return q_collect_answer_update(t->db, &row, NULL, err) && collect_recount(t, &r, collect_count_of(a.state, a.zero), collect_count_of(then.state, a.zero), err) &&
           collect_did(t, &(struct collect_did){ id, round, party_id, VERB[verb], 1, reason }, err);
}

bool collect_accept_all(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t *n, struct err *err)
{
    struct collect c;
    struct collect_round r;
    struct collect_answer *all;
    size_t n_all;
    if (!own_round(t, actor, id, round, &c, &r, err) || !collect_answers(t->db, t->arena, t->office_id, &r, &all, &n_all, err))
        return false;
    *n = 0;
    for (size_t i = 0; i < n_all; i++)
        *n += all[i].state == ANSWER_DONE && !all[i].reopened;
    if (*n == 0)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_NOTHING_IN, NULL);
    return q_collect_answers_accept(t->db, &(struct collect_answers_accept_in){ t->office_id, id, round }, NULL, err) &&
           collect_did(t, &(struct collect_did){ id, round, 0, "accept", *n, STR("") }, err);
}

/* --- sending up ------------------------------------------------------------------------------------------------------------------------------- */

static struct str digest_of(struct arena *a, struct str text)
{
    unsigned char d[32];
    unsigned n = sizeof d;
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    EVP_Digest(text.p, text.n, d, &n, EVP_sha256(), NULL);
    buf_hex(&b, d, sizeof d);
    return arena_str(a, buf_view(&b));
}

static bool same_as_last(struct txn *t, const struct collect_round *r, struct str sha256, bool *same, struct err *err)
{
    struct sheet_row *sheets;
    size_t n;
    if (!q_collect_sheets(t->db, t->arena, &(struct collect_sheets_in){ t->office_id, r->collect_id, r->n }, &sheets, &n, err))
        return false;
    *same = n && str_eq(sheets[n - 1].sha256, sha256);
    return true;
}

/* Who keeps a round from being complete, in official order: who has not answered, and whose answer is not accepted. */
struct str collect_gap_names(struct arena *a, const struct collect_answer *all, size_t n, bool missing, size_t most, int64_t *count)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        bool lacks = collect_count_of(all[i].state, all[i].zero) == COUNT_MISSING;
        if (missing ? !lacks : lacks || all[i].state == ANSWER_ACCEPTED)
            continue;
        if ((size_t)*count < most) {
            buf_c(&b, *count ? "、" : "");
            buf_str(&b, all[i].unit);
        }
        ++*count;
    }
    buf_c(&b, (size_t)*count > most ? "…" : "");
    return arena_str(a, buf_view(&b));
}

static bool whole(struct txn *t, const struct collect_round *r, struct err *err)
{
    enum { NAMED = 5 };
    struct collect_answer *all;
    size_t n;
    int64_t missing, open;
    if (!collect_answers(t->db, t->arena, t->office_id, r, &all, &n, err))
        return false;
    struct str names = collect_gap_names(t->arena, all, n, true, NAMED, &missing), unread = collect_gap_names(t->arena, all, n, false, NAMED, &open);
    if (missing && open)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_SEND_GAPS, "missing_ok", A_INT(missing), A_STR(names), A_INT(open), A_STR(unread));
    if (missing || open)
        return err_fail(err, ERR_CONFLICT, missing ? M_COLLECT_SEND_MISSING : M_COLLECT_SEND_OPEN, "missing_ok", A_INT(missing ? missing : open), A_STR(missing ? names : unread));
    return true;
}

bool collect_send(struct txn *t, const struct actor *actor, int64_t id, int64_t round, const struct collect_send *s, int64_t *sheet, struct err *err)
{
    struct str to = s->to;
    struct collect c;
    struct collect_round r;
    struct merged *m = arena_new(t->arena, struct merged);
    struct buf csv _cleanup_(buf_release) = BUF_INIT;
    bool same;
    if (!own_round(t, actor, id, round, &c, &r, err) || !text_of(&to, "to", M_COLLECT_SENT_TO, true, err) ||
        !collect_merge(t->store, t->db, t->arena, t->office_id, &r, false, m, err))
        return false;
    merged_csv(&csv, &c, &r, m);
    struct str body = arena_str(t->arena, buf_view(&csv)), sha256 = digest_of(t->arena, body);
    if (!same_as_last(t, &r, sha256, &same, err))
        return false;
    if (same)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_SENT_SAME, NULL);
    if (!s->gaps_ok && !whole(t, &r, err))
        return false;
    *sheet = r.sheets + 1;
    struct collect_sheet_in row = { t->office_id, id, round, *sheet, t->at, t->actor_id, t->deputy_of, to, sha256, body };
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    buf_printf(&text, "%.*s sha256:%.*s", STR_ARG(to), STR_ARG(sha256));
    return q_collect_sheet_insert(t->db, &row, NULL, err) && q_collect_round_sent(t->db, &(struct collect_round_sent_in){ t->office_id, id, round, *sheet }, NULL, err) &&
           q_collect_answers_freeze(t->db, &(struct collect_answers_freeze_in){ t->office_id, id, round }, NULL, err) &&
           collect_did(t, &(struct collect_did){ id, round, 0, "send", *sheet, arena_str(t->arena, buf_view(&text)) }, err);
}

/* --- what is sealed ------------------------------------------------------------------------------------------------------------------------------ */

bool collect_unmask(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t party_id, struct str reason, struct err *err)
{
    struct collect c;
    struct collect_round r;
    struct collect_answer a;
    if (!own_round(t, actor, id, round, &c, &r, err) || !text_of(&reason, "reason", M_COLLECT_REASON, true, err))
        return false;
    if (party_id && !collect_answer_get(t->db, t->arena, actor, &c, &r, party_id, &a, err))
        return false;
    return collect_did(t, &(struct collect_did){ id, round, party_id, party_id ? "unmask" : "export", 1, reason }, err);
}
