/* embed OUT.h OUT.c FILE…   puts the files a browser asks for into the binary, plain and gzip-compressed.
 *
 * A file's address carries a hash of its bytes ("/assets/app.1a2b3c4d5e.css"), so it may be cached for ever. C names it by
 * the macro ASSET_APP_CSS, a template by {{asset app.css}}.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tool.h"

static const struct {
    const char *ending, *type;
} TYPES[] = {
    { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },           { ".png", "image/png" },
    { ".woff2", "font/woff2" },            { ".webmanifest", "application/manifest+json" },
};

struct asset {
    struct str name, stem, ending, data, gz, path;
    const char *type;
};

/* FNV-1a, 64 bits; only has to differ when a file changes. */
static uint64_t hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}

static struct str gzip(struct str s)
{
    z_stream z = { 0 };
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        fail("embed: zlib does not start");
    size_t room = deflateBound(&z, s.n);
    char *to = arena_alloc(&mem, room);
    z.next_in = (Bytef *)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        fail("embed: zlib does not finish");
    deflateEnd(&z);
    return str_n(to, z.total_out);
}

static struct asset read_asset(const char *file)
{
    struct asset a = { .name = str_c(base_name(file)), .data = bytes_read(file) };
    for (size_t i = 0; i < ARRAY_LEN(TYPES) && !a.type; i++)
        if (str_ends(a.name, str_c(TYPES[i].ending))) {
            a.type = TYPES[i].type;
            a.ending = str_c(TYPES[i].ending);
            a.stem = str_sub(a.name, 0, a.name.n - a.ending.n);
        }
    if (!a.type)
        fail("%s: embed does not know the type of this file", file);
    a.gz = gzip(a.data);
    a.path = arena_printf(&mem, "/assets/%.*s.%010llx%.*s", STR_ARG(a.stem), (unsigned long long)(hash(a.data) >> 24), STR_ARG(a.ending));
    return a;
}

/* Bytes as string literals: compilers read them many times faster than lists of numbers. */
static void put_bytes(struct buf *c, const char *what, int i, struct str bytes)
{
    buf_printf(c, "static const unsigned char %s_%d[] =", what, i);
    for (size_t at = 0; at < bytes.n; at += 96) {
        buf_c(c, "\n    \"");
        for (size_t j = at; j < at + 96 && j < bytes.n; j++) {
            unsigned char b = (unsigned char)bytes.p[j];
            if (b >= ' ' && b < 127 && b != '"' && b != '\\' && b != '?')
                buf_ch(c, (char)b);
            else
                buf_printf(c, "\\%03o", b);
        }
        buf_ch(c, '"');
    }
    buf_c(c, bytes.n ? ";\n" : " \"\";\n");
}

static const char HEADER[] =
    "/* Made by tools/embed: the files a browser asks for. */\n#ifndef WHS_ASSETS_H\n#define WHS_ASSETS_H\n\n#include \"base/str.h\"\n\n"
    "struct asset {\n"
    "    const char *name;                            /* \"app.css\" */\n"
    "    const char *path;                            /* \"/assets/app.1a2b3c4d5e.css\": changes with the bytes, cached for ever */\n"
    "    const char *type;                            /* Content-Type */\n"
    "    const unsigned char *data;\n    size_t size;\n"
    "    const unsigned char *gz;                     /* the same, gzip */\n    size_t gz_size;\n};\n\n"
    "extern const struct asset assets[];              /* ordered by path */\nextern const int assets_count;\n"
    "const struct asset *asset_find(struct str path); /* NULL when there is none */\n\n";

static const char FIND[] =
    "const struct asset *asset_find(struct str path)\n{\n"
    "    for (int i = 0; i < assets_count; i++)\n        if (str_eqc(path, assets[i].path))\n            return &assets[i];\n"
    "    return NULL;\n}\n";

static int by_path(const void *a, const void *b) { return str_cmp(((const struct asset *)a)->path, ((const struct asset *)b)->path); }

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("usage: embed OUT.h OUT.c FILE…");
    int n = argc - 3;
    struct asset *a = arena_array(&mem, struct asset, (size_t)n);
    for (int i = 0; i < n; i++) {
        a[i] = read_asset(argv[i + 3]);
        for (int j = 0; j < i; j++)
            if (str_eq(upper_name(a[i].name), upper_name(a[j].name)))
                fail("%s: another file is named ASSET_%.*s too", argv[i + 3], STR_ARG(upper_name(a[i].name)));
    }
    qsort(a, (size_t)n, sizeof *a, by_path);
    struct buf h = BUF_INIT, c = BUF_INIT;
    buf_c(&h, HEADER);
    buf_c(&c, "/* Made by tools/embed. */\n#include \"assets.h\"\n\n");
    for (int i = 0; i < n; i++) {
        buf_printf(&h, "#define ASSET_%.*s \"%.*s\"\n", STR_ARG(upper_name(a[i].name)), STR_ARG(a[i].path));
        put_bytes(&c, "data", i, a[i].data);
        put_bytes(&c, "gz", i, a[i].gz);
    }
    buf_c(&h, "\n#endif\n");
    buf_c(&c, "\nconst struct asset assets[] = {\n");
    for (int i = 0; i < n; i++)
        buf_printf(&c, "    { \"%.*s\", \"%.*s\", \"%s\", data_%d, %zu, gz_%d, %zu },\n", STR_ARG(a[i].name), STR_ARG(a[i].path), a[i].type, i, a[i].data.n, i,
                   a[i].gz.n);
    buf_printf(&c, "};\nconst int assets_count = %d;\n\n%s", n, FIND);
    output_write(argv[1], &h);
    output_write(argv[2], &c);
    return 0;
}
