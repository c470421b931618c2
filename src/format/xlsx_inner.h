/* What the child that reads an xlsx is made of (xlsx_zip.c, xlsx_book.c, xlsx_cell.c, xlsx_sheet.c), and the frames it sends to xlsx.c.
 *
 * Everything here works on hostile bytes, inside the cage only. A mistake in the file ends in xlsx_refuse(), which does not return: so nothing need be freed,
 * and no code path goes on with half of something.
 */
#ifndef WHS_FORMAT_XLSX_INNER_H
#define WHS_FORMAT_XLSX_INNER_H

#include <libxml/parser.h>

#include "format/cage.h"
#include "format/table.h"

enum {                                           /* frames */
    XLSX_SHEETS = CAGE_JOB,                      /* names, each with a NUL behind it */
    XLSX_SHEET,                                  /* u16: which of them the rows come from */
    XLSX_COLUMNS,                                /* one byte for each column: hidden */
    XLSX_ROW,                                    /* u32 row, u8 hidden, u16 cells; each u8 type, u8 merged, u32 bytes, bytes */
    XLSX_REFUSED,                                /* u8 enum xlsx_fault, u32 row, u32 column, text */
};

enum xlsx_fault {
    XLSX_NOT_ZIP, XLSX_NO_BOOK, XLSX_NO_SHEET, XLSX_NO_SUCH_SHEET, XLSX_DAMAGED, XLSX_BAD_XML, XLSX_DTD, XLSX_TOO_MANY_FILES, XLSX_UNPACKS_TOO_LARGE, XLSX_RATIO,
    XLSX_ENCRYPTED, XLSX_TEXTS_TOO_LARGE, XLSX_CELL_LONG, XLSX_TOO_WIDE, XLSX_BAD_CELL, XLSX_ROW_ORDER, XLSX_TOO_MANY_MERGED, XLSX_ROW_LONG, XLSX_FAULTS
};

enum {
    XLSX_ROWS_MAX = 1048576, XLSX_COLUMNS_ALL = 16384,
    XLSX_FILES_MAX = 4096, XLSX_SHEETS_MAX = 256, XLSX_STYLES_MAX = 65536, XLSX_MERGED_MAX = 100000,
    XLSX_UNPACKED_MAX = 512 * 1024 * 1024,       /* bytes of one part */
    XLSX_RATIO_MAX = 200, XLSX_RATIO_FROM = 8 * 1024 * 1024,         /* unpacked to packed, looked at from so many bytes on */
    XLSX_TEXTS_MAX = 96 * 1024 * 1024,           /* shared strings, as kept */
};

_Noreturn void xlsx_refuse(struct cage_in *in, enum xlsx_fault fault, int row, int column, struct str text);

/* --- zip ------------------------------------------------------------------------------------------------------------------------- */

struct zip;
struct zip *xlsx_zip_open(struct cage_in *in);
bool xlsx_has(struct zip *z, const char *name);
/* Unpacks a part chunk by chunk, checked against the limits and its CRC. */
void xlsx_unpack(struct cage_in *in, struct zip *z, const char *name, void (*chunk)(void *ctx, const char *p, size_t n), void *ctx);

/* --- xml ------------------------------------------------------------------------------------------------------------------------- */

struct xml_attributes { const xmlChar **p; int n; };
struct xml_reader {
    struct cage_in *in;
    void (*start)(void *ctx, const char *name, const struct xml_attributes *a);
    void (*end)(void *ctx, const char *name);
    void (*text)(void *ctx, const char *p, size_t n);
    void *ctx;
    xmlParserCtxtPtr parser;
    const char *part;                            /* for the sentence when it is wrong */
};
void xlsx_xml(struct cage_in *in, struct zip *z, const char *part, struct xml_reader *x);
struct str xlsx_attribute(const struct xml_attributes *a, const char *name);         /* STR_NULL when absent */
bool xlsx_is_true(struct str s);
int xlsx_int(struct str s, int otherwise);

/* --- book: sheets, shared strings, styles ------------------------------------------------------------------------------------------ */

enum format_kind { SHOW_GENERAL, SHOW_FIXED, SHOW_PERCENT, SHOW_DAY, SHOW_INSTANT, SHOW_TIME, SHOW_ELAPSED };
struct format { unsigned char kind, decimals, seconds; };

struct book {
    struct cage_in *in;
    struct zip *zip;
    bool from_1904;
    struct { char *name, *part, *rel; bool hidden; } sheet[XLSX_SHEETS_MAX];
    int n_sheets;
    char *strings_part, *styles_part;
    struct format *format;                       /* by style of a cell */
    int n_formats;
    uint32_t *string;                            /* where each lies: block << 20 | offset */
    size_t n_strings, cap_strings, texts;
    char **block;
    size_t n_blocks, block_at;
};

void xlsx_book_read(struct book *b);
void xlsx_strings_read(struct book *b);
void xlsx_styles_read(struct book *b);
struct str xlsx_string(const struct book *b, size_t i);              /* i < n_strings */
/* _x000D_ and the like taken out, \r\n made \n; in place. */
size_t xlsx_clean(char *p, size_t n);

/* --- cells ------------------------------------------------------------------------------------------------------------------------ */

struct format xlsx_format(struct str code);      /* yyyy"年"m"月"d"日" */
struct format xlsx_format_builtin(int id);
/* A number as it is shown. raw: what stands in the file. */
enum table_type xlsx_number(const struct book *b, struct str raw, int style, struct buf *ret);
enum table_type xlsx_number_as(bool from_1904, struct str raw, struct format f, struct buf *ret);
/* "AB12" -> row 12, column 27 (from 0); false when it is none. */
bool xlsx_ref(struct str ref, int *row, int *column);

/* Reads one sheet and sends its rows; false when nothing stands in it, and then nothing was sent. */
bool xlsx_sheet_read(struct book *b, int sheet);

#endif
