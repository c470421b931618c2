#include "office.h"

#include "messages.h"
#include "office/attach/inside.h"
#include "store/blob.h"
#include "store/journal.h"

static struct test_office o;
static struct actor shangwu, keji, li;
static struct str number;

struct order {
    const struct actor *by;
    struct str number, reason;
    struct attach_file file[4];
    uint8_t sha256[4][32];
    int64_t id[4];
    size_t n;
};

static bool do_parties(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    (void)args;
    return party_add(t, PARTY_UNIT, STR("市商务局"), STR(""), STR("部门"), 0, &id, err) && party_add(t, PARTY_UNIT, STR("市科技局"), STR(""), STR("部门"), 0, &id, err);
}

static bool do_register(struct txn *t, void *args, struct err *err)
{
    struct entry e;
    struct entry_input in = { .kind = STR("document"), .title = STR("报送稳增长措施"), .source = STR("市政府办公室"), .requirement = STR("报送材料"),
                              .deadline = STR("2022-05-20"), .lead_unit = STR("市商务局") };
    if (!entry_register(t, &o.console, &in, &e, NULL, err))
        return false;
    *(struct str *)args = arena_str(&o.arena, e.number);
    return true;
}

static void load(const char *login, struct actor *ret)
{
    struct err e;
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, str_c(login), instant_day(TEST_NOW), ret, &e), &e);
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    NO_ERR(test_write(&o, do_parties, NULL, &e), &e);
    test_member_add(&o, "shangwu", "商务局联络员", "liaison", "市商务局", STR_NULL);
    test_member_add(&o, "keji", "科技局联络员", "liaison", "市科技局", STR_NULL);
    test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    load("shangwu", &shangwu);
    load("keji", &keji);
    load("li", &li);
    NO_ERR(test_write(&o, do_register, &number, &e), &e);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

static bool do_add(struct txn *t, void *args, struct err *err)
{
    struct order *x = args;
    t->actor_id = x->by->member_id;
    return attach_to_entry(t, x->by, x->number, x->file, (const uint8_t (*)[32])x->sha256, x->n, x->id, err);
}

static bool add(struct order *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++)
        NO_ERR(blob_put(o.store, o.id, x->by->member_id, x->file[i].bytes, x->sha256[i], e), e);
    return test_write(&o, do_add, x, e);
}

static int64_t add_text(const struct actor *by, const char *name, const char *text)
{
    struct err e;
    struct order x = { .by = by, .number = number, .file = { { str_c(name), str_c(text), false } }, .n = 1 };
    NO_ERR(add(&x, &e), &e);
    return x.id[0];
}

static bool do_remove(struct txn *t, void *args, struct err *err)
{
    struct order *x = args;
    t->actor_id = x->by->member_id;
    return attach_remove_from_entry(t, x->by, x->number, x->id[0], x->reason, err);
}

static int refused_removal(const struct actor *by, int64_t id, const char *reason)
{
    struct err e = { 0 };
    struct order x = { .by = by, .number = number, .id = { id }, .reason = str_c(reason) };
    return test_write(&o, do_remove, &x, &e) ? 0 : (int)e.kind;
}

static size_t list(struct attachment **ret)
{
    struct err e;
    struct entry en;
    size_t n = 0;
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, number, &en, &e) && attach_list(o.db, &o.arena, o.id, ENTRY_OWNER(&en), ret, &n, &e), &e);
    return n;
}

static void put_and_taken_away(void **state)
{
    struct attachment *x;
    struct err e;
    struct buf b = BUF_INIT;
    struct journal_head before, after;
    int64_t first = add_text(&li, "说明.txt", "已办"), second = add_text(&shangwu, "回执.txt", "收到");
    assert_int_equal(list(&x), 2);
    assert_true(x[0].id == first && str_eqc(x[0].name, "说明.txt") && x[0].type == FILE_TEXT && x[0].size == 6 && str_eqc(x[0].who, "李科员") && !x[0].scan);
    NO_ERR(attach_bytes(o.db, o.id, &x[1], &b, &e), &e);
    assert_string_equal(b.p, "收到");
    assert_int_equal(refused_removal(&shangwu, first, "错传"), ERR_DENIED);          /* another's */
    assert_int_equal(refused_removal(&keji, first, "错传"), ERR_NOT_FOUND);          /* does not see the entry */
    assert_int_equal(refused_removal(&li, first, "  "), ERR_INPUT);
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    assert_int_equal(refused_removal(&shangwu, second, "传错了"), 0);
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(after.seq, before.seq + 1);
    assert_int_equal(refused_removal(&li, second, "再删"), ERR_NOT_FOUND);
    assert_int_equal(list(&x), 2);
    assert_true(x[1].removed_at == TEST_NOW && str_eqc(x[1].reason, "传错了") && str_eqc(x[1].remover, "商务局联络员"));
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &after, &e), &e);
    buf_release(&b);
}

