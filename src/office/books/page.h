/* What this slice's templates show. */
#ifndef WHS_BOOKS_PAGE_H
#define WHS_BOOKS_PAGE_H

#include "office/books/inside.h"
#include "office/face.h"

/* --- /books --------------------------------------------------------------------------------------------------------------------- */

struct unit_view { struct overview_line l; struct str href; day_t day; };
struct figure_view {                             /* a period's value and how it stands to others */
    struct str period, href, value, own, prev, year, note;
};
struct indicator_view { struct indicator i; int every; struct str href, whose; struct figure_view last; };
struct books_page {
    struct frame frame;
    struct str q;
    bool may_write, searched;
    struct unit_view *unit;
    size_t n_units, n_none, n_old;
    struct indicator_view *indicator;
    size_t n_indicators;
};

/* --- one overview ------------------------------------------------------------------------------------------------------------------ */

struct paragraph { bool h2, h3; struct str text; };
struct version_view { struct overview o; struct str view, compare; bool newest, shown; };
struct overview_page {
    struct frame frame;
    struct overview o;
    struct str base, action, why, on, old_text;
    struct paragraph *p;
    size_t n_p;
    struct version_view *version;
    size_t n_versions;
    bool may_write, none, newest, saved;
    int64_t head;                                /* the newest version's number */
};
struct diff_view { bool gone, added; struct str text; };
struct compare_page { struct frame frame; struct overview from, to; struct str base; struct diff_view *d; size_t n_d; bool same; struct version_view *version; size_t n_versions; };
struct overview_form {
    struct frame frame;
    struct overview o;                           /* what is stored */
    struct str base, body, why_text, why;
    bool overtaken;
    struct diff_view *d;                         /* overtaken: from what is stored to what was typed */
    size_t n_d;
};

/* --- basic data --------------------------------------------------------------------------------------------------------------------- */

struct bar { int64_t x, y, w, h, mid, label_y, foot_y; struct str value, foot; };
struct chart { struct str title, desc; struct bar *bar; size_t n; int64_t base_y; };
struct whose_view { struct str name, href; bool on; };
struct indicator_page {
    struct frame frame;
    struct indicator i;
    struct str whose, edit, about;
    bool may_write, has_own;
    struct whose_view *party;
    size_t n_parties;
    struct figure_view *row;
    size_t n_rows;
    struct chart chart;
};
struct figure_page {
    struct frame frame;
    struct indicator i;
    struct str whose, unit, period, action, back, value, note, why, reason;
    bool may_write;
    struct change_view { struct value_change c; struct str was, is; } *change;
    size_t n_changes;
};
struct indicator_form { struct frame frame; struct str action, title, why; struct field field[8]; size_t n; };

struct cell_view { bool can; struct str name, value, href, label; bool pasted; };
struct grid_row { struct indicator i; struct str name_href; struct cell_view cell[12]; size_t n; };
struct grid_page {
    struct frame frame;
    int64_t year, before, after;
    struct str unit, whose, seen, why, paste, units_q;
    bool edit, may_write, pasted, saved;
    int64_t changed;
    struct field field[1];
    size_t n_fields;
    struct str month[12];
    size_t n_months;
    struct grid_row *row;
    size_t n;
    struct str *problem;
    size_t n_problems;
    int64_t n_more;
};

/* The values of an indicator with what they stand to, newest first; values in order. */
struct figure_view figure_show(struct req *rq, const struct indicator *i, int64_t unit_id, const struct value *v, size_t n, int period);
struct diff_view *diff_show(struct req *rq, struct str old, struct str new, size_t *n);
struct str span_text(struct req *rq, enum every e, int period);
struct str value_text(struct req *rq, int64_t value, int decimals);
/* A running sum, of which the period's own amount can be told. */
bool books_has_own(const struct indicator *i);
void chart_make(struct req *rq, const struct indicator *i, struct str whose, const struct value *v, size_t n, struct chart *c);

#endif
