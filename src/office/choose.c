/* What forms let one choose from: parties, officers and lists, by name and in official order. */
#include "office/face.h"

static bool parties(struct req *rq, struct field *f, enum party_kind kind, struct err *err)
{
    struct party *p;
    size_t n;
    if (!party_list(rq->db, rq->arena, rq->actor->office_id, kind, false, &p, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        face_choice(rq, f, p[i].name, p[i].name, STR_NULL);
    return true;
}

bool face_units(struct req *rq, struct field *f, bool own_first, struct err *err)
{
    if (f->select)
        face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_CHOOSE), STR_NULL);
    if (own_first)
        face_choice(rq, f, STR("本科室"), FACE_SAY(rq, M_FORM_OWN_SECTION), STR_NULL);
    return parties(rq, f, PARTY_UNIT, err);
}

bool face_leaders(struct req *rq, struct field *f, struct err *err)
{
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_NONE), STR_NULL);
    return parties(rq, f, PARTY_LEADER, err);
}

bool face_officers(struct req *rq, struct field *f, struct err *err)
{
    struct member *m;
    size_t n;
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_NONE), STR_NULL);
    if (!member_list(rq->db, rq->arena, rq->actor->office_id, rq->now, &m, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((m[i].roles & ROLE_SECTION) && !m[i].disabled && m[i].home_id == rq->actor->section_id && !str_eqc(m[i].login, "console"))
            face_choice(rq, f, m[i].name, m[i].name, STR_NULL);
    return true;
}

bool face_lists(struct req *rq, struct field *f, struct err *err)
{
    struct entry_listdef *l;
    size_t n;
    if (!entry_lists(rq->db, rq->arena, rq->actor->office_id, &l, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        face_choice(rq, f, l[i].name, l[i].name, STR_NULL);
    return true;
}
