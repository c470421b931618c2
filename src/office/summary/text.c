/* The paragraphs. Sentences are messages with figures set in; one whose first figure is 0 is left out, and so is a part without sentences. */
#include "messages.h"
#include "office/summary/inside.h"

struct writing {
    struct arena *a;
    const struct summary *s;
    enum lang lang;
    struct buf out;                              /* finished paragraphs, a line each */
    struct buf part;                             /* the sentences of the one under way */
    int parts;
};

const struct summary_figure *summary_find(const struct summary *s, struct str key)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->figures[i].key, key))
            return &s->figures[i];
    return NULL;
}

static int64_t value(const struct writing *w, const char *key)
{
    const struct summary_figure *f = summary_find(w->s, str_c(key));
    return f ? f->value.value : 0;
}

static void say(struct writing *w, int msg, const struct arg *args, int n) { tr(&w->part, w->lang, msg, args, n); }

/* A sentence of up to four figures, unless the first is 0. */
static void say_figures(struct writing *w, int msg, const char *const *keys, int n)
{
    struct arg args[ERR_ARGS];
    for (int i = 0; i < n; i++)
        args[i] = A_INT(value(w, keys[i]));
    if (args[0].i)
        say(w, msg, args, n);
}
#define SAY(w, msg, ...) say_figures((w), (msg), (const char *const[]){ __VA_ARGS__ }, (int)ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })))

/* 讲话稿12篇、工作汇报14篇: the members of a family with their figures; "" when there are none. */
static struct str family(struct writing *w, const char *key)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (size_t i = 0; i < w->s->n; i++) {
        const struct summary_figure *f = &w->s->figures[i];
        if (!f->figure->names || !str_eqc(str_c(f->figure->key), key) || !f->value.value)
            continue;
        if (b.n)
            buf_c(&b, tr_text(w->lang, M_SUMMARY_AND));
        tr(&b, w->lang, M_SUMMARY_MEMBER, (struct arg[]){ A_STR(f->member), A_INT(f->value.value), A_C(w->lang == LANG_ZH ? f->figure->unit : "") }, 3);
    }
    return arena_str(w->a, buf_view(&b));
}

static void say_family(struct writing *w, int msg, const char *key)
{
    struct str members = family(w, key);
    if (members.n)
        say(w, msg, (struct arg[]){ A_STR(members) }, 1);
}

/* Ends the part under way: its heading, numbered by the parts that are there, and its sentences. */
static void end_part(struct writing *w, int heading)
{
    static const int NUMERAL[] = { M_SUMMARY_NUMERAL_1, M_SUMMARY_NUMERAL_2, M_SUMMARY_NUMERAL_3 };
    if (!w->part.n)
        return;
    if (w->out.n)
        buf_ch(&w->out, '\n');
    if (heading)
        tr(&w->out, w->lang, heading, (struct arg[]){ A_MSG(NUMERAL[w->parts++]) }, 1);
    buf_str(&w->out, buf_view(&w->part));
    buf_clear(&w->part);
}

static void urgent(struct writing *w)
{
    int64_t moved = value(w, "dispatch.persons.moved"), returned = value(w, "dispatch.persons.returned");
    SAY(w, M_SUMMARY_DUTY, "duty.longest_run_days");
    say_family(w, M_SUMMARY_OPERATION, "documents.operation");
    if (value(w, "dispatch.rooms.away"))
        SAY(w, M_SUMMARY_ROOMS_AWAY, "dispatch.rooms", "dispatch.cities.away", "dispatch.rooms.away");
    else
        SAY(w, M_SUMMARY_ROOMS, "dispatch.rooms");
    if (moved == returned)
        SAY(w, M_SUMMARY_MOVED_AND_RETURNED, "dispatch.persons.moved");
    else if (moved)
        SAY(w, M_SUMMARY_MOVED, "dispatch.persons.moved", "dispatch.persons.returned");
    else
        SAY(w, M_SUMMARY_RETURNED, "dispatch.persons.returned");
    if (value(w, "dispatch.service.person_trips"))
        SAY(w, M_SUMMARY_CONVOYS_TRIPS, "dispatch.convoys.long", "dispatch.service.person_trips");
    else
        SAY(w, M_SUMMARY_CONVOYS, "dispatch.convoys.long");
    SAY(w, M_SUMMARY_REQUESTS, "requests.handled");
    end_part(w, M_SUMMARY_PART_URGENT);
}

static void key_work(struct writing *w)
{
    SAY(w, M_SUMMARY_DRAFTED, "documents.drafted");
    SAY(w, M_SUMMARY_REVIEWED, "documents.reviewed");
    if (value(w, "documents.errors_after_issue"))
        SAY(w, M_SUMMARY_ISSUED_ERRORS, "documents.issued.key", "documents.errors_after_issue");
    else
        SAY(w, M_SUMMARY_ISSUED, "documents.issued.key");
    SAY(w, M_SUMMARY_SUGGESTIONS, "suggestions.adopted");
    SAY(w, M_SUMMARY_PORTAL, "briefs.submitted.portal");
    SAY(w, M_SUMMARY_HIGHER, "briefs.submitted.higher");
    SAY(w, M_SUMMARY_ADOPTED, "briefs.adopted");
    SAY(w, M_SUMMARY_PROBLEMS, "problems.settled");
    say_family(w, M_SUMMARY_COVERAGE, "coverage");
    SAY(w, M_SUMMARY_RECOGNITIONS, "recognitions");
    end_part(w, M_SUMMARY_PART_KEY);
}

static void own_work(struct writing *w)
{
    SAY(w, M_SUMMARY_STUDY, "study.sessions");
    SAY(w, M_SUMMARY_REGISTERED, "entries.registered");
    SAY(w, M_SUMMARY_SETTLED, "entries.settled", "entries.on_time");
    SAY(w, M_SUMMARY_CARRIED, "entries.carried");
    end_part(w, M_SUMMARY_PART_OWN);
}

struct str summary_text(struct arena *a, const struct summary *s, enum lang lang)
{
    struct writing w = { .a = a, .s = s, .lang = lang };
    say(&w, M_SUMMARY_OPENING, (struct arg[]){ A_DAY(s->from), A_DAY(s->to) }, 2);
    end_part(&w, 0);
    urgent(&w);
    key_work(&w);
    own_work(&w);
    struct str text = arena_str(a, buf_view(&w.out));
    buf_release(&w.out);
    buf_release(&w.part);
    return text;
}
