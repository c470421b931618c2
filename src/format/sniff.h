/* What a file is, by its bytes and never by its name; and whether its name says something else. Pure; every offset is checked.
 *
 * A file may be crafted to look like several things: what is said here decides how it is stored and offered (nosniff, sandboxed, mostly as a download), not
 * that it is harmless.
 */
#ifndef WHS_FORMAT_SNIFF_H
#define WHS_FORMAT_SNIFF_H

#include "base/err.h"

enum file_type {
    FILE_UNKNOWN, FILE_EMPTY, FILE_TEXT, FILE_GB18030, FILE_HTML, FILE_XML, FILE_RTF,
    FILE_PDF, FILE_PNG, FILE_JPEG, FILE_GIF, FILE_WEBP, FILE_BMP, FILE_TIFF,
    FILE_DOCX, FILE_XLSX, FILE_PPTX, FILE_OFD, FILE_ODF,
    FILE_OLE,                                    /* doc xls ppt wps et dps */
    FILE_LOCKED,                                 /* OLE around an office file with a password */
    FILE_ZIP, FILE_RAR, FILE_7Z, FILE_GZIP, FILE_AUDIO, FILE_VIDEO,
    FILE_PROGRAM,                                /* ELF, PE, Mach-O, class files, scripts that begin with #! */
    FILE_TYPES
};

enum { FILE_IMAGE = 1, FILE_READABLE = 2, FILE_ACTIVE = 4 };        /* readable: text to be shown in a page; active: runs when opened, never inline */

struct file_kind {
    const char *key;                             /* "pdf"; never changes: stored */
    const char *mime;                            /* how it is sent */
    const char *extensions;                      /* names end so, between blanks; "": any */
    unsigned is;
};

enum file_type file_sniff(struct str bytes);
const struct file_kind *file_kind(enum file_type t);
enum file_type file_by_key(struct str key);      /* FILE_UNKNOWN when there is none */

/* A name as it may be stored and offered again: 1 to 200 bytes without path, control or direction signs, no dot or blank at either end. ERR_INPUT with this field. */
bool file_name_check(struct str name, const char *field, struct err *err);
/* The name must not promise another kind than the bytes are, nor end like something that runs (exe js html lnk …). */
bool file_name_fits(struct str name, enum file_type t, const char *field, struct err *err);
struct str file_extension(struct str name);      /* "pdf" as written; STR_NULL: none */

#endif
