/* engine: none — workbooks made by hand, good ones and hostile ones. What libxlsxwriter makes is read in table_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "format/table.h"
#include "format/xlsx_inner.h"
#include "messages.h"

#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define R "xmlns:r=\"" REL "\""

static struct arena a;

static int setup(void **state)
{
    a = ARENA_INIT(0);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&a);
    return 0;
}

/* --- making packages ----------------------------------------------------------------------------------------------------------------- */

struct part { const char *name; struct str text; };

static struct str package(const struct part *parts, int n)
{
    zip_error_t e;
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_t *z = zip_open_from_source(to, ZIP_TRUNCATE, &e);
    zip_source_keep(to);
    for (int i = 0; i < n; i++)
        assert_true(zip_file_add(z, parts[i].name, zip_source_buffer(z, parts[i].text.p, parts[i].text.n, 0), 0) >= 0);
    assert_int_equal(zip_close(z), 0);
    zip_source_open(to);
    zip_source_seek(to, 0, SEEK_END);
    size_t size = (size_t)zip_source_tell(to);
    zip_source_seek(to, 0, SEEK_SET);
    char *p = arena_alloc(&a, size);
    assert_int_equal(zip_source_read(to, p, size), size);
    zip_source_close(to);
    zip_source_free(to);
    return str_n(p, size);
}

/* What a package calls the part of a sheet, and the tag that ends it. */
#define SHEET_TYPE REL "/" "worksheet"
#define SHEET_END "</" "worksheet>"
#define BOOK "<workbook " MAIN " " R "><sheets><sheet name=\"甲\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
#define RELS "<Relationships><Relationship Id=\"r1\" Type=\"" SHEET_TYPE "\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" REL \
             "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"" REL "/styles\" Target=\"styles.xml\"/></Relationships>"
#define STRINGS "<sst " MAIN "><si><t>零</t></si><si><r><t>一</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> 二</t></r><rPh sb=\"0\"><t>注音</t></rPh></si>" \
                "<si><t>行_x000D_&#10;尾 &lt;&amp;&gt; _x005F_x000D_</t></si></sst>"
#define STYLES "<styleSheet " MAIN "><numFmts count=\"4\"><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>" \
               "<numFmt numFmtId=\"165\" formatCode=\"0.00\"/><numFmt numFmtId=\"166\" formatCode=\"yyyy/m/d h:mm\"/><numFmt numFmtId=\"167\" formatCode=\"[h]:mm\"/></numFmts>" \
               "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>" \
               "<xf numFmtId=\"166\"/><xf numFmtId=\"167\"/><xf numFmtId=\"10\"/><xf numFmtId=\"49\"/><xf numFmtId=\"20\"/><xf numFmtId=\"58\"/></cellXfs></styleSheet>"
#define SHEET(rows) "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet " MAIN "><sheetData>" rows "</sheetData>" SHEET_END

static struct str book_with(const char *book, struct str sheet)
{
    struct part parts[] = { { "[Content_Types].xml", STR("<Types/>") }, { "xl/workbook.xml", str_c(book) }, { "xl/_rels/workbook.xml.rels", STR(RELS) },
                            { "xl/sharedStrings.xml", STR(STRINGS) }, { "xl/styles.xml", STR(STYLES) }, { "xl/worksheets/sheet1.xml", sheet } };
    return package(parts, ARRAY_LEN(parts));
}

/* All that can be read, or the message: "1:[text type merged]…" */
static const char *read_all(struct str bytes, const char *sheet)
{
    static const char TYPES[] = "tinDIT?E-";
    struct table_ask ask = { .sheet = str_c(sheet) };
    struct table_reader *t;
    struct table_row row;
    struct err e = { 0 };
    struct buf b = BUF_INIT;
    bool end = false, ok = table_open(&a, bytes, &ask, &t, &e);
    if (!ok)
        return tr_id(e.msg);
    while ((ok = table_next(t, &row, &end, &e)) && !end) {
        buf_printf(&b, "%d%s:", row.line, row.hidden ? "h" : "");
        for (int i = 0; i < row.n; i++) {
            buf_printf(&b, "[%.*s", STR_ARG(row.cell[i].text));
            if (row.cell[i].type)
                buf_printf(&b, " %c", TYPES[row.cell[i].type]);
            if (row.cell[i].merged)
                buf_printf(&b, " %d", row.cell[i].merged);
            buf_ch(&b, ']');
        }
    }
    table_close(t);
    if (!ok) {
        buf_printf(&b, "%s %d %d", tr_id(e.msg), e.line, e.column);
        if (e.n_args)
            buf_printf(&b, " %s", e.arg[0].s);
    }
    struct str s = arena_str(&a, buf_view(&b));
    buf_release(&b);
    return s.p ? s.p : "";
}

