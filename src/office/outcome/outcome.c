/* The keys, and the rows of what entries brought about. */
#include "office/outcome/outcome.h"

#include "base/json.h"
#include "messages.h"
#include "office/outcome/inside.h"
#include "store/journal.h"

const struct outcome_key outcome_keys[] = {
    { "documents.issued.key", "个", M_OUTCOME_ISSUED },
    { "documents.errors_after_issue", "处", M_OUTCOME_ERRORS },
    { "briefs.submitted.portal", "条", M_OUTCOME_PORTAL },
    { "briefs.submitted.higher", "条", M_OUTCOME_HIGHER },
    { "briefs.adopted", "条", M_OUTCOME_ADOPTED },
    { "suggestions.adopted", "条", M_OUTCOME_SUGGESTIONS },
    { "requests.handled", "起", M_OUTCOME_REQUESTS },
    { "problems.settled", "个", M_OUTCOME_PROBLEMS },
    { "recognitions", "次", M_OUTCOME_RECOGNITIONS },
    { "study.sessions", "次", M_OUTCOME_STUDY },
    { "duty.day", "天", M_OUTCOME_DUTY },
    { "dispatch.rooms", "间", M_OUTCOME_ROOMS },
    { "dispatch.persons.moved", "人", M_OUTCOME_MOVED },
    { "dispatch.persons.returned", "人", M_OUTCOME_RETURNED },
    { "dispatch.convoys.long", "批", M_OUTCOME_CONVOYS },
    { "dispatch.service.person_trips", "人次", M_OUTCOME_TRIPS },
    { "coverage", "个", M_OUTCOME_COVERAGE },
};
const int outcome_keys_count = ARRAY_LEN(outcome_keys);

const struct outcome_key *outcome_key_find(struct str key)
{
    for (int i = 0; i < outcome_keys_count; i++)
        if (str_eqc(key, outcome_keys[i].key))
            return &outcome_keys[i];
    return NULL;
}

/* --- adding ----------------------------------------------------------------------------------------------------------------------- */

static bool check_day(struct txn *t, day_t day, struct err *err)
{
    int last;
    if (day > t->today)
        return err_fail(err, ERR_INPUT, M_ENTRY_DAY_LATER, "day", A_DAY(day));
    if (!closing_last(t->db, t->office_id, &last, err))
        return false;
    if (period_of(day) <= last)
        return err_fail(err, ERR_INPUT, M_ENTRY_MONTH_CLOSED, "day", A_INT(period_of(day) / 100), A_INT(period_of(day) % 100));
    return true;
}

static bool put(struct txn *t, const struct outcome_insert_in *in, struct err *err)
{
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "entry", in->entry_id);
    json_put_str(&after, "key", in->key);
    json_put_int(&after, "n", in->n);
    json_put_str(&after, "label", in->label);
    json_obj_end(&after);
    const struct journal_line line = { .day = in->day, .entity = STR("outcome"), .entity_id = in->id, .verb = STR("add"), .after = buf_view(&after) };
    return q_outcome_insert(t->db, in, NULL, err) && journal_add(t, &line, err);
}

bool outcome_add(struct txn *t, const struct actor *actor, struct str number, struct str key, int64_t n, struct str label, day_t day,
                 struct err *err)
{
    struct entry e;
    label = label.p ? str_trim(label) : STR("");
    day = day == DAY_NONE ? t->today : day;
    if (!entry_fetch(t->db, t->arena, actor, number, &e, err))
        return false;
    if (!actor_is(actor, ROLE_SECTION) || !actor_has_party(actor, e.section_id))
        return err_fail(err, ERR_DENIED, M_OUTCOME_SECTION_ONLY, NULL);
    if (!outcome_key_find(key))
        return err_fail(err, ERR_INPUT, M_OUTCOME_UNKNOWN_KEY, "key", A_STR(key));
    if (n < 1 || n > OUTCOME_N_MAX)
        return err_fail(err, ERR_INPUT, M_OUTCOME_BAD_N, "n", A_INT(OUTCOME_N_MAX));
    if (label.n && !entry_text_check(label, "label", M_FIELD_LABEL, OUTCOME_LABEL_CHARS, err))
        return false;
    if (str_eqc(key, "coverage") && !label.n)
        return err_fail(err, ERR_INPUT, M_OUTCOME_LABEL_NEEDED, "label");
    if (!check_day(t, day, err))
        return false;
    t->deputy_of = actor_stead(actor, e.section_id);
    return put(t, &(struct outcome_insert_in){ t->office_id, txn_next_id(t), e.id, day, key, n, label }, err);
}

bool outcome_of(struct db *db, struct arena *a, const struct entry *e, struct outcome **ret, size_t *n, struct err *err)
{
    struct outcome_of_entry_row *rows;
    if (!q_outcome_of_entry(db, a, &(struct outcome_of_entry_in){ e->office_id, e->id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct outcome, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        const struct outcome_key *k = outcome_key_find(rows[i].key);
        (*ret)[i] = (struct outcome){ rows[i].id, rows[i].day, rows[i].key, k ? k->name_msg : 0, k ? k->unit : "", rows[i].n, rows[i].label };
    }
    return true;
}
