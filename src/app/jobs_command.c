/* whs jobs: what waits, what is being done, what failed. */
#include "app/app.h"
#include "calendar/date_json.h"
#include "people/member.h"

static const struct { const char *name; int msg; } STATE[] = {
    [JOB_WAITS] = { "waits", M_APP_JOB_WAITS }, [JOB_RUNS] = { "runs", M_APP_JOB_RUNS }, [JOB_FAILED] = { "failed", M_APP_JOB_FAILED },
};

static void put_line(struct buf *b, const struct job_line *j)
{
    json_obj(b);
    json_put_str(b, "kind", j->kind);
    json_put_int(b, "subject", j->subject);
    json_put_str(b, "state", str_c(STATE[j->state].name));
    json_put_instant(b, "due", j->due_at);
    json_put_instant(b, "next", j->next_at);
    json_put_int(b, "tries", j->tries);
    json_put_str(b, "error", j->last_error);
    json_obj_end(b);
}

static const char *about(enum lang lang, struct str kind)
{
    const struct job_kind *k[JOB_KINDS_MAX];
    int n = app_job_kinds(k, JOB_KINDS_MAX);
    for (int i = 0; i < n; i++)
        if (str_eqc(kind, k[i]->name))
            return tr_text(lang, k[i]->about);
    return "";
}

static void say_line(struct cmd *c, const struct job_line *j)
{
    buf_printf(&c->out, "%.*s\t%lld\t%s\t", STR_ARG(j->kind), (long long)j->subject, tr_text(c->lang, STATE[j->state].msg));
    instant_put(&c->out, j->next_at);
    buf_printf(&c->out, "\t%lld\t%s%s%.*s\n", (long long)j->tries, about(c->lang, j->kind), j->last_error.n ? ": " : "", STR_ARG(j->last_error));
}

int run_jobs(struct cmd *c)
{
    struct err err;
    struct job_line *list;
    size_t n;
    if (c->argc)
        return cmd_usage(c, command_find(STR("jobs")));
    if (!actor_is(&c->actor, ROLE_ADMIN)) {
        err_fail(&err, ERR_DENIED, M_PEOPLE_ADMIN_ONLY, NULL);
        return cmd_fail(c, &err);
    }
    if (!job_list(c->db, c->arena, c->office_id, &list, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        if (c->json)
            put_line(&c->out, &list[i]);
        else
            say_line(c, &list[i]);
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}
