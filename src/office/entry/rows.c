/* Between struct entry and its row, and the small texts that go with it. */
#include "messages.h"
#include "office/entry/inside.h"

struct entry_row entry_to_row(const struct entry *e)
{
    return (struct entry_row){
        .office_id = e->office_id, .id = e->id, .number = e->number, .kind = entry_kind_code(e->kind), .reading = e->reading,
        .state = entry_state_code(e->state), .section_id = e->section_id, .title = e->title, .source = e->source,
        .requirement = e->requirement, .received_at = e->received_at, .day = e->day, .due = e->due, .unit_due = e->unit_due,
        .no_deadline_reason = e->no_deadline_reason, .lead_id = e->lead_id, .officer_id = e->officer_id, .leader_id = e->leader_id,
        .urgency = e->urgency, .progress = e->progress, .genre = e->genre, .role = e->role, .instruction = e->instruction,
        .parent_id = e->parent_id, .open_parts = e->open_parts, .result = e->result, .paper_where = e->paper_where,
        .paper_out_at = e->paper_out_at, .paper_back_at = e->paper_back_at, .contact = e->contact, .asked_due = e->asked_due,
        .settled_day = e->settled_day, .late = e->late, .look_back_day = e->look_back_day, .last_day = e->last_day, .carried = e->carried,
        .version = e->version, .created_by = e->created_by,
    };
}

struct entry entry_from_row(const struct entry_row *r)
{
    struct entry e = {
        .office_id = r->office_id, .id = r->id, .number = r->number, .reading = r->reading, .section_id = r->section_id, .title = r->title,
        .source = r->source, .requirement = r->requirement, .received_at = r->received_at, .day = r->day, .due = r->due,
        .unit_due = r->unit_due, .no_deadline_reason = r->no_deadline_reason, .lead_id = r->lead_id, .officer_id = r->officer_id,
        .leader_id = r->leader_id, .urgency = r->urgency, .progress = r->progress, .genre = r->genre, .role = r->role,
        .instruction = r->instruction, .parent_id = r->parent_id, .open_parts = r->open_parts, .result = r->result,
        .paper_where = r->paper_where, .paper_out_at = r->paper_out_at, .paper_back_at = r->paper_back_at, .contact = r->contact,
        .asked_due = r->asked_due, .settled_day = r->settled_day, .late = r->late, .look_back_day = r->look_back_day,
        .last_day = r->last_day, .carried = r->carried, .version = r->version, .created_by = r->created_by,
    };
    entry_kind_read(r->kind, &e.kind);
    entry_state_read(r->state, &e.state);
    return e;
}

bool entry_load_sets(struct db *db, struct arena *a, struct entry *e, struct err *err)
{
    struct id_row *rows;
    size_t n;
    if (!q_entry_list_ids(db, a, &(struct entry_list_ids_in){ e->office_id, e->id }, &rows, &n, err))
        return false;
    for (e->n_lists = 0; (size_t)e->n_lists < n && e->n_lists < ENTRY_LISTS_MAX; e->n_lists++)
        e->lists[e->n_lists] = rows[e->n_lists].id;
    if (!q_assist_ids(db, a, &(struct assist_ids_in){ e->office_id, e->id }, &rows, &n, err))
        return false;
    for (e->n_assists = 0; (size_t)e->n_assists < n && e->n_assists < ENTRY_ASSISTS_MAX; e->n_assists++)
        e->assists[e->n_assists] = rows[e->n_assists].id;
    return true;
}

struct str entry_series(bool reading, enum entry_kind kind)
{
    return reading ? STR("reading") : entry_kind_code(kind);
}

struct str entry_number(struct arena *a, bool reading, enum entry_kind kind, int year, int64_t n)
{
    static const char *const MARK[ENTRY_KINDS] = { "文", "会", "事" };
    return arena_printf(a, "%s%04d-%04lld", reading ? "阅" : MARK[kind], year, (long long)n);
}