/* The same bytes at two matters are one blob; it goes a day after the last has let it go. */
static void bytes_are_swept(void **state)
{
    struct str other;
    struct err e;
    struct attachment *x;
    struct buf b = BUF_INIT;
    int64_t swept, id = add_text(&li, "说明.txt", "同一内容");
    NO_ERR(test_write(&o, do_register, &other, &e), &e);
    struct order y = { .by = &li, .number = other, .file = { { STR("另一份.txt"), STR("同一内容"), false } }, .n = 1 };
    NO_ERR(add(&y, &e), &e);
    assert_int_equal(refused_removal(&li, id, "重复"), 0);
    sim_clock_set(&o.clock, TEST_NOW + INT64_C(2) * 24 * 3600 * 1000);
    NO_ERR(store_sweep_blobs(o.store, o.id, NULL, NULL, &swept, &e), &e);
    assert_int_equal(swept, 0);
    y.reason = STR("也不要了");
    NO_ERR(test_write(&o, do_remove, &y, &e), &e);
    NO_ERR(store_sweep_blobs(o.store, o.id, NULL, NULL, &swept, &e), &e);
    assert_int_equal(swept, 1);
    list(&x);
    assert_false(attach_bytes(o.db, o.id, &x[0], &b, &e));
    buf_release(&b);
}

static void refused(const struct actor *by, const char *name, struct str bytes, bool scan, int kind, int msg)
{
    struct err e = { 0 };
    struct journal_head before, after;
    struct order x = { .by = by, .number = number, .file = { { STR("好的.txt"), STR("另外一份"), false }, { str_c(name), bytes, scan } }, .n = 2 };
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    assert_false(add(&x, &e));
    if (e.kind != (enum err_kind)kind || (msg && e.msg != msg))
        print_error("%s: %s\n", name, tr_id(e.msg));
    assert_int_equal(e.kind, kind);
    assert_true(msg == 0 || e.msg == msg);
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);     /* the good one was not taken either */
}

static void what_is_not_taken(void **state)
{
    struct attachment *x;
    add_text(&li, "有的.txt", "已有内容");
    refused(&li, "新名.txt", STR("已有内容"), false, ERR_CONFLICT, M_ATTACH_SAME);
    refused(&li, "同.txt", STR("另外一份"), false, ERR_CONFLICT, M_ATTACH_SAME);
    refused(&li, "空.txt", STR(""), false, ERR_INPUT, M_ATTACH_EMPTY);
    refused(&li, "网页.txt", STR("<html><script>x</script>"), false, ERR_INPUT, M_FILE_ACTIVE);
    refused(&li, "程序.pdf", STR("MZ\x90\0\1\2\3"), false, ERR_INPUT, M_FILE_ACTIVE);
    refused(&li, "运行.exe", STR("text"), false, ERR_INPUT, M_FILE_RUNS);
    refused(&li, "../逃.txt", STR("x"), false, ERR_INPUT, M_FILE_NAME_SIGNS);
    refused(&li, "机密★1年 方案.txt", STR("x"), false, ERR_INPUT, M_ENTRY_SECRET);
    refused(&li, "方案.txt", STR("秘密★3年\n方案"), false, ERR_INPUT, M_ATTACH_SECRET);
    refused(&shangwu, "扫描.png", STR("\x89PNG\r\n\x1a\n\0"), true, ERR_DENIED, M_ATTACH_SCAN_SECTION);
    refused(&keji, "材料.txt", STR("x"), false, ERR_NOT_FOUND, 0);
    assert_int_equal(list(&x), 1);
}

