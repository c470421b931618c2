/* Inside the cage: the parts of the package, and XML without anything but elements, attributes and text. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "format/xlsx_inner.h"

enum { CHUNK = 64 * 1024, TAIL = 22 + 65535, DIRECTORY_MAX = 2 * 1024 * 1024 };

_Noreturn void xlsx_refuse(struct cage_in *in, enum xlsx_fault fault, int row, int column, struct str text)
{
    uint32_t place[2] = { (uint32_t)row, (uint32_t)column };
    buf_clear(&in->frame);
    buf_ch(&in->frame, (char)fault);
    buf_add(&in->frame, place, sizeof place);
    buf_str(&in->frame, str_sub(text, 0, 100));
    cage_send(in, XLSX_REFUSED);
    cage_done(in);
}

/* --- zip ------------------------------------------------------------------------------------------------------------------------- */

struct source { struct cage_in *in; uint64_t at; };

static zip_int64_t source_call(void *ctx, void *data, zip_uint64_t n, zip_source_cmd_t cmd)
{
    static struct source s;                      /* one file in a process */
    s.in = ctx;
    zip_stat_t *st = data;
    zip_int64_t to;
    switch (cmd) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
    case ZIP_SOURCE_OPEN:
        s.at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        to = (zip_int64_t)cage_read(s.in, s.at, data, n);
        s.at += (uint64_t)to;
        return to;
    case ZIP_SOURCE_SEEK:
        to = zip_source_seek_compute_offset(s.at, s.in->size, data, n, NULL);
        if (to >= 0)
            s.at = (uint64_t)to;
        return to < 0 ? -1 : 0;
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)s.at;
    case ZIP_SOURCE_STAT:
        zip_stat_init(st);
        st->valid = ZIP_STAT_SIZE;
        st->size = s.in->size;
        return sizeof *st;
    default:
        return 0;
    }
}

/* How many files the package says it has, and how long their directory is: before a library makes room for them. */
static void count_files(struct cage_in *in)
{
    size_t n = in->size < TAIL ? (size_t)in->size : TAIL;
    unsigned char *p = xmalloc(n ? n : 1);
    n = cage_read(in, in->size - n, p, n);
    for (size_t at = n; at-- > 0;) {
        if (n - at < 22 || memcmp(p + at, "PK\5\6", 4) != 0)
            continue;
        unsigned files = p[at + 10] | (unsigned)p[at + 11] << 8;
        uint32_t size = p[at + 12] | (uint32_t)p[at + 13] << 8 | (uint32_t)p[at + 14] << 16 | (uint32_t)p[at + 15] << 24;
        if (files > XLSX_FILES_MAX || size > DIRECTORY_MAX)
            xlsx_refuse(in, XLSX_TOO_MANY_FILES, 0, 0, STR(""));
        free(p);
        return;
    }
    xlsx_refuse(in, XLSX_NOT_ZIP, 0, 0, STR(""));
}

struct zip *xlsx_zip_open(struct cage_in *in)
{
    count_files(in);
    zip_source_t *s = zip_source_function_create(source_call, in, NULL);
    zip_t *z = s ? zip_open_from_source(s, ZIP_RDONLY, NULL) : NULL;
    if (!z)
        xlsx_refuse(in, XLSX_NOT_ZIP, 0, 0, STR(""));
    if (zip_get_num_entries(z, 0) > XLSX_FILES_MAX)
        xlsx_refuse(in, XLSX_TOO_MANY_FILES, 0, 0, STR(""));
    return z;
}

bool xlsx_has(struct zip *z, const char *name) { return zip_name_locate(z, name, ZIP_FL_NOCASE) >= 0; }