static const char *read_sheet(const char *xml) { return read_all(book_with(BOOK, str_c(xml)), NULL); }

/* --- good ones ------------------------------------------------------------------------------------------------------------------------ */

static void cells(void **state)
{
    assert_string_equal(read_sheet(SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c></row>")),
                        "1:[零][一 二][行\n尾 <&> _x000D_]");
    assert_string_equal(read_sheet(SHEET("<row><c t=\"inlineStr\"><is><r><t>内</t></r><t>联</t></is></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"str\"><f>A1</f><v>果</v></c>"
                                         "<c><f>1+1</f><v>2</v></c><c><f>NOW()</f></c></row>")),
                        "1:[内联][TRUE ?][#N/A E][果][2 i][ -]");
    assert_string_equal(read_sheet(SHEET("<row r=\"3\" hidden=\"1\"><c r=\"C3\" t=\"str\"><v>丙</v></c><c r=\"A3\" t=\"str\"><v>甲</v></c></row><row r=\"9\"><c r=\"A9\" s=\"1\"/></row>"
                                         "<row r=\"10\"><c r=\"XFD10\" s=\"1\"/><c r=\"B10\"><v>7</v></c></row>")),
                        "3h:[甲][][丙]10:[][7 i]");
    assert_string_equal(read_sheet("<x:worksheet xmlns:x=\"y\"><x:cols><x:col min=\"2\" max=\"9999999\" hidden=\"1\"/></x:cols><x:sheetData><x:row><x:c><x:v><![CDATA[5]]></x:v></x:c></x:row>"
                                   "</x:sheetData></x:worksheet>"), "1:[5 i]");
    assert_string_equal(read_sheet(SHEET("")), "");
}

static void numbers(void **state)
{
    static const struct { int style; const char *raw, *expected; } CASES[] = {
        { 0, "5.2", "5.2 n" }, { 0, "5.2000000000000002", "5.2 n" }, { 3, "5.2", "5.20 n" }, { 3, "5.256", "5.256 n" }, { 0, "100", "100 i" }, { 0, "-0", "0 i" },
        { 0, "1E+20", "100000000000000000000 i" }, { 0, "1.5E-7", "1.5e-07 n" }, { 6, "0.125", "12.50% n" }, { 7, "5.20", "5.2 n" }, { 0, "0.1", "0.1 n" },
        { 1, "44701", "2022-05-20 D" }, { 2, "44701", "2022-05-20 D" }, { 2, "44701.75", "2022-05-20 D" }, { 4, "44701.75", "2022-05-20 18:00 I" },
        { 4, "44701.749999999", "2022-05-20 18:00 I" }, { 4, "44701.9999999", "2022-05-21 00:00 I" }, { 5, "1.25", "30:00 T" }, { 8, "0.75", "18:00 T" },
        { 9, "44701", "2022-05-20 D" }, { 1, "59", "1900-02-28 D" }, { 1, "60", "60 n" }, { 1, "61", "1900-03-01 D" }, { 1, "0", "0 n" }, { 1, "-5", "-5 i" },
        { 1, "99999999", "99999999 i" }, { 999, "7", "7 i" }, { 0, "x", "x" }, { 0, "0x10", "0x10" }, { 0, "nan", "nan" }, { 0, "1e999", "1e999" }, { 1, "2958465.99", "9999-12-31 D" },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        char xml[600], expected[100];
        snprintf(xml, sizeof xml, SHEET("<row><c s=\"%d\"><v>%s</v></c></row>"), CASES[i].style, CASES[i].raw);
        snprintf(expected, sizeof expected, "1:[%s]", CASES[i].expected);
        assert_string_equal(read_sheet(xml), expected);
    }
    assert_string_equal(read_all(book_with("<workbook " MAIN " " R "><workbookPr date1904=\"1\"/><sheets><sheet name=\"甲\" r:id=\"r1\"/></sheets></workbook>",
                                           STR(SHEET("<row><c s=\"1\"><v>43239</v></c><c s=\"1\"><v>0</v></c></row>"))), NULL), "1:[2022-05-20 D][1904-01-01 D]");
}

static void shown_as(void **state)
{
    static const struct { const char *code; int kind; int decimals; } CASES[] = {
        { "General", SHOW_GENERAL, 0 }, { "@", SHOW_GENERAL, 0 }, { "0", SHOW_FIXED, 0 }, { "#,##0.00;[Red]-#,##0.00", SHOW_FIXED, 2 }, { "0.0%", SHOW_PERCENT, 1 },
        { "0.00E+00", SHOW_GENERAL, 0 }, { "# ?/?", SHOW_GENERAL, 0 }, { "yyyy-mm-dd", SHOW_DAY, 0 }, { "m\"月\"d\"日\"", SHOW_DAY, 0 }, { "[$-804]yyyy\\年m\\月", SHOW_DAY, 0 },
        { "aaaa", SHOW_DAY, 0 }, { "[$-F800]dddd, mmmm dd, yyyy", SHOW_DAY, 0 }, { "h:mm", SHOW_TIME, 0 }, { "h:mm AM/PM", SHOW_TIME, 0 }, { "mm:ss.0", SHOW_TIME, 0 },
        { "上午/下午h\"时\"mm\"分\"", SHOW_TIME, 0 }, { "yyyy/m/d h:mm", SHOW_INSTANT, 0 }, { "[h]:mm:ss", SHOW_ELAPSED, 0 }, { "[DBNum1]yyyy年m月d日", SHOW_DAY, 0 },
        { "\"共\"0\"件\"", SHOW_FIXED, 0 }, { "0.00_ ", SHOW_FIXED, 2 }, { "[Red]0.0", SHOW_FIXED, 1 }, { "", SHOW_GENERAL, 0 }, { "\"open", SHOW_GENERAL, 0 }, { "[h", SHOW_ELAPSED, 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct format f = xlsx_format(str_c(CASES[i].code));
        if (f.kind != CASES[i].kind || f.decimals != CASES[i].decimals)
            print_error("%s: kind %d decimals %d\n", CASES[i].code, f.kind, f.decimals);
        assert_int_equal(f.kind, CASES[i].kind);
        assert_int_equal(f.decimals, CASES[i].decimals);
    }
}

static void merged(void **state)
{
    static const char TAIL[] = "<mergeCells count=\"3\"><mergeCell ref=\"A1:C1\"/><mergeCell ref='A2:A4'/><mergeCell ref=\"B3:C4\"></mergeCell><mergeCell ref=\"x\"/></mergeCells>" SHEET_END;
    char xml[2000];
    snprintf(xml, sizeof xml, "<worksheet " MAIN "><sheetData><row r=\"1\"><c t=\"str\"><v>题</v></c></row><row r=\"2\"><c t=\"str\"><v>甲</v></c><c><v>1</v></c></row>"
             "<row r=\"3\"><c r=\"B3\"><v>2</v></c></row><row r=\"4\"/><row r=\"5\"><c r=\"B5\"><v>3</v></c></row></sheetData>%s", TAIL);
    assert_string_equal(read_sheet(xml), "1:[题 1][题 3][题 3]2:[甲 1][1 i]3:[甲 5][2 i 1][2 i 3]4:[甲 5][2 i 5][2 i 7]5:[][3 i]");
}

static void sheets(void **state)
{
    struct part parts[] = {
        { "[Content_Types].xml", STR("<Types/>") },
        { "_rels/.rels", STR("<Relationships><Relationship Id=\"b\" Type=\"" REL "/officeDocument\" Target=\"/xl/book.xml\"/></Relationships>") },
        { "xl/book.xml", STR("<workbook " R "><sheets><sheet name=\"封面\" r:id=\"r1\"/><sheet name=\"藏\" r:id=\"r2\" state=\"hidden\"/><sheet name=\"图\" r:id=\"r4\"/>"
                             "<sheet name=\"台账\" r:id=\"r3\"/></sheets></workbook>") },
        { "xl/_rels/book.xml.rels", STR("<Relationships><Relationship Id=\"r1\" Type=\"" SHEET_TYPE "\" Target=\"s1.xml\"/><Relationship Id=\"r2\" Type=\"" SHEET_TYPE
                                        "\" Target=\"s2.xml\"/><Relationship Id=\"r3\" Type=\"" SHEET_TYPE "\" Target=\"./s3.xml\"/><Relationship Id=\"r4\" Type=\"" REL
                                        "/chartsheet\" Target=\"c.xml\"/></Relationships>") },
        { "xl/s1.xml", STR(SHEET("<row r=\"1\"><c s=\"1\"/></row>")) },
        { "xl/s2.xml", STR(SHEET("<row r=\"1\"><c t=\"str\"><v>藏着</v></c></row>")) },
        { "xl/s3.xml", STR(SHEET("<row r=\"1\"><c t=\"str\"><v>账</v></c></row>")) },
    };
    struct str bytes = package(parts, ARRAY_LEN(parts));
    assert_string_equal(read_all(bytes, NULL), "1:[账]");            /* the first that is seen and not empty */
    assert_string_equal(read_all(bytes, "藏"), "1:[藏着]");
    assert_string_equal(read_all(bytes, "图"), "xlsx.no_such_sheet 0 0 图");
    assert_string_equal(read_all(bytes, "无"), "xlsx.no_such_sheet 0 0 无");
}

/* --- hostile ones ---------------------------------------------------------------------------------------------------------------------- */

static void wrong_cells(void **state)
{
    static const struct { const char *xml, *expected; } CASES[] = {
        { SHEET("<row><c t=\"s\"><v>3</v></c></row>"), "xlsx.bad_cell 1 1 3" },
        { SHEET("<row><c t=\"s\"><v>99999999999999999999</v></c></row>"), "xlsx.bad_cell 1 1 99999999999999999999" },
        { SHEET("<row><c t=\"s\"><v>-1</v></c></row>"), "xlsx.bad_cell 1 1 -1" },
        { SHEET("<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>"), "xlsx.bad_cell 1 0 A2" },
        { SHEET("<row r=\"1\"><c r=\"1A\"><v>1</v></c></row>"), "xlsx.bad_cell 1 0 1A" },
        { SHEET("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>"), "xlsx.bad_cell 1 0 XFE1" },
        { SHEET("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"), "xlsx.too_wide 1048576 16384 " },
        { SHEET("<row r=\"1048576\"><c r=\"XFD1048576\"/><c r=\"IV1048576\"><v>1</v></c></row>"), NULL },
        { SHEET("<row r=\"1\"><c r=\"IW1\"><v>1</v></c></row>"), "xlsx.too_wide 1 257 " },
        { SHEET("<row r=\"1048577\"/>"), "xlsx.row_order 0 0 1048577" },
        { SHEET("<row r=\"5\"><c><v>1</v></c></row><row r=\"5\"/>"), "5:[1 i]xlsx.row_order 5 0 5" },
        { SHEET("<row r=\"-1\"/>"), "xlsx.row_order 0 0 -1" },
        { SHEET("<row r=\"1\"><c><v>1</v>"), "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml" },
        { SHEET("<row><c><v>&nothing;</v></c></row>"), "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml" },
        { SHEET("<row><c t=\"str\"><v>\xff\xfe</v></c></row>"), "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml" },
        { "<?xml version=\"1.0\" encoding=\"GBK\"?><worksheet><sheetData><row><c t=\"str\"><v>\xb0\xa1</v></c></row></sheetData>" SHEET_END,
          "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml" },
        { "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]><worksheet>&d;" SHEET_END,
          "xlsx.dtd 0 0 xl/worksheets/sheet1.xml" },
        { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><worksheet/>", "xlsx.dtd 0 0 xl/worksheets/sheet1.xml" },
        { "", "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml" }, { "text", "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml" },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        const char *got = read_sheet(CASES[i].xml);
        if (CASES[i].expected)
            assert_string_equal(got, CASES[i].expected);
        else
            assert_true(strncmp(got, "1048576:[]", 10) == 0 && strstr(got, "[1 i]"));
    }
}

static struct str repeated(const char *before, const char *what, size_t n, const char *after)
{
    struct buf b = BUF_INIT;
    buf_c(&b, before);
    for (size_t i = 0; i < n; i++)
        buf_c(&b, what);
    buf_c(&b, after);
    struct str s = arena_str(&a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void too_much(void **state)
{
    static const char KB[] = "                                                                                                                                ";
    assert_string_equal(read_all(book_with(BOOK, repeated("<worksheet>", KB, 200000, "" SHEET_END)), NULL), "xlsx.ratio 0 0 ");
    assert_string_equal(read_all(book_with(BOOK, repeated("<worksheet><sheetData><row><c t=\"str\"><v>", "字字字字字字字字", 8000, "</v></c></row></sheetData>" SHEET_END)), NULL),
                        "table.cell_long 1 1 ");
    assert_string_equal(read_all(book_with(BOOK, repeated("<worksheet><sheetData/>", "<mergeCell ref=\"A1:B2\"/>", 100001, "" SHEET_END)), NULL), "xlsx.too_many_merged 0 0 ");
    assert_string_equal(read_all(book_with(BOOK, repeated("<worksheet>", "<a>", 100000, "")), NULL), "xlsx.bad_xml 0 0 xl/worksheets/sheet1.xml");
    assert_string_equal(read_all(book_with(BOOK, repeated("<worksheet><mergeCell ", "x", 100000, "")), NULL), "xlsx.damaged 0 0 mergeCell");
    /* one text of 120 KB over a merged row of 256 columns: 30 MB for one row */
    assert_string_equal(read_all(book_with(BOOK, repeated("<worksheet><sheetData><row><c t=\"str\"><v>", "12345678901234567890", 6000,
                                                          "</v></c></row></sheetData><mergeCell ref=\"A1:XFD1\"/>" SHEET_END)), NULL), "xlsx.row_long 1 0 ");
    struct part *parts = arena_array(&a, struct part, 5000);
    parts[0] = (struct part){ "[Content_Types].xml", STR("<Types/>") };
    for (int i = 1; i < 5000; i++)
        parts[i] = (struct part){ arena_printf(&a, "xl/%d", i).p, STR("") };
    assert_string_equal(read_all(package(parts, 5000), NULL), "xlsx.too_many_files 0 0 ");
}

static struct str patched(struct str s, size_t at, const char *p, size_t n)
{
    char *copy = arena_alloc(&a, s.n);
    memcpy(copy, s.p, s.n);
    memcpy(copy + at, p, n);
    return str_n(copy, s.n);
}

static void broken_packages(void **state)
{
    struct str good = book_with(BOOK, repeated("<worksheet><sheetData>", "<row><c t=\"str\"><v>一行</v></c></row>", 50, "</sheetData>" SHEET_END));
    assert_non_null(strstr(read_all(good, NULL), "50:[一行]"));
    ptrdiff_t directory = -1;
    for (size_t i = 0; i + 4 < good.n; i++)
        if (memcmp(good.p + i, "PK\1\2", 4) == 0)
            directory = (ptrdiff_t)i;            /* the last: the sheet's */
    const char *crc = read_all(patched(good, (size_t)directory + 16, "\1\2\3\4", 4), NULL);
    assert_string_equal(crc, "xlsx.damaged 0 0 xl/worksheets/sheet1.xml");            /* before any row */
    assert_string_equal(read_all(patched(good, good.n - 12, "\xff\xff", 2), NULL), "xlsx.too_many_files 0 0 ");
    assert_string_equal(read_all(patched(good, (size_t)directory + 8, "\1", 1), NULL), "xlsx.encrypted 0 0 ");
    assert_string_equal(read_all(patched(good, (size_t)directory + 10, "\x0e", 1), NULL), "xlsx.damaged 0 0 xl/worksheets/sheet1.xml");
    /* cut or changed anywhere: a sentence or the rows, never a crash, a hang or nonsense */
    for (size_t n = 1; n < good.n; n += 97) {
        const char *cut = read_all(str_n(good.p, n), NULL);
        assert_true(strncmp(cut, "xlsx.", 5) == 0 || strncmp(cut, "csv.", 4) == 0 || strncmp(cut, "1:[P", 4) == 0);
    }
    for (size_t at = 0; at < good.n; at += 61) {
        const char *bent = read_all(patched(good, at, "\x5a", 1), NULL);
        assert_null(strstr(bent, "cage."));
    }
    assert_string_equal(read_all(STR("PK\3\4"), NULL), "xlsx.not_zip 0 0 ");
    struct part none[] = { { "a.txt", STR("x") } };
    assert_string_equal(read_all(package(none, 1), NULL), "xlsx.no_book 0 0 ");
    struct part away[] = { { "xl/workbook.xml", STR(BOOK) },
                           { "xl/_rels/workbook.xml.rels", STR("<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"../../../etc/passwd\"/></Relationships>") } };
    assert_string_equal(read_all(package(away, 2), NULL), "xlsx.damaged 0 0 甲");
    assert_string_equal(read_all(package(away, 1), NULL), "xlsx.no_sheet 0 0 ");
    assert_string_equal(read_all(STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" "x"), NULL), "table.old");
    assert_string_equal(read_all(STR("%PDF-1.7"), NULL), "table.no_table");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = { TEST(cells), TEST(numbers), TEST(shown_as), TEST(merged), TEST(sheets), TEST(wrong_cells), TEST(too_much), TEST(broken_packages) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
