#include "format/sniff.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"
#include "messages.h"

enum { NAME_MAX_BYTES = 200, TEXT_LOOK = 64 * 1024, OLE_LOOK = 4 * 1024 * 1024, ZIP_NAMES = 4096 };

static const struct file_kind KINDS[FILE_TYPES] = {
    [FILE_UNKNOWN] = { "unknown", "application/octet-stream", "", 0 },
    [FILE_EMPTY] = { "empty", "application/octet-stream", "", 0 },
    [FILE_TEXT] = { "text", "text/plain; charset=utf-8", "txt csv md log tsv eml ics json yaml yml ini conf", FILE_READABLE },
    [FILE_GB18030] = { "gb18030", "text/plain; charset=gb18030", "txt csv md log tsv eml ics ini conf", FILE_READABLE },
    [FILE_HTML] = { "html", "application/octet-stream", "htm html xhtml shtml mht mhtml svg xls", FILE_ACTIVE },
    [FILE_XML] = { "xml", "application/octet-stream", "xml", FILE_ACTIVE },
    [FILE_RTF] = { "rtf", "application/rtf", "rtf doc wps", 0 },
    [FILE_PDF] = { "pdf", "application/pdf", "pdf", 0 },
    [FILE_PNG] = { "png", "image/png", "png jpg jpeg gif webp bmp", FILE_IMAGE },
    [FILE_JPEG] = { "jpeg", "image/jpeg", "png jpg jpeg gif webp bmp", FILE_IMAGE },
    [FILE_GIF] = { "gif", "image/gif", "png jpg jpeg gif webp bmp", FILE_IMAGE },
    [FILE_WEBP] = { "webp", "image/webp", "png jpg jpeg gif webp bmp", FILE_IMAGE },
    [FILE_BMP] = { "bmp", "image/bmp", "png jpg jpeg gif webp bmp", 0 },
    [FILE_TIFF] = { "tiff", "image/tiff", "tif tiff", 0 },
    [FILE_DOCX] = { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx docm doc wps", 0 },
    [FILE_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx xlsm xls et", 0 },
    [FILE_PPTX] = { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx pptm ppt dps", 0 },
    [FILE_OFD] = { "ofd", "application/ofd", "ofd", 0 },
    [FILE_ODF] = { "odf", "application/vnd.oasis.opendocument.text", "odt ods odp", 0 },
    [FILE_OLE] = { "ole", "application/x-ole-storage", "doc xls ppt wps et dps vsd msg", 0 },
    [FILE_LOCKED] = { "locked", "application/x-ole-storage", "docx xlsx pptx doc xls ppt wps et dps", 0 },
    [FILE_ZIP] = { "zip", "application/zip", "zip", 0 },
    [FILE_RAR] = { "rar", "application/vnd.rar", "rar", 0 },
    [FILE_7Z] = { "7z", "application/x-7z-compressed", "7z", 0 },
    [FILE_GZIP] = { "gzip", "application/gzip", "gz tgz", 0 },
    [FILE_AUDIO] = { "audio", "application/octet-stream", "mp3 wav m4a amr ogg wma", 0 },
    [FILE_VIDEO] = { "video", "application/octet-stream", "mp4 mov m4v avi mkv webm wmv m4a", 0 },
    [FILE_PROGRAM] = { "program", "application/octet-stream", "", FILE_ACTIVE },
};

/* What opens by running, whatever is inside. */
static const char RUNS[] = " exe com bat cmd scr pif msi msp msu dll cpl sys drv ocx js jse mjs vbs vbe wsf wsh wsc hta ps1 psm1 lnk url scf inf reg jar class sh "
                           "bash py pl rb php asp aspx jsp htm html xhtml shtml mht mhtml svg swf chm hlp gadget application appref-ms iso img vhd desktop "
                           "xll xla xlam docm xlsm pptm dotm xltm apk ipa ";

const struct file_kind *file_kind(enum file_type t) { return &KINDS[t]; }

enum file_type file_by_key(struct str key)
{
    for (int t = 0; t < FILE_TYPES; t++)
        if (str_eqc(key, KINDS[t].key))
            return (enum file_type)t;
    return FILE_UNKNOWN;
}

/* --- zip ----------------------------------------------------------------------------------------------------------------------- */

static unsigned u16(struct str s, size_t at) { return (unsigned char)s.p[at] | (unsigned)(unsigned char)s.p[at + 1] << 8; }
static uint32_t u32(struct str s, size_t at) { return u16(s, at) | (uint32_t)u16(s, at + 2) << 16; }

/* Offset of the end record, or -1: the last PK\5\6 whose comment reaches the end. */
static ptrdiff_t zip_tail(struct str s)
{
    for (size_t back = 22; back <= s.n && back < 22 + 65536; back++) {
        size_t at = s.n - back;
        if (memcmp(s.p + at, "PK\5\6", 4) == 0 && at + 22 + u16(s, at + 20) <= s.n)
            return (ptrdiff_t)at;
    }
    return -1;
}

static enum file_type zip_kind(struct str s)
{
    ptrdiff_t tail = zip_tail(s);
    if (tail < 0)
        return FILE_ZIP;
    size_t at = u32(s, (size_t)tail + 16);
    bool types = false, word = false, xl = false, ppt = false, ofd = false, odf = false, java = false;
    for (int i = 0; i < ZIP_NAMES && at <= s.n && s.n - at >= 46 && memcmp(s.p + at, "PK\1\2", 4) == 0; i++) {
        size_t n = u16(s, at + 28), more = (size_t)u16(s, at + 30) + u16(s, at + 32);
        if (s.n - at - 46 < n)
            break;
        struct str name = str_n(s.p + at + 46, n);
        types |= str_eqc(name, "[Content_Types].xml");
        word |= str_starts(name, STR("word/"));
        xl |= str_starts(name, STR("xl/"));
        ppt |= str_starts(name, STR("ppt/"));
        ofd |= str_eqc(name, "OFD.xml");
        odf |= str_eqc(name, "mimetype");
        java |= str_eqc(name, "META-INF/MANIFEST.MF") || str_eqc(name, "AndroidManifest.xml");
        at += 46 + n + more;
    }
    return java ? FILE_PROGRAM : ofd ? FILE_OFD : types && xl ? FILE_XLSX : types && word ? FILE_DOCX : types && ppt ? FILE_PPTX : odf ? FILE_ODF : FILE_ZIP;
}

/* --- text ---------------------------------------------------------------------------------------------------------------------- */

static bool binary(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 32 && !strchr("\t\n\r\f\b\x1b", s.p[i]))
            return true;
    return memchr(s.p, 0, s.n) != NULL;
}

/* cut: s is only the beginning and may end inside a character. */
static bool is_gb18030(struct str s, bool cut)
{
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    if (cd == (iconv_t)-1)
        return false;
    char out[4096], *from = (char *)s.p;
    size_t n = s.n, r;
    do {
        char *to = out;
        size_t left = sizeof out;
        errno = 0;
        r = iconv(cd, &from, &n, &to, &left);
    } while (r == (size_t)-1 && errno == E2BIG);
    bool ok = n == 0 || (cut && errno == EINVAL);
    iconv_close(cd);
    return ok;
}

static bool has_tag(struct str s, const char *tag)
{
    size_t n = strlen(tag);
    for (size_t i = 0; i + n <= s.n; i++)
        if (s.p[i] == '<' && str_caseeq(str_n(s.p + i, n), str_c(tag)))
            return true;
    return false;
}

static enum file_type text_kind(struct str all)
{
    struct str s = str_sub(all, 0, TEXT_LOOK), head;
    if (str_starts(s, STR("\xef\xbb\xbf")))
        s = str_sub(s, 3, s.n);
    if (binary(s))
        return FILE_UNKNOWN;
    size_t bad = 0;
    bool utf8 = utf8_valid(s, &bad) || (s.n < all.n && bad + 4 > s.n);
    if (!utf8 && !is_gb18030(s, s.n < all.n))
        return FILE_UNKNOWN;
    head = str_trim(str_sub(s, 0, 1024));
    if (str_starts(head, STR("#!")))
        return FILE_PROGRAM;
    static const char *const TAGS[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<table", "<meta", "<object" };
    if (head.n && head.p[0] == '<')
        for (size_t i = 0; i < ARRAY_LEN(TAGS); i++)
            if (has_tag(head, TAGS[i]))
                return FILE_HTML;
    if (str_starts(head, STR("<?xml")))
        return FILE_XML;
    return utf8 ? FILE_TEXT : FILE_GB18030;
}

/* --- all ----------------------------------------------------------------------------------------------------------------------- */

static enum file_type ole_kind(struct str s)
{
    static const char PACKAGE[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    s = str_sub(s, 0, OLE_LOOK);
    return memmem(s.p, s.n, PACKAGE, sizeof PACKAGE - 1) ? FILE_LOCKED : FILE_OLE;
}

enum file_type file_sniff(struct str s)
{
    static const struct { const char *p; int n; enum file_type type; } SIGNS[] = {
        { "%PDF-", 5, FILE_PDF }, { "\x89PNG\r\n\x1a\n", 8, FILE_PNG }, { "\xff\xd8\xff", 3, FILE_JPEG }, { "GIF87a", 6, FILE_GIF }, { "GIF89a", 6, FILE_GIF },
        { "BM", 2, FILE_BMP }, { "II*\0", 4, FILE_TIFF }, { "MM\0*", 4, FILE_TIFF }, { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, FILE_OLE }, { "PK\3\4", 4, FILE_ZIP },
        { "PK\5\6", 4, FILE_ZIP }, { "Rar!\x1a\7", 6, FILE_RAR }, { "7z\xbc\xaf\x27\x1c", 6, FILE_7Z }, { "\x1f\x8b", 2, FILE_GZIP }, { "{\\rtf", 5, FILE_RTF },
        { "\x7f" "ELF", 4, FILE_PROGRAM }, { "MZ", 2, FILE_PROGRAM }, { "\xca\xfe\xba\xbe", 4, FILE_PROGRAM }, { "\xcf\xfa\xed\xfe", 4, FILE_PROGRAM },
        { "\xce\xfa\xed\xfe", 4, FILE_PROGRAM }, { "L\0\0\0\1\x14\2\0", 8, FILE_PROGRAM }, { "ID3", 3, FILE_AUDIO }, { "OggS", 4, FILE_AUDIO }, { "#!AMR", 5, FILE_AUDIO },
        { "\x1a\x45\xdf\xa3", 4, FILE_VIDEO },
    };
    if (s.n == 0)
        return FILE_EMPTY;
    for (size_t i = 0; i < ARRAY_LEN(SIGNS); i++) {
        if (!str_starts(s, str_n(SIGNS[i].p, (size_t)SIGNS[i].n)))
            continue;
        enum file_type t = SIGNS[i].type;
        if ((t == FILE_BMP || (t == FILE_PROGRAM && SIGNS[i].n == 2)) && !binary(str_sub(s, 0, 512)))
            break;                               /* two letters alone begin many a text */
        return t == FILE_ZIP ? zip_kind(s) : t == FILE_OLE ? ole_kind(s) : t;
    }
    if (str_starts(s, STR("RIFF")) && s.n >= 12)
        return memcmp(s.p + 8, "WEBP", 4) == 0 ? FILE_WEBP : memcmp(s.p + 8, "WAVE", 4) == 0 ? FILE_AUDIO : memcmp(s.p + 8, "AVI ", 4) == 0 ? FILE_VIDEO : FILE_UNKNOWN;
    if (s.n >= 12 && memcmp(s.p + 4, "ftyp", 4) == 0)
        return FILE_VIDEO;
    return text_kind(s);
}

/* --- names --------------------------------------------------------------------------------------------------------------------- */

struct str file_extension(struct str name)
{
    for (size_t i = name.n; i-- > 1;)
        if (name.p[i] == '.')
            return i + 1 < name.n ? str_sub(name, i + 1, name.n) : STR_NULL;
    return STR_NULL;
}

bool file_name_check(struct str name, const char *field, struct err *err)
{
    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return err_fail(err, ERR_INPUT, M_FILE_NAME_LENGTH, field, A_INT(NAME_MAX_BYTES));
    bool bad = !utf8_valid(name, NULL) || utf8_has_control(name);
    for (size_t i = 0; i < name.n && !bad; i++)
        bad = strchr("/\\:*?\"<>|\n\t", name.p[i]) != NULL;
    if (bad || str_trim(name).n != name.n || name.p[0] == '.' || name.p[name.n - 1] == '.')
        return err_fail(err, ERR_INPUT, M_FILE_NAME_SIGNS, field);
    return true;
}

static bool among(const char *words, struct str word)
{
    struct str rest = str_c(words);
    while (rest.p) {
        struct str w = str_cut(rest, ' ', &rest);
        if (w.n && str_caseeq(w, word))
            return true;
    }
    return false;
}

bool file_name_fits(struct str name, enum file_type t, const char *field, struct err *err)
{
    struct str extension = file_extension(name);
    if (extension.p && among(RUNS, extension) && t != FILE_XLSX && t != FILE_DOCX && t != FILE_PPTX)
        return err_fail(err, ERR_INPUT, M_FILE_RUNS, field, A_STR(extension));
    if (KINDS[t].is & FILE_ACTIVE)
        return err_fail(err, ERR_INPUT, M_FILE_ACTIVE, field, A_C(KINDS[t].key));
    if (!extension.p || KINDS[t].extensions[0] == 0 || among(KINDS[t].extensions, extension)) {
        bool promised = false;                   /* bytes nobody knows, under a name that promises something known */
        for (int k = FILE_RTF; extension.p && KINDS[t].extensions[0] == 0 && k < FILE_TYPES; k++)
            promised |= k != FILE_AUDIO && k != FILE_VIDEO && among(KINDS[k].extensions, extension);
        if (!promised)
            return true;
        return err_fail(err, ERR_INPUT, M_FILE_BROKEN, field, A_STR(extension));
    }
    bool known = false;
    for (int k = 0; k < FILE_TYPES; k++)
        known |= among(KINDS[k].extensions, extension);
    if (known)
        return err_fail(err, ERR_INPUT, M_FILE_OTHER_KIND, field, A_STR(extension), A_C(KINDS[t].key));
    return true;
}
