/* engine: none — it reads queries.sql as text */
/* Who sees what: every query over entries, in every slice, joins stand or says why it may see the whole office. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const char *const GUARDED[] = { "entry", "act", "assist", "entry_list", "deadline" };

static bool word_char(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/* Is `word` a table of this statement: does it stand behind FROM, JOIN, INTO, UPDATE or a comma? */
static bool names_table(struct str sql, const char *word)
{
    static const char *const BEFORE[] = { "FROM ", "JOIN ", "INTO ", "UPDATE " };
    for (size_t i = 0; i < ARRAY_LEN(BEFORE); i++)
        for (struct str rest = sql;;) {
            ptrdiff_t at = str_find(rest, str_c(BEFORE[i]));
            if (at < 0)
                break;
            rest = str_sub(rest, (size_t)at + strlen(BEFORE[i]), rest.n);
            if (str_starts(rest, str_c(word)) && !word_char(rest.n > strlen(word) ? rest.p[strlen(word)] : ' '))
                return true;
        }
    return false;
}

static bool allowed(struct str query)
{
    bool guarded = false;
    for (size_t i = 0; i < ARRAY_LEN(GUARDED); i++)
        guarded |= names_table(query, GUARDED[i]);
    return !guarded || str_find(query, STR("-- whole office: ")) >= 0 ||
           (names_table(query, "stand") && str_find(query, STR("party_id = $")) >= 0);
}

static void the_rule(void **state)
{
    assert_false(allowed(STR("SELECT id FROM entry WHERE office_id = $1;")));
    assert_false(allowed(STR("SELECT e.id FROM entry e JOIN stand s ON s.entry_id = e.id WHERE e.office_id = $1;")));
    assert_true(allowed(STR("SELECT e.id FROM entry e JOIN stand s ON s.entry_id = e.id WHERE s.party_id = $1;")));
    assert_true(allowed(STR("-- whole office: the closing\nSELECT id FROM entry;")));
    assert_true(allowed(STR("SELECT id FROM entry_thing;")));
}

static void every_query(void **state)
{
    _cleanup_(buf_release) struct buf text = BUF_INIT;
    FILE *files = popen("cat $(find src ../src -name queries.sql -path '*src/office/*' 2>/dev/null)", "r");
    assert_non_null(files);
    for (size_t n = 1; n;) {
        char *room = buf_room(&text, 65536);
        n = fread(room, 1, 65536, files);
        text.n += n;
    }
    assert_int_equal(pclose(files), 0);
    struct str rest = buf_view(&text);
    int seen = 0;
    for (;;) {
        ptrdiff_t at = str_find(rest, STR("-- query "));
        if (at < 0)
            break;
        rest = str_sub(rest, (size_t)at + 9, rest.n);
        ptrdiff_t next = str_find(rest, STR("-- query "));
        struct str query = str_sub(rest, 0, next < 0 ? rest.n : (size_t)next), line, after;
        line = str_cut(query, '\n', &after);
        if (!allowed(query))
            fail_msg("query %.*s sees entries without stand and gives no reason", STR_ARG(line));
        seen++;
    }
    assert_true(seen > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_rule), cmocka_unit_test(every_query) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