static bool do_limits(struct txn *t, void *args, struct err *err)
{
    (void)args;
    return setting_set(t, "attach.max_count", STR("2"), err) && setting_set(t, "attach.max_mb", STR("1"), err);
}

static void limits(void **state)
{
    struct err e;
    struct buf big = BUF_INIT;
    NO_ERR(test_write(&o, do_limits, NULL, &e), &e);
    add_text(&li, "一.txt", "一");
    refused(&li, "二.txt", STR("二"), false, ERR_LIMIT, M_ATTACH_TOO_MANY);
    memset(buf_room(&big, 1024 * 1024 + 1), 'a', 1024 * 1024 + 1);
    refused(&li, "大.txt", str_n(big.p, 1024 * 1024 + 1), false, ERR_LIMIT, M_ATTACH_TOO_LARGE);
    int64_t id = add_text(&li, "二.txt", "二");
    assert_int_equal(refused_removal(&li, id, "换一份"), 0);
    add_text(&li, "三.txt", "三");               /* a removed one does not count */
    buf_release(&big);
}

struct moving { const struct actor *by; enum entry_verb verb; struct entry_input in; };
static bool do_act(struct txn *t, void *args, struct err *err)
{
    struct moving *m = args;
    struct entry after;
    return entry_act(t, m->by, number, m->verb, &m->in, &after, err);
}

static void when_a_matter_is_done(void **state)
{
    struct err e;
    int64_t id = add_text(&shangwu, "反馈.txt", "反馈");
    static const enum entry_verb VERBS_DONE[] = { VERB_ACCEPT, VERB_SUBMIT, VERB_SETTLE };
    for (size_t i = 0; i < ARRAY_LEN(VERBS_DONE); i++)
        NO_ERR(test_write(&o, do_act, &(struct moving){ &o.console, VERBS_DONE[i], { .text = STR("办了"), .result = i == 2 ? STR("已报送") : STR_NULL } }, &e), &e);
    refused(&shangwu, "晚.txt", STR("晚"), false, ERR_CONFLICT, M_ATTACH_DONE);
    assert_int_equal(refused_removal(&shangwu, id, "晚"), ERR_CONFLICT);
    add_text(&li, "归档材料.txt", "归档");
    NO_ERR(test_write(&o, do_act, &(struct moving){ &o.console, VERB_ARCHIVE, { .text = STR_NULL } }, &e), &e);
    refused(&li, "再.txt", STR("再"), false, ERR_CONFLICT, M_ATTACH_DONE);
}

static bool do_small(struct txn *t, void *args, struct err *err)
{
    struct order *x = args;
    return blob_put_small(t, x->file[0].bytes, x->sha256[0], err) && attach_add(t, (struct attach_owner){ "note", 7 }, x->file, (const uint8_t (*)[32])x->sha256, 1, x->id, err);
}

/* Other slices' objects have attachments of their own. */
static void of_another_owner(void **state)
{
    struct err e;
    struct attachment *list_of, one;
    size_t n;
    struct order x = { .file = { { STR("表.csv"), STR("a,b\n"), false } } };
    NO_ERR(test_write(&o, do_small, &x, &e), &e);
    NO_ERR(attach_list(o.db, &o.arena, o.id, (struct attach_owner){ "note", 7 }, &list_of, &n, &e), &e);
    assert_true(n == 1 && list_of[0].id == x.id[0]);
    assert_false(attach_find(o.db, &o.arena, o.id, (struct attach_owner){ "note", 8 }, x.id[0], &one, &e));
    assert_false(attach_find(o.db, &o.arena, o.id, (struct attach_owner){ "entry", 7 }, x.id[0], &one, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_int_equal(list(&list_of), 0);
    struct buf big = BUF_INIT;
    memset(buf_room(&big, BLOB_PART + 1), 'a', BLOB_PART + 1);
    x.file[0].bytes = str_n(big.p, BLOB_PART + 1);
    assert_false(test_write(&o, do_small, &x, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    buf_release(&big);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = { T(put_and_taken_away), T(bytes_are_swept), T(what_is_not_taken), T(limits), T(when_a_matter_is_done), T(of_another_owner) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
