/* Cells of columns marked 个人信息: ciphertext bound to its round, unit, row and column. */
#include <stdio.h>

#include "base/num.h"
#include "messages.h"
#include "office/collect/inside.h"
#include "store/seal.h"

enum { PLACE_MAX = 96 };

bool blank_personal(const struct blank *k)
{
    for (int c = 0; c < k->n; c++)
        if (k->column[c].personal)
            return true;
    return false;
}

static void place(char name[PLACE_MAX], int64_t party_id, size_t row, int column)
{
    snprintf(name, PLACE_MAX, "collect.%lld.%zu.%d", (long long)party_id, row, column);
}

bool personal_seal(struct txn *t, const struct collect_round *r, int64_t party_id, const struct blank *k, struct str *cells, size_t n_rows, struct err *err)
{
    for (size_t row = 0; row < n_rows; row++)
        for (int c = 0; c < k->n; c++) {
            struct str *cell = &cells[row * (size_t)k->n + (size_t)c], sealed;
            char name[PLACE_MAX];
            if (!k->column[c].personal || cell->n == 0)
                continue;
            place(name, party_id, row, c);
            if (!seal_text(t, SEAL_SCOPE_OFFICE, (struct seal_place){ name, r->id }, *cell, &sealed, err))
                return false;
            struct buf b _cleanup_(buf_release) = BUF_INIT;
            buf_base64url(&b, sealed.p, sealed.n);
            *cell = arena_str(t->arena, buf_view(&b));
        }
    return true;
}

bool personal_open_cell(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct personal_place *at, struct str *cell, struct err *err)
{
    char name[PLACE_MAX];
    size_t n;
    uint8_t *sealed = arena_alloc(a, cell->n + 1);
    place(name, at->party_id, at->row, at->column);
    if (!base64url_decode(*cell, sealed, cell->n, &n))
        return err_fail(err, ERR_CORRUPT, M_COLLECT_SEALED, NULL);
    return seal_open(s, db, a, office_id, (struct seal_place){ name, at->round_id }, str_n((char *)sealed, n), cell, err);
}

bool personal_open(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, int64_t party_id, const struct blank *k, struct str *cells,
                   size_t n_rows, struct err *err)
{
    for (size_t row = 0; row < n_rows; row++)
        for (int c = 0; c < k->n; c++) {
            struct str *cell = &cells[row * (size_t)k->n + (size_t)c];
            if (k->column[c].personal && cell->n &&
                !personal_open_cell(s, db, a, office_id, &(struct personal_place){ r->id, party_id, row, c }, cell, err))
                return false;
        }
    return true;
}

void personal_mask(struct arena *a, const struct blank *k, struct str *cells, size_t n_rows, bool numbers)
{
    for (size_t row = 0; row < n_rows; row++)
        for (int c = 0; c < k->n; c++) {
            struct str *cell = &cells[row * (size_t)k->n + (size_t)c];
            if (k->column[c].personal && cell->n)
                *cell = numbers ? arena_printf(a, MASK "%zu", row + 1) : STR(MASK);
        }
}
