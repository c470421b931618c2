/* engine: none — it touches no data */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "calendar/date.h"
#include "text/propose.h"

/* 2022-05-09, a Monday, 09:00. */
#define NOW INT64_C(1652058000000)

#define U(name, says) { { "" name, sizeof(name) - 1 }, { "" says, sizeof(says) - 1 }, NAME_UNIT }
#define L(name) { { "" name, sizeof(name) - 1 }, { "" name, sizeof(name) - 1 }, NAME_LEADER }
static const struct propose_name NAMES[] = {
    U("市商务局", "市商务局"), U("商务局", "市商务局"), U("市财政局", "市财政局"), U("财政局", "市财政局"), U("市科技局", "市科技局"), U("科技局", "市科技局"), U("市科学技术局", "市科技局"),
    U("市卫生健康委", "市卫生健康委"), U("市卫健委", "市卫生健康委"), U("卫健委", "市卫生健康委"), U("市医保局", "市医保局"), U("医保局", "市医保局"), U("市公安局", "市公安局"),
    U("市交通运输局", "市交通运输局"), U("市交通局", "市交通运输局"), U("市农业农村局", "市农业农村局"), U("市经济和信息化局", "市经济和信息化局"), U("市经信局", "市经济和信息化局"),
    U("市经济合作局", "市经济合作局"), U("市住房城乡建设局", "市住房城乡建设局"), U("市住建局", "市住房城乡建设局"), U("市自然资源和规划局", "市自然资源和规划局"),
    U("市自然资源局", "市自然资源和规划局"), U("园区管委会", "园区管委会"), U("供电公司", "供电公司"), U("驻外市对接组", "驻外市对接组"), U("转运专班", "转运专班"),
    U("市人力资源社会保障局", "市人力资源社会保障局"), U("市人社局", "市人力资源社会保障局"),
    { { "秘书五科", 12 }, { "秘书五科", 12 }, NAME_OWN }, { { "本科室", 9 }, { "秘书五科", 12 }, NAME_OWN }, { { "市政府办公室", 18 }, { "市政府办公室", 18 }, NAME_OFFICE },
    L("市长"), L("常务副市长"), L("分管副市长"), L("秘书长"),
};

static struct arena arena = ARENA_INIT(0);
static const struct propose_names *names;

static struct deadline_ask ask_now(void) { return (struct deadline_ask){ .work = workdays_official(), .at = NOW, .hours = DEADLINE_HOURS }; }

static struct proposal read_text(struct str text)
{
    struct proposal p;
    struct deadline_ask ask = ask_now();
    propose(text, names, &ask, &arena, &p);
    return p;
}


static int setup(void **state)
{
    names = propose_names_make(&arena, NAMES, ARRAY_LEN(NAMES));
    return 0;
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

/* --- the corpus --------------------------------------------------------------------------------------------------------------------- */

enum { MATTERS_MAX = 10, EXTRA = 2, WORDS = PROPOSE_FIELDS, UNKNOWN };

struct wanted { struct str field[PROPOSE_FIELDS + EXTRA]; };
struct sample { struct str name, text; struct wanted want[MATTERS_MAX]; size_t n; };
struct tally { int right, wrong, missed, invented; };

static struct str corpus(void)
{
    FILE *f = fopen("src/text/corpus.txt", "rb");
    struct buf b = BUF_INIT;
    char part[8192];
    size_t n;
    assert_non_null(f);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&b, part, n);
    fclose(f);
    struct str s = arena_str(&arena, buf_view(&b));
    buf_release(&b);
    return s;
}

static void expect_line(struct sample *s, struct str line)
{
    struct str value, key = str_cut(line, ':', &value);
    if (str_eqc(line, "none")) {
        s->n = 0;
        return;
    }
    if (str_eqc(line, "+")) {
        assert_true(s->n < MATTERS_MAX);
        s->n++;
        return;
    }
    for (int f = 0; f < PROPOSE_FIELDS; f++)
        if (str_eqc(key, propose_field_name[f])) {
            s->want[s->n - 1].field[f] = str_trim(value);
            return;
        }
    if (str_eqc(key, "words") || str_eqc(key, "unknown")) {
        s->want[s->n - 1].field[str_eqc(key, "words") ? WORDS : UNKNOWN] = str_trim(value);
        return;
    }
    fail_msg("%.*s: %.*s", STR_ARG(s->name), STR_ARG(line));
}

