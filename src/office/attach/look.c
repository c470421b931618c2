/* A look into a file without opening it: a picture by its own address, the beginning of a text, the first rows of a table (xlsx in the cage). */
#include "base/utf8.h"
#include "format/csv.h"
#include "format/table.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "office/attach/page.h"

enum { TEXT_SHOWN = 64 * 1024, ROWS_SHOWN = 100, COLUMNS_SHOWN = 40, CELL_SHOWN = 400, LOOK_MAX = 16 * 1024 * 1024 };

static void look_text(struct req *rq, struct str bytes, struct attach_view *v)
{
    struct csv csv;                              /* for its reading of UTF-8 and GB18030 */
    struct err err;
    if (!csv_open(rq->arena, bytes, &csv, &err)) {
        v->nothing = face_sentence(rq, &err);
        return;
    }
    v->text = arena_str(rq->arena, utf8_cut(csv.text, TEXT_SHOWN));
    v->cut = v->text.n < csv.text.n;
}

static void look_table(struct req *rq, struct str bytes, struct attach_view *v)
{
    struct table_ask ask = { .glance = true };
    struct table_reader *t;
    struct table_row row;
    struct err err;
    bool end = false, ok = table_open(rq->arena, bytes, &ask, &t, &err);
    if (ok) {
        v->lines = arena_array(rq->arena, struct attach_cells, ROWS_SHOWN);
        while (v->n_lines < ROWS_SHOWN && (ok = table_next(t, &row, &end, &err)) && !end) {
            struct attach_cells *l = &v->lines[v->n_lines++];
            l->n = row.n < COLUMNS_SHOWN ? row.n : COLUMNS_SHOWN;
            l->cell = arena_array(rq->arena, struct str, (size_t)l->n + 1);
            for (int i = 0; i < l->n; i++)
                if (!(row.cell[i].merged & CELL_FROM_LEFT))
                    l->cell[i] = arena_str(rq->arena, utf8_cut(row.cell[i].text, CELL_SHOWN));
            v->cut |= row.n > l->n;
        }
        v->sheet = arena_str(rq->arena, table_sheet(t));
        v->cut |= !end;
        table_close(t);
    }
    if (!ok) {
        v->n_lines = 0;
        v->cut = false;
        v->nothing = face_sentence(rq, &err);
    } else if (v->n_lines == 0) {
        v->nothing = FACE_SAY(rq, M_ATTACH_EMPTY_TABLE);
    }
}

bool attach_look(struct req *rq, const struct attachment *x, struct attach_view *v, struct err *err)
{
    struct buf bytes _cleanup_(buf_release) = BUF_INIT;
    bool text = (file_kind(x->type)->is & FILE_READABLE) != 0, csv = text && str_caseeq(file_extension(x->name), STR("csv")), table = x->type == FILE_XLSX || csv;
    v->image = (file_kind(x->type)->is & FILE_IMAGE) != 0;
    v->pdf = x->type == FILE_PDF;
    if (v->image || v->pdf)
        return true;
    if ((!text && !table) || x->size > LOOK_MAX) {
        v->nothing = FACE_SAY(rq, M_ATTACH_NO_LOOK);
        return true;
    }
    if (!attach_bytes(rq->db, rq->actor->office_id, x, &bytes, err))
        return false;
    if (table)
        look_table(rq, buf_view(&bytes), v);
    if (text && (!csv || v->nothing.n)) {
        v->nothing = STR_NULL;
        look_text(rq, buf_view(&bytes), v);
    }
    return true;
}
