/* engine: none — bytes only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "format/sniff.h"
#include "messages.h"

/* A zip with nothing but names: enough for what it is. */
static struct str zip_of(struct buf *b, const char *const *names, int n)
{
    buf_add(b, "PK\3\4", 4);
    size_t from = b->n;
    for (int i = 0; i < n; i++) {
        char head[46] = "PK\1\2";
        head[28] = (char)strlen(names[i]);
        buf_add(b, head, sizeof head);
        buf_c(b, names[i]);
    }
    char tail[22] = "PK\5\6";
    tail[16] = (char)from;
    buf_add(b, tail, sizeof tail);
    return buf_view(b);
}

static void kinds(void **state)
{
    static const struct { struct str bytes; enum file_type type; } CASES[] = {
        { STR(""), FILE_EMPTY }, { STR("工作总结\n"), FILE_TEXT }, { STR("\xef\xbb\xbf" "a,b"), FILE_TEXT }, { STR("\xb9\xa4\xd7\xf7\xd7\xdc\xbd\xe1\r\n"), FILE_GB18030 },
        { STR("%PDF-1.7\n"), FILE_PDF }, { STR("\x89PNG\r\n\x1a\n\0\0"), FILE_PNG }, { STR("\xff\xd8\xff\xe0\0"), FILE_JPEG }, { STR("GIF89a\1\0"), FILE_GIF },
        { STR("RIFF\1\0\0\0WEBPVP8 "), FILE_WEBP }, { STR("RIFF\1\0\0\0WAVEfmt "), FILE_AUDIO }, { STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"), FILE_OLE },
        { STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), FILE_LOCKED }, { STR("MZ\x90\0\3\0\0\0"), FILE_PROGRAM },
        { STR("MZ is how this text begins"), FILE_TEXT }, { STR("BMW, a car"), FILE_TEXT }, { STR("BM\x36\0\0\0\0"), FILE_BMP }, { STR("\x7f" "ELF\2\1"), FILE_PROGRAM },
        { STR("#!/bin/sh\nrm"), FILE_PROGRAM }, { STR("  <!DOCTYPE HTML><p>"), FILE_HTML }, { STR("<?xml version='1.0'?><svg onload=x>"), FILE_HTML },
        { STR("<ScRiPt>x"), FILE_HTML }, { STR("<?xml version='1.0'?><a/>"), FILE_XML }, { STR("报告<html>不在开头</html>"), FILE_TEXT }, { STR("{\\rtf1"), FILE_RTF },
        { STR("Rar!\x1a\7\0"), FILE_RAR }, { STR("\0\0\0\x18" "ftypmp42"), FILE_VIDEO }, { STR("\1\2\3\4"), FILE_UNKNOWN }, { STR("a\0b"), FILE_UNKNOWN },
        { STR("\xff\xff\xff"), FILE_UNKNOWN }, { STR("PK\3\4"), FILE_ZIP }, { STR("P"), FILE_TEXT }, { STR("PK\5\6"), FILE_ZIP },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        assert_int_equal(file_sniff(CASES[i].bytes), CASES[i].type);
}

static void zips(void **state)
{
    static const struct { const char *names[3]; int n; enum file_type type; } CASES[] = {
        { { "[Content_Types].xml", "xl/workbook.xml" }, 2, FILE_XLSX }, { { "word/document.xml", "[Content_Types].xml" }, 2, FILE_DOCX },
        { { "[Content_Types].xml", "ppt/presentation.xml" }, 2, FILE_PPTX }, { { "OFD.xml", "Doc_0/Document.xml" }, 2, FILE_OFD }, { { "xl/a" }, 1, FILE_ZIP },
        { { "mimetype", "content.xml" }, 2, FILE_ODF }, { { "[Content_Types].xml", "xl/workbook.xml", "META-INF/MANIFEST.MF" }, 3, FILE_PROGRAM },
        { { "a.txt" }, 1, FILE_ZIP },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct buf b = BUF_INIT;
        struct str s = zip_of(&b, CASES[i].names, CASES[i].n);
        assert_int_equal(file_sniff(s), CASES[i].type);
        for (size_t n = 0; n < s.n; n++)         /* cut anywhere: some kind, and no byte beyond the end looked at (the sanitizer watches) */
            file_sniff(str_n(memcpy(b.p, s.p, n), n));
        buf_release(&b);
    }
}

static int name_msg(const char *name, enum file_type t)
{
    struct err e = { 0 };
    return file_name_check(str_c(name), "file", &e) && file_name_fits(str_c(name), t, "file", &e) ? 0 : e.msg;
}

static void names(void **state)
{
    static const struct { const char *name; enum file_type type; int msg; } CASES[] = {
        { "关于报送总结的通知.pdf", FILE_PDF, 0 }, { "扫描件", FILE_JPEG, 0 }, { "照片.png", FILE_JPEG, 0 }, { "台账.xls", FILE_XLSX, 0 }, { "台账.et", FILE_OLE, 0 },
        { "说明.txt", FILE_GB18030, 0 }, { "数据.dat", FILE_UNKNOWN, 0 }, { "录音.amr", FILE_UNKNOWN, 0 }, { "名单.xlsx", FILE_LOCKED, 0 }, { "第1.2稿", FILE_PDF, 0 },
        { "通知.pdf", FILE_PROGRAM, M_FILE_ACTIVE }, { "通知.pdf.exe", FILE_PDF, M_FILE_RUNS }, { "通知.pdf", FILE_PNG, M_FILE_OTHER_KIND }, { "通知.pdf", FILE_UNKNOWN, M_FILE_BROKEN },
        { "网页.html", FILE_TEXT, M_FILE_RUNS }, { "台账.xls", FILE_HTML, M_FILE_ACTIVE }, { "图.SVG", FILE_XML, M_FILE_RUNS }, { "a.Js", FILE_TEXT, M_FILE_RUNS },
        { "", FILE_PDF, M_FILE_NAME_LENGTH }, { "a/b.pdf", FILE_PDF, M_FILE_NAME_SIGNS }, { "..\\b.pdf", FILE_PDF, M_FILE_NAME_SIGNS }, { ".htaccess", FILE_TEXT, M_FILE_NAME_SIGNS },
        { "通知.pdf ", FILE_PDF, M_FILE_NAME_SIGNS }, { "通知\xe2\x80\xae" "fdp.exe", FILE_PDF, M_FILE_NAME_SIGNS }, { "a\nb.pdf", FILE_PDF, M_FILE_NAME_SIGNS },
        { "a\xff.pdf", FILE_PDF, M_FILE_NAME_SIGNS }, { "a.pdf.", FILE_PDF, M_FILE_NAME_SIGNS },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        assert_int_equal(name_msg(CASES[i].name, CASES[i].type), CASES[i].msg);
    assert_int_equal(file_by_key(STR("pdf")), FILE_PDF);
    assert_int_equal(file_by_key(STR("x")), FILE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(kinds), cmocka_unit_test(zips), cmocka_unit_test(names) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