static bool next_sample(struct str *rest, struct sample *s)
{
    ptrdiff_t at = str_find(*rest, STR("=== ")), parts, end;
    if (at < 0)
        return false;
    struct str body = str_sub(*rest, (size_t)at + 4, rest->n), line;
    end = str_find(body, STR("\n=== "));
    *rest = end < 0 ? STR("") : str_sub(body, (size_t)end + 1, body.n);
    body = end < 0 ? body : str_sub(body, 0, (size_t)end + 1);
    *s = (struct sample){ .n = 1 };
    s->name = str_cut(body, '\n', &body);
    parts = str_find(body, STR("\n---\n"));
    assert_true(parts >= 0);
    s->text = str_sub(body, 0, (size_t)parts);
    for (body = str_sub(body, (size_t)parts + 5, body.n); body.p && body.n;) {
        line = str_cut(body, '\n', &body);
        if (line.n)
            expect_line(s, line);
    }
    return true;
}

static struct str due_text(const struct deadline *d)
{
    struct buf b = BUF_INIT;
    if (d->kind == DEADLINE_NONE)
        return STR("");
    if ((d->due + 8 * 3600000) % 86400000 == 0) {
        date_put_iso(&b, instant_day(d->due - 1));
    } else {
        instant_t day = day_start(instant_day(d->due));
        date_put_iso(&b, instant_day(d->due));
        buf_printf(&b, " %02d:%02d", (int)((d->due - day) / 3600000), (int)((d->due - day) / 60000 % 60));
    }
    struct str s = arena_str(&arena, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str got(const struct propose_matter *m, int f)
{
    if (f == WORDS)
        return m->field[PROPOSE_DEADLINE].text.n || m->field[PROPOSE_DEADLINE].n_spans == 0 ? STR("") : STR("some");
    if (f == UNKNOWN)
        return m->unknown;
    if (f == PROPOSE_DEADLINE)
        return m->field[f].text.n ? due_text(&m->due) : STR("");
    if (f == PROPOSE_UNIT_DEADLINE)
        return m->field[f].text.n ? due_text(&m->unit_due) : STR("");
    return m->field[f].text;
}

static bool agrees(int f, struct str want, struct str is)
{
    if (f == PROPOSE_REQUIREMENT)
        return str_find(is, want) >= 0 && utf8_count(is) < 200;
    if (f == PROPOSE_CONTACT)
        return str_find(is, want) >= 0;
    if (f == WORDS)
        return is.n > 0;
    return str_eq(want, is);
}

static void judge(const struct sample *s, size_t k, const struct wanted *w, const struct propose_matter *m, struct tally *t)
{
    for (int f = 0; f < PROPOSE_FIELDS + EXTRA; f++) {
        struct str want = w->field[f], is = got(m, f);
        if (!want.n && !is.n)
            continue;
        if (want.n && is.n && agrees(f, want, is)) {
            t[f].right++;
            continue;
        }
        if (want.n && is.n)
            t[f].wrong++;
        else if (want.n)
            t[f].missed++;
        else
            t[f].invented++;
        print_message("  %.*s, matter %zu, %s: “%.*s”, wanted “%.*s”\n", STR_ARG(s->name), k + 1, f < PROPOSE_FIELDS ? propose_field_name[f] : f == WORDS ? "words" : "unknown",
                      STR_ARG(is), STR_ARG(want));
    }
}

/* Every field is taken from words of the text, and its spans lie in it at whole characters. */
static void spans_hold(const struct sample *s, const struct propose_matter *m)
{
    for (int f = 0; f < PROPOSE_FIELDS; f++) {
        const struct propose_value *v = &m->field[f];
        assert_true(v->text.n == 0 || v->n_spans > 0);
        for (int i = 0; i < v->n_spans; i++) {
            assert_true(v->span[i].from < v->span[i].to && v->span[i].to <= s->text.n);
            assert_true(utf8_valid(str_sub(s->text, v->span[i].from, v->span[i].to - v->span[i].from), NULL));
        }
    }
}

static void a_corpus_is_read(void **state)
{
    struct tally t[PROPOSE_FIELDS + EXTRA] = { 0 }, all = { 0 };
    struct str rest = corpus();
    struct sample s;
    int samples = 0, matters = 0, miscounted = 0;
    while (next_sample(&rest, &s)) {
        struct proposal p = read_text(s.text);
        samples++;
        matters += (int)s.n;
        if (p.n != s.n) {
            print_message("  %.*s: %zu matters, wanted %zu\n", STR_ARG(s.name), p.n, s.n);
            miscounted++;
        }
        for (size_t k = 0; k < s.n && k < p.n; k++) {
            judge(&s, k, &s.want[k], &p.matter[k], t);
            spans_hold(&s, &p.matter[k]);
        }
    }
    for (int f = 0; f < PROPOSE_FIELDS + EXTRA; f++) {
        all.right += t[f].right, all.wrong += t[f].wrong, all.missed += t[f].missed, all.invented += t[f].invented;
        int said = t[f].right + t[f].wrong + t[f].invented, there = t[f].right + t[f].wrong + t[f].missed;
        print_message("# %-16s precision %3d/%-3d recall %3d/%-3d\n", f < PROPOSE_FIELDS ? propose_field_name[f] : f == WORDS ? "(unread words)" : "(unknown unit)", t[f].right, said,
                      t[f].right, there);
    }
    print_message("# %d texts, %d matters, %d miscounted; all fields: %d right, %d wrong, %d missed, %d invented\n", samples, matters, miscounted, all.right, all.wrong, all.missed,
                  all.invented);
    assert_true(samples >= 60);
    assert_int_equal(miscounted, 0);
    assert_int_equal(all.wrong, 0);
    assert_int_equal(all.invented, 0);
    assert_int_equal(all.missed, 0);
}

/* --- what a hostile or unlucky text does ------------------------------------------------------------------------------------------------ */

static void holds(struct str text)
{
    struct proposal p = read_text(text);
    const struct sample s = { .name = STR("hostile"), .text = text };
    assert_true(p.n <= PROPOSE_MATTERS);
    for (size_t k = 0; k < p.n; k++)
        spans_hold(&s, &p.matter[k]);
    for (size_t k = 0; k < p.n_contacts; k++)
        assert_true(p.contact[k].from < p.contact[k].to && p.contact[k].to <= text.n && (k == 0 || p.contact[k].from >= p.contact[k - 1].to));
}

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void a_full_text_of_one_thing_is_read_in_time(void **state)
{
    static const char *const ONES[] = { "市", "市商务局", "请", "请市商务局", "1", "13800000000 ", "（", "）", "《", "》", "“", "”", "〔", "〔2022〕", "一、", "1.\n", "一、市商务局牵头\n", "\n", "：", "、", "；", "|",
        "\t", "a|b|c\n", "5月9日前", "尽快", "会后", "会前1日", "批示：“", "市长批示：“", "时间：5月9日\n", "联系人：张", "责任单位：", "责任单位：市某局、", "牵头", "《关于", "》的通知", "自之日起", " ", "　", "\xF0\x9F\x98\x80",
        "市商务局、", "请市商务局牵头，市财政局配合，5月9日前报。\n", "（一）市商务局负责甲；\n", "1. 市商务局5月9日前报甲\n（1）市财政局负责乙\n" };
    int64_t most = 0;
    for (size_t i = 0; i < ARRAY_LEN(ONES); i++) {
        struct buf b = BUF_INIT;
        while (b.n + strlen(ONES[i]) <= PROPOSE_BYTES)
            buf_c(&b, ONES[i]);
        int64_t from = cpu_us();
        holds(buf_view(&b));
        from = cpu_us() - from;
        if (from > 400000)
            print_message("  64 KB of “%s”: %lld ms\n", ONES[i], (long long)from / 1000);
        most = from > most ? from : most;
        buf_release(&b);
        arena_release(&arena);
        names = propose_names_make(&arena, NAMES, ARRAY_LEN(NAMES));
    }
    print_message("# the slowest 64 KB: %lld ms of CPU\n", (long long)most / 1000);
    assert_true(most < 4000000);                 /* under sanitizers, on a busy machine */
}

static void every_beginning_and_every_hole_is_read(void **state)
{
    struct str rest = corpus();
    struct sample s;
    while (next_sample(&rest, &s)) {
        for (size_t n = 0; n < s.text.n; n += 7)
            holds(utf8_cut(s.text, n));
        for (size_t n = 0; n + 12 < s.text.n; n += 31) {         /* a part of it away */
            struct buf b = BUF_INIT;
            size_t to = n + 12;
            buf_str(&b, utf8_cut(s.text, n));
            while (to < s.text.n && ((unsigned char)s.text.p[to] & 0xc0) == 0x80)
                to++;
            buf_str(&b, str_sub(s.text, to, s.text.n));
            holds(arena_str(&arena, buf_view(&b)));
            buf_release(&b);
        }
    }
}

static bool meets(const struct propose_span *a, const struct propose_span *b) { return a->from < b->to && b->from < a->to; }

static void a_telephone_stands_in_no_other_field(void **state)
{
    static const char *const T[] = {
        "请市商务局报送甲情况，电话13800000000，5月12日前。", "13800000000来电反映路灯不亮，请市住建局3日内处理。", "关于13800000000反映问题的通知\n请市商务局5月12日前办理。",
        "市长批示：“请速办，可找张某13800000000。”", "责任单位：联系人：张某、市商务局；5月12日前完成。", "来源：王某13800000000\n请市商务局5月12日前办理。", "联系人：张某\n请市商务局5月12日前报甲，联系电话：13800000000。",
    };
    for (size_t i = 0; i < ARRAY_LEN(T); i++) {
        struct proposal p = read_text(str_c(T[i]));
        assert_true(p.n_contacts > 0);
        for (size_t k = 0; k < p.n; k++)
            for (int f = 0; f < PROPOSE_FIELDS; f++)
                for (int j = 0; f != PROPOSE_CONTACT && f != PROPOSE_KIND && j < p.matter[k].field[f].n_spans; j++)
                    for (size_t c = 0; c < p.n_contacts; c++)
                        if (meets(&p.matter[k].field[f].span[j], &p.contact[c]))
                            fail_msg("%s: %s", T[i], propose_field_name[f]);
    }
}

static void a_name_is_whole(void **state)
{
    static const struct { const char *text, *lead; } T[] = {
        { "请市商务局5月12日前报甲", "市商务局" }, { "请某县财政局5月12日前报甲", "" }, { "请省商务局5月12日前报甲", "" }, { "请商务局5月12日前报甲", "市商务局" },
        { "请市经济合作局5月12日前报甲", "市经济合作局" }, { "请市交通局5月12日前报甲", "市交通运输局" }, { "请市商务局局长5月12日前报甲", "" },
        { "请市公安局交警支队5月12日前报甲", "" }, { "请市商务局长期抓好，5月12日前报甲", "市商务局" }, { "请外市商务局5月12日前报甲", "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(T); i++) {
        struct proposal p = read_text(str_c(T[i].text));
        assert_int_equal(p.n, 1);
        if (!str_eqc(p.matter[0].field[PROPOSE_LEAD].text, T[i].lead) && (T[i].lead[0] || p.matter[0].field[PROPOSE_LEAD].text.n))
            fail_msg("%s: %.*s", T[i].text, STR_ARG(p.matter[0].field[PROPOSE_LEAD].text));
    }
}

/* Whom a paper is sent to is no part of what is asked; a unit alone before the colon is asked by its place, and what stands there stays. */
static void addressees_are_no_part_of_what_is_asked(void **state)
{
    static const struct { const char *text, *requirement, *title; } T[] = {
        { "各区市县人民政府、市商务局：请市商务局于5月20日前将促消费情况书面报市政府办公室。", "请市商务局于5月20日前将促消费情况书面报市政府办公室", "报送促消费情况" },
        { "各县（市、区）人民政府：请于5月20日前将复工复产情况报我办。", "请于5月20日前将复工复产情况报我办", "报送复工复产情况" },
        { "市商务局：请于5月20日前将促消费情况报我办。", "市商务局：请于5月20日前将促消费情况报我办", "报送促消费情况" },
        { "请市商务局于5月20日前将材料报我办。", "请市商务局于5月20日前将材料报我办", "材料报我办" },
    };
    for (size_t i = 0; i < ARRAY_LEN(T); i++) {
        struct proposal p = read_text(str_c(T[i].text));
        assert_int_equal(p.n, 1);
        const struct propose_value *f = p.matter[0].field;
        if (!str_eqc(f[PROPOSE_REQUIREMENT].text, T[i].requirement) || !str_eqc(f[PROPOSE_TITLE].text, T[i].title))
            fail_msg("%s: %.*s / %.*s", T[i].text, STR_ARG(f[PROPOSE_TITLE].text), STR_ARG(f[PROPOSE_REQUIREMENT].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_corpus_is_read),
        cmocka_unit_test(a_name_is_whole),
        cmocka_unit_test(addressees_are_no_part_of_what_is_asked),
        cmocka_unit_test(a_telephone_stands_in_no_other_field),
        cmocka_unit_test(every_beginning_and_every_hole_is_read),
        cmocka_unit_test(a_full_text_of_one_thing_is_read_in_time),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
