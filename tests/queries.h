/* Every query of the program. A queries.sql that is not listed here fails every_list_is_here(). */
#ifndef WHS_TESTS_QUERIES_H
#define WHS_TESTS_QUERIES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/db.h"

#define WHS_LISTS(F) \
    F(store) F(people) F(web) F(entry) F(closing) F(outcome) F(summary) F(workcal) F(deputy) F(handover) F(notes) \
    F(collect) F(books) F(recurring) F(split) F(lists) F(attach) F(paste)
#define WHS_EXTERN(NAME) extern const struct query *const NAME##_query_list[];
#define WHS_NAME(NAME) NAME##_query_list,

WHS_LISTS(WHS_EXTERN)                            /* the headers themselves cannot stand in one file: structs of two folders share names */
static const struct query *const *const QUERY_LISTS[] = { WHS_LISTS(WHS_NAME) };

static inline void every_list_is_here(void)
{
    char n[32] = "";
    FILE *files = popen("find src ../src -name queries.sql 2>/dev/null | wc -l", "r");
    assert_non_null(files);
    assert_non_null(fgets(n, sizeof n, files));
    pclose(files);
    assert_int_equal(strtol(n, NULL, 10), ARRAY_LEN(QUERY_LISTS));
}

#endif