void xlsx_unpack(struct cage_in *in, struct zip *z, const char *name, void (*chunk)(void *ctx, const char *p, size_t n), void *ctx)
{
    char *p = xmalloc(CHUNK);
    zip_stat_t st;
    zip_int64_t at = zip_name_locate(z, name, ZIP_FL_NOCASE), got;
    uint64_t total = 0;
    if (at < 0 || zip_stat_index(z, (zip_uint64_t)at, 0, &st) < 0)
        xlsx_refuse(in, XLSX_DAMAGED, 0, 0, str_c(name));
    if (st.encryption_method != ZIP_EM_NONE)
        xlsx_refuse(in, XLSX_ENCRYPTED, 0, 0, STR(""));
    if (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE)
        xlsx_refuse(in, XLSX_DAMAGED, 0, 0, str_c(name));
    zip_file_t *f = zip_fopen_index(z, (zip_uint64_t)at, 0);
    if (!f)
        xlsx_refuse(in, XLSX_DAMAGED, 0, 0, str_c(name));
    while ((got = zip_fread(f, p, CHUNK)) > 0) {
        total += (uint64_t)got;
        if (total > XLSX_UNPACKED_MAX)
            xlsx_refuse(in, XLSX_UNPACKS_TOO_LARGE, 0, 0, STR(""));
        if (total > XLSX_RATIO_FROM && total / XLSX_RATIO_MAX > st.comp_size)
            xlsx_refuse(in, XLSX_RATIO, 0, 0, STR(""));
        chunk(ctx, p, (size_t)got);
    }
    if (got < 0)
        xlsx_refuse(in, XLSX_DAMAGED, 0, 0, str_c(name));
    zip_fclose(f);
    free(p);
}

/* --- xml ------------------------------------------------------------------------------------------------------------------------- */

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **p)
{
    struct xml_reader *x = ctx;
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    x->start(x->ctx, (const char *)name, &(struct xml_attributes){ p, n });
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *x = ctx;
    (void)prefix, (void)uri;
    if (x->end)
        x->end(x->ctx, (const char *)name);
}

static void on_text(void *ctx, const xmlChar *p, int n)
{
    struct xml_reader *x = ctx;
    if (x->text)
        x->text(x->ctx, (const char *)p, (size_t)n);
}

/* A document type is where entities come from: none is read, so there is nothing to expand. */
static void on_dtd(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct xml_reader *x = ctx;
    (void)name, (void)external, (void)system;
    xlsx_refuse(x->in, XLSX_DTD, 0, 0, str_c(x->part));
}

static void on_error(void *ctx, xmlErrorPtr e) { (void)ctx, (void)e; }

static void feed(void *ctx, const char *p, size_t n)
{
    struct xml_reader *x = ctx;
    if (xmlParseChunk(x->parser, p, (int)n, 0) != 0 && !x->parser->wellFormed)
        xlsx_refuse(x->in, XLSX_BAD_XML, 0, 0, str_c(x->part));
}

void xlsx_xml(struct cage_in *in, struct zip *z, const char *part, struct xml_reader *x)
{
    xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .endElementNs = on_end, .characters = on_text, .cdataBlock = on_text,
                          .ignorableWhitespace = on_text, .internalSubset = on_dtd, .serror = on_error };
    x->in = in;
    x->part = part;
    x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    if (!x->parser)
        xlsx_refuse(in, XLSX_DAMAGED, 0, 0, str_c(part));
    xmlCtxtUseOptions(x->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT);
    xlsx_unpack(in, z, part, feed, x);
    xmlParseChunk(x->parser, "", 0, 1);
    if (!x->parser->wellFormed)
        xlsx_refuse(in, XLSX_BAD_XML, 0, 0, str_c(part));
    xmlFreeParserCtxt(x->parser);
}

struct str xlsx_attribute(const struct xml_attributes *a, const char *name)
{
    for (int i = 0; i < a->n; i++) {
        const xmlChar **p = a->p + 5 * i;
        if (strcmp((const char *)p[0], name) == 0)
            return str_n((const char *)p[3], (size_t)(p[4] - p[3]));
    }
    return STR_NULL;
}

bool xlsx_is_true(struct str s) { return str_eqc(s, "1") || str_eqc(s, "true"); }

int xlsx_int(struct str s, int otherwise)
{
    int v = 0;
    if (s.n == 0 || s.n > 9)
        return otherwise;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return otherwise;
        v = v * 10 + (s.p[i] - '0');
    }
    return v;
}
