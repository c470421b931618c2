/* What today's page and an entry's page show of collections. */
#include "collect_html.h"
#include "office/collect/page.h"

enum { TODAY_MAX = 8, BACK_DAYS = 7 };

/* A unit: what it must report by the end of today. The section: rounds due today, or lately, with somebody missing. */
static bool today_unit(struct req *rq, struct today_collects *v, struct err *err)
{
    struct lights l = { 0 };
    size_t cap = 0;
    for (int i = 0; i < rq->actor->n_parties; i++) {
        struct collect_ask *k;
        size_t n;
        if (rq->actor->parties[i] == rq->actor->party_id)
            continue;
        if (!collect_waits(rq->db, rq->arena, rq->actor->office_id, rq->actor->parties[i], day_start(rq->today - BACK_DAYS), day_start(rq->today + 1), TODAY_MAX, &k, &n, err))
            return false;
        if (n && !l.work)
            l = face_lights(rq);
        for (size_t j = 0; j < n; j++)
            arena_push(rq->arena, v->ask, v->n_asks, cap) = collect_ask_of(rq, &l, &k[j]);
    }
    return true;
}

static bool today_section(struct req *rq, struct today_collects *v, struct err *err)
{
    struct collect_due_row *k;
    struct collect_due_in in = { rq->actor->office_id, rq->actor->section_id, day_start(rq->today - BACK_DAYS), day_start(rq->today + 1), TODAY_MAX };
    if (!q_collect_due(rq->db, rq->arena, &in, &k, &v->n_due, err))
        return false;
    if (v->n_due == 0)
        return true;
    struct lights l = face_lights(rq);
    v->due = arena_array(rq->arena, struct today_round, v->n_due + 1);
    for (size_t i = 0; i < v->n_due; i++) {
        v->due[i] = (struct today_round){ .id = k[i].collect_id, .n = k[i].n, .missing = k[i].missing, .title = k[i].title };
        face_due(rq, &l, k[i].due, true, &v->due[i].due);
    }
    return true;
}

bool collect_today_block(struct req *rq, struct html *out, struct err *err)
{
    struct today_collects v = { 0 };
    bool section = actor_is(rq->actor, ROLE_SECTION);
    if (!section && !actor_is(rq->actor, ROLE_LIAISON))
        return true;
    if (!(section ? today_section(rq, &v, err) : today_unit(rq, &v, err)))
        return false;
    if (v.n_asks || v.n_due)
        html_collect_today(out, &v);
    return true;
}

bool collect_entry_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct entry_collects v = { 0 };
    struct collect_line *k;
    size_t n;
    if (!actor_is(rq->actor, ROLE_SECTION | ROLE_LEADER))
        return true;
    if (!collect_of_entry(rq->db, rq->arena, rq->actor, e->id, &k, &n, err))
        return false;
    if (n == 0)
        return true;
    struct lights l = face_lights(rq);
    v.line = arena_array(rq->arena, struct collect_item, n + 1);
    for (size_t i = 0; i < n; i++)
        v.line[v.n++] = collect_item_of(rq, &l, &k[i]);
    html_collect_entry(out, &v);
    return true;
}
