/* tmplc NAME OUT.h OUT.c FILE.html…   compiles HTML templates to C; tools/README.md describes the language.
 *
 * One pass: text between tags runs through a small model of HTML (struct place below), so that at every {{tag}} the compiler
 * knows whether it stands in text, in a quoted attribute, at the start of an address, or where no value may stand. It
 * chooses the escaper and refuses what cannot be made safe. Branches must leave the model as they found it, which also
 * means that elements are closed where they were opened.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* --- the model of HTML ------------------------------------------------------------------------------------------------------ */

enum where {
    IN_TEXT, IN_TAG_NAME, IN_TAG /* between attributes */, IN_ATTR_NAME, AFTER_ATTR_NAME, BEFORE_VALUE,
    IN_DOUBLE, IN_SINGLE, IN_BARE, IN_COMMENT, IN_DECLARATION, IN_RAW /* script, style */, IN_PLAIN /* title, textarea */,
};

enum attr_kind { ATTR_PLAIN, ATTR_URL, ATTR_NUMBER /* holds a little language: only numbers */, ATTR_CODE /* nothing */ };

static const struct {
    const char *name;                            /* a '*' at the end stands for any rest */
    enum attr_kind kind;
} ATTRS[] = {
    { "href", ATTR_URL },       { "src", ATTR_URL },         { "action", ATTR_URL },        { "formaction", ATTR_URL },
    { "hx-get", ATTR_URL },     { "hx-post", ATTR_URL },     { "hx-put", ATTR_URL },        { "hx-delete", ATTR_URL },
    { "hx-patch", ATTR_URL },   { "hx-push-url", ATTR_URL }, { "hx-replace-url", ATTR_URL }, { "sse-connect", ATTR_URL },
    { "cite", ATTR_URL },       { "poster", ATTR_URL },      { "data", ATTR_URL },          { "ping", ATTR_URL },
    { "background", ATTR_URL }, { "manifest", ATTR_URL },    { "xlink:href", ATTR_URL },
    { "hx-vals", ATTR_NUMBER }, { "hx-headers", ATTR_NUMBER }, { "hx-trigger", ATTR_NUMBER }, { "hx-request", ATTR_NUMBER },
    { "on*", ATTR_CODE },       { "hx-on*", ATTR_CODE },     { "hx-vars", ATTR_CODE },      { "style", ATTR_CODE },
    { "srcdoc", ATTR_CODE },    { "srcset", ATTR_CODE },     { "http-equiv", ATTR_CODE },
};

static const char *const VOID[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr" };

struct element {
    struct str name;
    const char *at;
};

struct place {
    enum where where;
    int depth;                                   /* open elements */
    enum attr_kind attr;
    bool url_start;                              /* a value here could still bring a scheme */
    bool name_closed;                            /* a {{tag}} stood behind a name: only a blank, '/' or '>' may follow */
};

enum { DEPTH_MAX = 64, OPEN_MAX = 32 };

/* --- the compiler's state ----------------------------------------------------------------------------------------------------- */

enum control { C_IF, C_FOR, C_BLOCK };

struct open {                                    /* an {{if}}, {{for}} or {{block}} not yet ended */
    enum control control;
    const char *at;
    struct place start;
    bool url_start, name_closed;                 /* true at the end of some branch */
    bool has_else;
    struct str count;                            /* for: the C of its count */
};

struct file {
    struct source s;
    struct str name;                             /* of the function: html_NAME */
    struct str type, var;                        /* {{show TYPE VAR}}; n = 0 without */
    struct str layout, frame;                    /* {{extends LAYOUT FRAME}}; frame is C */
    struct str *places;                          /* {{place NAME}} of a layout */
    size_t n_places, cap_places;
    struct str *blocks;                          /* {{block NAME}} of a page */
    size_t n_blocks, cap_blocks;

    struct place place;
    struct element elements[DEPTH_MAX];
    const char *name_at;                         /* start of the tag or attribute name being read */
    struct str tag;
    bool closing, self_closing;
    struct open open[OPEN_MAX];
    int n_open;
    struct str vars[OPEN_MAX];                   /* of the loops around */
    int n_vars, loops;

    struct buf pending;                          /* markup not yet written out */
    bool started;                                /* the function has put something */
    struct buf body, functions;
};

struct unit {                                    /* what all files of one NAME share */
    struct str name;
    struct str *uses;
    size_t n_uses, cap_uses;
    bool assets;
};

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool listed(struct str name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_caseeq(name, str_c(list[i])))
            return true;
    return false;
}

static enum attr_kind attr_kind(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(ATTRS); i++) {
        struct str known = str_c(ATTRS[i].name);
        bool prefix = known.p[known.n - 1] == '*';
        known.n -= prefix;
        if (str_caseeq(known, prefix ? str_sub(name, 0, known.n) : name))
            return ATTRS[i].kind;
    }
    return ATTR_PLAIN;
}

static bool inside(const struct file *f, const char *element)
{
    for (int i = 0; i < f->place.depth; i++)
        if (str_caseeq(f->elements[i].name, str_c(element)))
            return true;
    return false;
}

static void tag_name_ends(struct file *f, const char *at)
{
    f->tag = str_n(f->name_at, (size_t)(at - f->name_at));
    f->place.where = IN_TAG;
}

static void attr_name_ends(struct file *f, const char *at)
{
    struct str name = str_n(f->name_at, (size_t)(at - f->name_at));
    f->place.attr = attr_kind(name);
    if (str_caseeq(str_sub(name, 0, 2), STR("on")) && name.n > 2)
        fail_at(&f->s, f->name_at, "%.*s holds code, which our pages do not allow; put it into a file below ui/", STR_ARG(name));
}

static void close_element(struct file *f)
{
    int base = f->n_open ? f->open[f->n_open - 1].start.depth : 0;
    if (f->place.depth == 0)
        fail_at(&f->s, f->name_at, "</%.*s> closes nothing", STR_ARG(f->tag));
    const struct element *top = &f->elements[f->place.depth - 1];
    if (!str_caseeq(top->name, f->tag))
        fail_at(&f->s, f->name_at, "</%.*s> stands where <%.*s> of line %d must be closed", STR_ARG(f->tag), STR_ARG(top->name),
                line_of(&f->s, top->at));
    if (f->place.depth == base)
        fail_at(&f->s, f->name_at, "</%.*s> closes an element opened outside of this branch, in line %d", STR_ARG(f->tag), line_of(&f->s, top->at));
    f->place.depth--;
}

static void tag_ends(struct file *f)
{
    f->place.where = IN_TEXT;
    f->place.name_closed = false;
    if (f->closing) {
        close_element(f);
        return;
    }
    if (listed(f->tag, VOID, ARRAY_LEN(VOID)))
        return;
    bool foreign = str_caseeq(f->tag, STR("svg")) || inside(f, "svg");
    if (f->self_closing) {
        if (!foreign)
            fail_at(&f->s, f->name_at, "<%.*s/> is not closed by its '/'; only void and SVG elements are", STR_ARG(f->tag));
        return;
    }
    if (f->place.depth == DEPTH_MAX)
        fail_at(&f->s, f->name_at, "elements are nested deeper than %d", DEPTH_MAX);
    f->elements[f->place.depth++] = (struct element){ f->tag, f->tag.p };
    if (str_caseeq(f->tag, STR("script")) || str_caseeq(f->tag, STR("style")))
        f->place.where = IN_RAW;
    else if (!foreign && (str_caseeq(f->tag, STR("title")) || str_caseeq(f->tag, STR("textarea"))))
        f->place.where = IN_PLAIN;
}

/* '<' in text at p. */
static void tag_begins(struct file *f, const char *p, bool only_end)
{
    if (only_end) {
        struct str name = f->elements[f->place.depth - 1].name;
        if (p[1] != '/' || !str_caseeq(str_n(p + 2, name.n), name))
            return;
    }
    f->closing = p[1] == '/';
    f->self_closing = false;
    f->name_at = p + 1 + f->closing;
    if (letter(*f->name_at))
        f->place.where = IN_TAG_NAME;
    else if (strncmp(p, "<!--", 4) == 0)
        f->place.where = IN_COMMENT;
    else if (p[1] == '!')
        f->place.where = IN_DECLARATION;
    else if (strncmp(p + 1, "{{", 2) == 0 || strncmp(p + 1, "/{{", 3) == 0)
        fail_at(&f->s, p, "a tag's name cannot be a value");
    else
        fail_at(&f->s, p, "'<' as a text is written &lt;");
}

static void value_begins(struct file *f, enum where where)
{
    f->place.where = where;
    f->place.url_start = f->place.attr == ATTR_URL;
}

/* An address written out must not begin a scheme that runs code. */
static void check_static_url(struct file *f, const char *p)
{
    if (f->place.url_start && str_caseeq(str_n(p, strnlen(p, 11)), STR("javascript:")))
        fail_at(&f->s, p, "javascript: addresses are code, which our pages do not allow");
}

static void between_attributes(struct file *f, const char *p)
{
    struct place *pl = &f->place;
    char c = *p;
    if (c == '>') {
        tag_ends(f);
    } else if (blank(c) || c == '/') {
        f->self_closing |= c == '/';
        pl->name_closed = false;
    } else if (pl->name_closed) {
        fail_at(&f->s, p, "a blank or the tag's end must follow here; names are not made of pieces");
    } else if (strchr("\"'=<", c)) {
        fail_at(&f->s, p, "'%c' is not expected between attributes", c);
    } else if (f->closing) {
        fail_at(&f->s, p, "an end tag has no attributes");
    } else {
        f->self_closing = false;
        f->name_at = p;
        pl->where = IN_ATTR_NAME;
    }
}

static void after_attr_name(struct file *f, const char *p)
{
    if (*p == '=') {
        f->place.where = BEFORE_VALUE;
    } else if (!blank(*p)) {
        f->place.where = IN_TAG;
        between_attributes(f, p);
    }
}

/* Moves the model on by the byte at p, which is markup of the file. */
static void feed(struct file *f, const char *p)
{
    struct place *pl = &f->place;
    char c = *p;
    switch (pl->where) {
    case IN_TEXT:
        if (c == '<')
            tag_begins(f, p, false);
        break;
    case IN_RAW:
    case IN_PLAIN:
        if (c == '<')
            tag_begins(f, p, true);
        break;
    case IN_COMMENT:
        if (c == '>' && p[-1] == '-' && p[-2] == '-')
            pl->where = IN_TEXT;
        break;
    case IN_DECLARATION:
        if (c == '>')
            pl->where = IN_TEXT;
        break;
    case IN_TAG_NAME:
        if (p < f->name_at)
            break;
        if (!blank(c) && c != '/' && c != '>')
            break;
        tag_name_ends(f, p);
        between_attributes(f, p);
        break;
    case IN_TAG:
        between_attributes(f, p);
        break;
    case IN_ATTR_NAME:
        if (c != '=' && c != '>' && c != '/' && !blank(c))
            break;
        attr_name_ends(f, p);
        pl->where = AFTER_ATTR_NAME;
        after_attr_name(f, p);
        break;
    case AFTER_ATTR_NAME:
        after_attr_name(f, p);
        break;
    case BEFORE_VALUE:
        if (c == '"' || c == '\'')
            value_begins(f, c == '"' ? IN_DOUBLE : IN_SINGLE);
        else if (c == '>')
            fail_at(&f->s, p, "the attribute's value is missing");
        else if (!blank(c))
            value_begins(f, IN_BARE);
        if (pl->where == IN_BARE)
            check_static_url(f, p);
        break;
    case IN_DOUBLE:
    case IN_SINGLE:
        if (c == (pl->where == IN_DOUBLE ? '"' : '\'')) {
            pl->where = IN_TAG;
        } else {
            check_static_url(f, p);
            if (c == '/' || c == '?' || c == '#' || c == ':')
                pl->url_start = false;
        }
        break;
    case IN_BARE:
        if (blank(c) || c == '>') {
            pl->where = IN_TAG;
            between_attributes(f, p);
        }
        break;
    }
}

/* --- writing C ------------------------------------------------------------------------------------------------------------------ */

static int indent(const struct file *f) { return 4 * (1 + f->n_open - (f->layout.n && f->n_open ? 1 : 0)); }

static void flush(struct file *f)
{
    if (f->pending.n == 0)
        return;
    buf_printf(&f->body, "%*shtml_put_raw(out, ", indent(f), "");
    c_literal(&f->body, buf_view(&f->pending), true, indent(f) + 18);
    buf_printf(&f->body, ", %zu);\n", f->pending.n);
    buf_clear(&f->pending);
}

static void mark_line(struct file *f, const char *at) { buf_printf(&f->body, "#line %d \"%s\"\n", line_of(&f->s, at), f->s.file); }

/* One C statement made from the template at `at`; compilers name the template's line when they refuse it. */
static void statement(struct file *f, const char *at, const char *fmt, ...) _printf_(3, 4);
static void statement(struct file *f, const char *at, const char *fmt, ...)
{
    flush(f);
    mark_line(f, at);
    buf_printf(&f->body, "%*s", indent(f), "");
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&f->body, fmt, ap);
    va_end(ap);
    buf_ch(&f->body, '\n');
    f->started = true;
}

static bool output_allowed(const struct file *f) { return !f->layout.n || f->n_open; }

/* Adds the file's markup from p to end. Runs of blanks that hold a line end become one line end, inside a tag one blank. */
static void text(struct file *f, const char *p, const char *end)
{
    bool keep = inside(f, "pre") || inside(f, "textarea") || f->place.where == IN_RAW;
    while (p < end) {
        bool squeeze = !keep && blank(*p) && (f->place.where == IN_TEXT || f->place.where == IN_TAG || f->place.where == IN_TAG_NAME
                                              || f->place.where == IN_ATTR_NAME || f->place.where == AFTER_ATTR_NAME);
        if (!squeeze) {
            if (!output_allowed(f))
                fail_at(&f->s, p, "a page that extends a layout has markup only in its blocks");
            feed(f, p);
            buf_ch(&f->pending, *p++);
            f->started = true;
            keep = inside(f, "pre") || inside(f, "textarea") || f->place.where == IN_RAW;
            continue;
        }
        bool line = p > f->s.text.p && p[-1] == '\n', in_text = f->place.where == IN_TEXT, indentation = line && in_text;
        for (const char *from = p; p < end && blank(*p); p++) {
            line |= *p == '\n';
            indentation &= *p != '\n';
            if (p == from)
                feed(f, p);
        }
        bool after = f->pending.n && f->pending.p[f->pending.n - 1] == '\n';
        if (!output_allowed(f) || (!f->started && in_text) || indentation || (after && line))
            continue;
        buf_ch(&f->pending, line && in_text ? '\n' : ' ');
    }
}

/* --- reading a {{tag}} ---------------------------------------------------------------------------------------------------------- */

struct tag {
    const char *p, *end;                         /* what is left to read; end stands before "}}" */
    const char *at;                              /* the tag's "{{" */
};

static void skip(struct tag *t)
{
    while (t->p < t->end && blank(*t->p))
        t->p++;
}

static struct str word(struct tag *t)
{
    skip(t);
    const char *from = t->p;
    while (t->p < t->end && word_char(*t->p))
        t->p++;
    return str_n(from, (size_t)(t->p - from));
}

static struct str need_word(struct file *f, struct tag *t, const char *what)
{
    skip(t);
    const char *at = t->p;
    struct str w = word(t);
    if (w.n == 0 || (w.p[0] >= '0' && w.p[0] <= '9'))
        fail_at(&f->s, at, "%s is expected here", what);
    return w;
}

static void need_end(struct file *f, struct tag *t)
{
    skip(t);
    if (t->p < t->end)
        fail_at(&f->s, t->p, "}} is expected here");
}

static bool accept(struct tag *t, const char *token)
{
    skip(t);
    size_t n = strlen(token);
    if ((size_t)(t->end - t->p) < n || memcmp(t->p, token, n) != 0)
        return false;
    if (word_char(token[n - 1]) && t->p + n < t->end && word_char(t->p[n]))
        return false;
    t->p += n;
    return true;
}

static void check_variable(struct file *f, struct str name)
{
    if (f->var.n && str_eq(f->var, name))
        return;
    for (int i = 0; i < f->n_vars; i++)
        if (str_eq(f->vars[i], name))
            return;
    if (f->var.n)
        fail_at(&f->s, name.p, "unknown name \"%.*s\"; this template shows \"%.*s\"", STR_ARG(name), STR_ARG(f->var));
    fail_at(&f->s, name.p, "unknown name \"%.*s\"; this template has no {{show TYPE NAME}}", STR_ARG(name));
}

/* a.b->c as C. The first name is a pointer: '.' behind it is '->' in C. With `address` the C is a pointer to the value, unless
 * a '*' before the path says that the value is a pointer already. */
static struct str path(struct file *f, struct tag *t, bool address)
{
    bool pointer = address && accept(t, "*");
    struct str first = need_word(f, t, "a path such as v.title");
    check_variable(f, first);
    struct buf c = BUF_INIT;
    bool members = false;
    for (;;) {
        bool dot = t->p < t->end && *t->p == '.', arrow = t->p + 1 < t->end && t->p[0] == '-' && t->p[1] == '>';
        if (!dot && !arrow)
            break;
        t->p += dot ? 1 : 2;
        struct str member = need_word(f, t, "a member's name");
        if (!members)
            buf_printf(&c, arrow ? "(*%.*s)->%.*s" : "%.*s->%.*s", STR_ARG(first), STR_ARG(member));
        else
            buf_printf(&c, "%s%.*s", dot ? "." : "->", STR_ARG(member));
        members = true;
    }
    if (!members)
        return address && !pointer ? first : arena_printf(&mem, "(*%.*s)", STR_ARG(first));
    return address && !pointer ? arena_printf(&mem, "&%s", c.p) : buf_view(&c);
}

/* --- formatters ------------------------------------------------------------------------------------------------------------------ */

static const struct formatter {
    const char *name;
    const char *put;                             /* pattern of the C, % is the path; NULL: by place */
    const char *test;                            /* pattern for {{if path|name}}; NULL: not allowed */
    const char *arg;                             /* pattern for an argument of {{t}}; NULL: not allowed */
    bool sentence;                               /* human text: not at the start of an address */
} FORMATTERS[] = {
    { "str", NULL, "(%).n > 0", "A_STR(%)", false },
    { "c", NULL, "(%) && *(%)", "A_C(%)", false },
    { "url", "html_put_percent(out, %);", NULL, NULL, false },
    { "int", "html_put_int(out, %);", "(%) != 0", "A_INT(%)", false },
    { "day", "html_put_day(out, %);", "(%) != DAY_NONE", "A_DAY(%)", true },
    { "day_short", "html_put_day_short(out, %);", NULL, NULL, true },
    { "date", "html_put_date(out, %);", NULL, NULL, false },
    { "instant", "html_put_instant(out, %);", "(%) != INSTANT_NONE", "A_INSTANT(%)", true },
    { "time", "html_put_time(out, %);", NULL, NULL, true },
    { "iso", "html_put_iso(out, %);", NULL, NULL, false },
    { "msg", "html_put_msg(out, %, NULL, 0);", NULL, "A_MSG(%)", true },
    { "err", "html_put_err(out, %);", NULL, NULL, true },
};

static const struct formatter *formatter(struct file *f, struct tag *t)
{
    if (!accept(t, "|"))
        return &FORMATTERS[0];
    struct str name = need_word(f, t, "a formatter");
    for (size_t i = 0; i < ARRAY_LEN(FORMATTERS); i++)
        if (str_eqc(name, FORMATTERS[i].name))
            return &FORMATTERS[i];
    struct buf known = BUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(FORMATTERS); i++)
        buf_printf(&known, " %s", FORMATTERS[i].name);
    fail_at(&f->s, name.p, "unknown formatter \"%.*s\"; known are%s", STR_ARG(name), known.p);
}

/* Puts the C of a path into a pattern: "%" stands for the path. */
static struct str fill(const char *pattern, struct str c)
{
    struct buf b = BUF_INIT;
    for (; *pattern; pattern++) {
        if (*pattern == '%')
            buf_str(&b, c);
        else
            buf_ch(&b, *pattern);
    }
    return buf_view(&b);
}

/* --- the tags ---------------------------------------------------------------------------------------------------------------------- */

/* Refuses places where no value can be made safe. */
static void check_value_place(struct file *f, const struct tag *t, const struct formatter *fmt)
{
    const struct source *s = &f->s;
    if (!output_allowed(f))
        fail_at(s, t->at, "a page that extends a layout has values only in its blocks");
    switch (f->place.where) {
    case IN_TEXT:
    case IN_PLAIN:
        return;
    case IN_DOUBLE:
    case IN_SINGLE:
        break;
    case IN_RAW: fail_at(s, t->at, "a value cannot stand in <%.*s>", STR_ARG(f->elements[f->place.depth - 1].name));
    case IN_COMMENT: fail_at(s, t->at, "a value cannot stand in an HTML comment; {{# … #}} is ours");
    case IN_DECLARATION: fail_at(s, t->at, "a value cannot stand in a declaration");
    case IN_BARE:
    case BEFORE_VALUE: fail_at(s, t->at, "a value in an attribute needs quotes around it");
    default: fail_at(s, t->at, "a value cannot be the name of a tag or an attribute");
    }
    bool number = fmt && strcmp(fmt->name, "int") == 0;
    if (f->place.attr == ATTR_CODE || (f->place.attr == ATTR_NUMBER && !number))
        fail_at(s, t->at, "a value cannot stand in this attribute, whose text is code");
    if (f->place.url_start && (!fmt || fmt->sentence))
        fail_at(s, t->at, "an address cannot begin with this");
}

static void do_value(struct file *f, struct tag *t)
{
    struct str c = path(f, t, false);
    const struct formatter *fmt = formatter(f, t);
    if (strcmp(fmt->name, "c") == 0) {           /* a C string, then as any text */
        c = arena_printf(&mem, "str_c(%.*s)", STR_ARG(c));
        skip(t);
        fmt = formatter(f, t);
        if (strcmp(fmt->name, "str") != 0 && strcmp(fmt->name, "url") != 0)
            fail_at(&f->s, t->at, "only url may follow c");
    }
    need_end(f, t);
    check_value_place(f, t, fmt);
    if (fmt->put) {
        statement(f, t->at, "%s", fill(fmt->put, c).p);
        return;
    }
    bool text = f->place.where == IN_TEXT || f->place.where == IN_PLAIN;
    statement(f, t->at, "html_put_%s(out, %.*s);", text ? "text" : f->place.url_start ? "url" : "attr", STR_ARG(c));
}

static void do_message(struct file *f, struct tag *t)
{
    skip(t);
    const char *from = t->p;
    while (t->p < t->end && (word_char(*t->p) || *t->p == '.'))
        t->p++;
    struct str id = str_n(from, (size_t)(t->p - from));
    if (id.n == 0)
        fail_at(&f->s, from, "a message id such as nav.today is expected here");
    struct buf args = BUF_INIT;
    int n = 0;
    for (skip(t); t->p < t->end; skip(t), n++) {
        struct str c = path(f, t, false);
        const struct formatter *fmt = formatter(f, t);
        if (!fmt->arg)
            fail_at(&f->s, t->at, "%s does not format an argument; str, c, int, day, instant and msg do", fmt->name);
        if (n == 4)
            fail_at(&f->s, t->at, "a message has at most 4 arguments");
        buf_printf(&args, "%s%s", n ? ", " : "", fill(fmt->arg, c).p);
    }
    check_value_place(f, t, NULL);
    struct str name = upper_name(id);
    if (n)
        statement(f, t->at, "html_put_msg(out, M_%.*s, (const struct arg[]){ %s }, %d);", STR_ARG(name), args.p, n);
    else
        statement(f, t->at, "html_put_msg(out, M_%.*s, NULL, 0);", STR_ARG(name));
}

static void need_text(struct file *f, const struct tag *t, const char *what)
{
    if (!output_allowed(f))
        fail_at(&f->s, t->at, "a page that extends a layout has markup only in its blocks");
    if (f->place.where != IN_TEXT)
        fail_at(&f->s, t->at, "{{%s}} stands only where elements may stand", what);
}

static void do_html(struct file *f, struct tag *t)
{
    struct str c = path(f, t, false);
    need_end(f, t);
    need_text(f, t, "html");
    statement(f, t->at, "html_put_html(out, %.*s);", STR_ARG(c));
}

static void do_include(struct file *f, struct tag *t)
{
    struct str name = need_word(f, t, "a template's name");
    skip(t);
    struct str c = t->p < t->end ? path(f, t, true) : STR_NULL;
    need_end(f, t);
    need_text(f, t, "include");
    if (c.p)
        statement(f, t->at, "html_%.*s(out, %.*s);", STR_ARG(name), STR_ARG(c));
    else
        statement(f, t->at, "html_%.*s(out);", STR_ARG(name));
}

static bool has(const struct str *list, size_t n, struct str what)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], what))
            return true;
    return false;
}

static struct str place_name(struct file *f, struct tag *t)
{
    struct str name = need_word(f, t, "a block's name");
    if (f->layout.n)
        fail_at(&f->s, t->at, "a page that extends a layout cannot be a layout itself");
    if (!has(f->places, f->n_places, name))
        arena_push(&mem, f->places, f->n_places, f->cap_places) = name;
    return name;
}

static void do_place(struct file *f, struct tag *t)
{
    struct str name = place_name(f, t);
    need_end(f, t);
    need_text(f, t, "place");
    statement(f, t->at, "if (blocks->%.*s)", STR_ARG(name));
    buf_printf(&f->body, "%*s    blocks->%.*s(out, page);\n", indent(f), "", STR_ARG(name));
}

static void do_asset(struct file *f, struct tag *t, struct unit *u)
{
    skip(t);
    struct str name = str_trim(str_n(t->p, (size_t)(t->end - t->p)));
    if (name.n == 0)
        fail_at(&f->s, t->at, "a file's name such as app.css is expected here");
    if ((f->place.where != IN_DOUBLE && f->place.where != IN_SINGLE) || f->place.attr != ATTR_URL || !f->place.url_start)
        fail_at(&f->s, t->at, "{{asset}} is a whole address: href=\"{{asset app.css}}\"");
    struct str macro = upper_name(name);
    statement(f, t->at, "html_put_raw(out, ASSET_%.*s, sizeof ASSET_%.*s - 1);", STR_ARG(macro), STR_ARG(macro));
    f->place.url_start = false;
    u->assets = true;
}

/* A name that a {{tag}} follows directly is over: <input{{attr checked v.on}}> */
static void close_name(struct file *f, const char *at)
{
    if (f->place.where == IN_TAG_NAME) {
        tag_name_ends(f, at);
        f->place.name_closed = true;
    } else if (f->place.where == IN_ATTR_NAME) {
        attr_name_ends(f, at);
        f->place.where = IN_TAG;
        f->place.name_closed = true;
    } else if (f->place.where == AFTER_ATTR_NAME) {
        f->place.where = IN_TAG;
    }
}

static void do_attr(struct file *f, struct tag *t)
{
    skip(t);
    const char *from = t->p;
    while (t->p < t->end && (letter(*t->p) || *t->p == '-'))
        t->p++;
    struct str name = str_n(from, (size_t)(t->p - from));
    if (name.n == 0 || attr_kind(name) != ATTR_PLAIN)
        fail_at(&f->s, from, "an attribute without a value, such as checked, is expected here");
    struct str c = path(f, t, false);
    need_end(f, t);
    close_name(f, t->at);
    if (f->place.where != IN_TAG)
        fail_at(&f->s, t->at, "{{attr}} stands only between the attributes of a tag");
    statement(f, t->at, "if (%.*s)", STR_ARG(c));
    buf_printf(&f->body, "%*s    html_put_raw(out, \" %.*s\", %zu);\n", indent(f), "", STR_ARG(name), name.n + 1);
    f->place.name_closed = true;
}

/* not? (place NAME | path formatter?) */
static struct str condition(struct file *f, struct tag *t)
{
    bool not = accept(t, "not");
    struct str c;
    if (accept(t, "place")) {
        struct str name = place_name(f, t);
        c = arena_printf(&mem, "blocks->%.*s", STR_ARG(name));
    } else {
        c = path(f, t, false);
        skip(t);
        if (t->p < t->end && *t->p == '|') {
            const struct formatter *fmt = formatter(f, t);
            if (!fmt->test)
                fail_at(&f->s, t->at, "%s is no test; str, c, int, day and instant are", fmt->name);
            c = fill(fmt->test, c);
        }
    }
    need_end(f, t);
    return not ? arena_printf(&mem, "!(%.*s)", STR_ARG(c)) : c;
}

static struct open *push(struct file *f, const struct tag *t, enum control control)
{
    if (f->n_open == OPEN_MAX)
        fail_at(&f->s, t->at, "nested deeper than %d", OPEN_MAX);
    struct open *o = &f->open[f->n_open++];
    *o = (struct open){ .control = control, .at = t->at, .start = f->place };
    return o;
}

static void need_place_for_control(struct file *f, const struct tag *t)
{
    if (!output_allowed(f))
        fail_at(&f->s, t->at, "a page that extends a layout has only blocks outside of them");
    close_name(f, t->at);
    switch (f->place.where) {
    case IN_TEXT: case IN_PLAIN: case IN_TAG: case IN_DOUBLE: case IN_SINGLE: return;
    default: fail_at(&f->s, t->at, "{{if}} and {{for}} stand in text, between attributes, or in a quoted attribute");
    }
}

static const char *where_name(enum where w)
{
    switch (w) {
    case IN_TEXT: case IN_PLAIN: return "in text";
    case IN_DOUBLE: case IN_SINGLE: case IN_BARE: return "in an attribute's value";
    default: return "in a tag";
    }
}

/* At the end of a branch: the model must be as at its beginning. */
static void branch_ends(struct file *f, const struct tag *t, struct open *o)
{
    close_name(f, t->at);
    if (f->place.depth > o->start.depth) {
        const struct element *e = &f->elements[f->place.depth - 1];
        fail_at(&f->s, t->at, "<%.*s> of line %d is not closed before this", STR_ARG(e->name), line_of(&f->s, e->at));
    }
    if (f->place.where != o->start.where)
        fail_at(&f->s, t->at, "this branch began %s (line %d) and ends %s", where_name(o->start.where), line_of(&f->s, o->at),
                where_name(f->place.where));
    o->url_start |= f->place.url_start;
    o->name_closed |= f->place.name_closed;
    f->place = o->start;
}

static void do_if(struct file *f, struct tag *t)
{
    need_place_for_control(f, t);
    struct str c = condition(f, t);
    statement(f, t->at, "if (%.*s) {", STR_ARG(c));
    push(f, t, C_IF);
}

static void do_for(struct file *f, struct tag *t)
{
    need_place_for_control(f, t);
    struct str name = need_word(f, t, "a name for the item");
    if (!accept(t, "in"))
        fail_at(&f->s, t->p, "{{for NAME in ARRAY COUNT}}: in is expected here");
    struct str rows = path(f, t, false), count = path(f, t, false);
    need_end(f, t);
    if (str_eq(name, f->var) || has(f->vars, (size_t)f->n_vars, name) || str_eqc(name, "out"))
        fail_at(&f->s, name.p, "\"%.*s\" has a meaning here already", STR_ARG(name));
    int i = ++f->loops;
    statement(f, t->at, "for (size_t i%d_ = 0, n%d_ = (size_t)(%.*s); i%d_ < n%d_; i%d_++) {", i, i, STR_ARG(count), i, i, i);
    struct open *o = push(f, t, C_FOR);
    o->count = count;
    f->vars[f->n_vars++] = name;
    mark_line(f, t->at);
    buf_printf(&f->body, "%*sconst __typeof__(*(%.*s)) *%.*s = &(%.*s)[i%d_];\n%*s(void)%.*s;\n", indent(f), "", STR_ARG(rows), STR_ARG(name), STR_ARG(rows),
               i, indent(f), "", STR_ARG(name));
}

static void do_else(struct file *f, struct tag *t, bool elif)
{
    struct open *o = f->n_open ? &f->open[f->n_open - 1] : NULL;
    if (!o || o->control == C_BLOCK || o->has_else || (elif && o->control == C_FOR))
        fail_at(&f->s, t->at, "there is no {{if}} that this belongs to");
    branch_ends(f, t, o);
    flush(f);
    if (o->control == C_FOR)
        f->n_vars--;
    struct str c = elif ? condition(f, t) : STR_NULL;
    need_end(f, t);
    f->n_open--;
    if (o->control == C_FOR)
        statement(f, t->at, "}\n%*sif ((size_t)(%.*s) == 0) {", indent(f), "", STR_ARG(o->count));
    else if (elif)
        statement(f, t->at, "} else if (%.*s) {", STR_ARG(c));
    else
        statement(f, t->at, "} else {");
    f->n_open++;
    o->has_else = !elif;
}

static void block_ends(struct file *f)
{
    struct str name = f->blocks[f->n_blocks - 1];
    flush(f);
    buf_printf(&f->functions, "static void %.*s_%.*s(struct html *out, const void *page)\n{\n", STR_ARG(f->name), STR_ARG(name));
    if (f->var.n)
        buf_printf(&f->functions, "    const struct %.*s *%.*s = page;\n    (void)%.*s;\n", STR_ARG(f->type), STR_ARG(f->var), STR_ARG(f->var));
    else
        buf_c(&f->functions, "    (void)page;\n");
    buf_c(&f->functions, "    (void)out;\n");
    buf_str(&f->functions, buf_view(&f->body));
    buf_c(&f->functions, "}\n\n");
    buf_clear(&f->body);
    f->started = false;
}

static void do_end(struct file *f, struct tag *t)
{
    need_end(f, t);
    if (!f->n_open)
        fail_at(&f->s, t->at, "there is nothing open that this could end");
    struct open *o = &f->open[f->n_open - 1];
    branch_ends(f, t, o);
    if (o->control == C_BLOCK) {
        block_ends(f);
        f->n_open--;
        return;
    }
    /* Without {{else}}, and for a loop always, the body may not have run: what held before it may hold after it. */
    f->place.url_start = o->url_start || (o->start.url_start && !(o->has_else && o->control == C_IF));
    f->place.name_closed |= o->name_closed;
    if (o->control == C_FOR && !o->has_else)
        f->n_vars--;
    flush(f);
    f->n_open--;
    statement(f, t->at, "}");
}

static void do_block(struct file *f, struct tag *t)
{
    struct str name = need_word(f, t, "a block's name");
    need_end(f, t);
    if (!f->layout.n || f->n_open)
        fail_at(&f->s, t->at, "{{block}} stands in a page that extends a layout, outside of everything else");
    if (has(f->blocks, f->n_blocks, name))
        fail_at(&f->s, t->at, "block %.*s stands twice", STR_ARG(name));
    arena_push(&mem, f->blocks, f->n_blocks, f->cap_blocks) = name;
    push(f, t, C_BLOCK);
    f->started = false;
}

static void do_use(struct file *f, struct tag *t, struct unit *u)
{
    skip(t);
    const char *close = t->p < t->end && *t->p == '"' ? memchr(t->p + 1, '"', (size_t)(t->end - t->p - 1)) : NULL;
    if (!close)
        fail_at(&f->s, t->p, "{{use \"FOLDER/NAME.h\"}}: a header in double quotes is expected here");
    struct str header = str_n(t->p + 1, (size_t)(close - t->p - 1));
    t->p = close + 1;
    need_end(f, t);
    if (!has(u->uses, u->n_uses, header))
        arena_push(&mem, u->uses, u->n_uses, u->cap_uses) = header;
}

static void do_show(struct file *f, struct tag *t)
{
    if (f->type.n || f->started || f->layout.n)
        fail_at(&f->s, t->at, "{{show}} stands once, before everything but {{use}}");
    f->type = need_word(f, t, "the name of a struct");
    f->var = need_word(f, t, "a name for the value");
    if (str_eqc(f->var, "out") || str_eqc(f->var, "page") || str_eqc(f->var, "blocks"))
        fail_at(&f->s, f->var.p, "out, page and blocks have a meaning in the C; take another name");
    need_end(f, t);
}

static void do_extends(struct file *f, struct tag *t)
{
    if (f->layout.n || f->started || f->n_open)
        fail_at(&f->s, t->at, "{{extends}} stands once, before the first block");
    struct str name = need_word(f, t, "the name of a layout");
    skip(t);
    if (t->p < t->end)
        f->frame = path(f, t, true);
    need_end(f, t);
    f->layout = name;
}

/* --- a file ------------------------------------------------------------------------------------------------------------------------ */

static const char *const CONTROLS[] = { "use", "show", "extends", "block", "if", "elif", "else", "for", "end" };

static bool is_control(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(CONTROLS); i++)
        if (str_eqc(word, CONTROLS[i]))
            return true;
    return false;
}

static void do_tag(struct file *f, struct tag t, struct unit *u)
{
    struct tag ahead = t;
    struct str w = word(&ahead);
    bool keyword = ahead.p == ahead.end || (*ahead.p != '.' && *ahead.p != '|' && *ahead.p != '-');
    if (keyword) {
        if (str_eqc(w, "if")) { do_if(f, &ahead); return; }
        if (str_eqc(w, "elif")) { do_else(f, &ahead, true); return; }
        if (str_eqc(w, "else")) { do_else(f, &ahead, false); return; }
        if (str_eqc(w, "end")) { do_end(f, &ahead); return; }
        if (str_eqc(w, "for")) { do_for(f, &ahead); return; }
        if (str_eqc(w, "t")) { do_message(f, &ahead); return; }
        if (str_eqc(w, "attr")) { do_attr(f, &ahead); return; }
        if (str_eqc(w, "include")) { do_include(f, &ahead); return; }
        if (str_eqc(w, "html")) { do_html(f, &ahead); return; }
        if (str_eqc(w, "asset")) { do_asset(f, &ahead, u); return; }
        if (str_eqc(w, "place")) { do_place(f, &ahead); return; }
        if (str_eqc(w, "block")) { do_block(f, &ahead); return; }
        if (str_eqc(w, "use")) { do_use(f, &ahead, u); return; }
        if (str_eqc(w, "show")) { do_show(f, &ahead); return; }
        if (str_eqc(w, "extends")) { do_extends(f, &ahead); return; }
    }
    do_value(f, &t);
}

static const char *find(const char *p, const char *what, const char *end)
{
    return memmem(p, (size_t)(end - p), what, strlen(what));
}

/* A control tag or comment alone on its line takes the whole line with it. Returns where the text before ends; *next becomes
 * where the text behind goes on. */
static const char *alone(const struct file *f, const char *from, const char *tag, const char **next, const char *end)
{
    const char *start = tag, *stop = *next;
    while (start > f->s.text.p && (start[-1] == ' ' || start[-1] == '\t'))
        start--;
    while (stop < end && (*stop == ' ' || *stop == '\t' || *stop == '\r'))
        stop++;
    if (start < from || (start > f->s.text.p && start[-1] != '\n') || (stop < end && *stop != '\n'))
        return tag;
    *next = stop < end ? stop + 1 : stop;
    return start;
}

static void compile(struct file *f, struct unit *u)
{
    const char *p = f->s.text.p, *end = p + f->s.text.n;
    if (end > p && end[-1] == '\n')
        end--;
    while (p < end) {
        const char *tag = find(p, "{{", end);
        if (!tag) {
            text(f, p, end);
            break;
        }
        bool comment = tag[2] == '#';
        const char *close = find(tag + 2, comment ? "#}}" : "}}", end);
        if (!close)
            fail_at(&f->s, tag, comment ? "this comment has no #}}" : "this has no }}");
        const char *next = close + (comment ? 3 : 2);
        struct tag t = { tag + 2, close, tag }, ahead = t;
        if (!comment && find(tag + 2, "{{", close))
            fail_at(&f->s, tag, "this has no }}");
        text(f, p, comment || is_control(word(&ahead)) ? alone(f, p, tag, &next, end) : tag);
        if (!comment)
            do_tag(f, t, u);
        p = next;
    }
    if (f->n_open)
        fail_at(&f->s, f->open[f->n_open - 1].at, "this has no {{end}}");
    if (f->place.depth)
        fail_at(&f->s, f->elements[f->place.depth - 1].at, "<%.*s> is not closed", STR_ARG(f->elements[f->place.depth - 1].name));
    if (f->place.where != IN_TEXT)
        fail_at(&f->s, end, "the file ends inside a tag or comment");
    flush(f);
}

static void put_signature(struct buf *o, const struct file *f)
{
    buf_printf(o, "void html_%.*s(struct html *out", STR_ARG(f->name));
    if (f->type.n)
        buf_printf(o, ", const struct %.*s *%.*s", STR_ARG(f->type), STR_ARG(f->var));
    if (f->n_places)
        buf_printf(o, ", const struct html_%.*s_blocks *blocks, const void *page", STR_ARG(f->name));
    buf_c(o, ")");
}

static void put_header(struct buf *h, const struct file *f)
{
    if (f->n_places) {
        buf_printf(h, "struct html_%.*s_blocks {                     /* NULL: nothing is placed */\n", STR_ARG(f->name));
        for (size_t i = 0; i < f->n_places; i++)
            buf_printf(h, "    void (*%.*s)(struct html *out, const void *page);\n", STR_ARG(f->places[i]));
        buf_c(h, "};\n");
    }
    if (f->type.n)
        buf_printf(h, "struct %.*s;\n", STR_ARG(f->type));
    put_signature(h, f);
    buf_c(h, ";\n\n");
}

static void put_function(struct buf *c, const struct file *f)
{
    buf_str(c, buf_view(&f->functions));
    put_signature(c, f);
    buf_c(c, "\n{\n");
    if (f->layout.n) {
        buf_printf(c, "#line %d \"%s\"\n", line_of(&f->s, f->layout.p), f->s.file);
        buf_printf(c, "    html_%.*s(out, ", STR_ARG(f->layout));
        if (f->frame.n)
            buf_printf(c, "%.*s, ", STR_ARG(f->frame));
        buf_printf(c, "&(const struct html_%.*s_blocks){", STR_ARG(f->layout));
        for (size_t i = 0; i < f->n_blocks; i++)
            buf_printf(c, "%s .%.*s = %.*s_%.*s", i ? "," : "", STR_ARG(f->blocks[i]), STR_ARG(f->name), STR_ARG(f->blocks[i]));
        buf_c(c, " }, ");
        if (f->var.n)
            buf_str(c, f->var);
        else
            buf_c(c, "NULL");
        buf_c(c, ");\n");
    } else {
        buf_str(c, buf_view(&f->body));
    }
    buf_c(c, "}\n\n");
}

static struct file *open_file(const char *name)
{
    struct file *f = arena_new(&mem, struct file);
    f->s = source_read(name);
    struct str base = str_c(base_name(name));
    if (!str_ends(base, STR(".html")))
        fail("%s: a template is named NAME.html", name);
    f->name = arena_str(&mem, str_sub(base, 0, base.n - 5));
    for (size_t i = 0; i < f->name.n; i++)
        if (f->name.p[i] == '-')
            ((char *)f->name.p)[i] = '_';
    if (!is_word(f->name) || str_starts(f->name, STR("put_")) || str_eqc(f->name, "release"))
        fail("%s: a template is named with small letters, digits, '-' and '_', and neither release nor put-…", name);
    return f;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        fail("usage: tmplc NAME OUT.h OUT.c FILE.html…");
    struct unit u = { .name = str_c(argv[1]) };
    int n = argc - 4;
    struct file **f = arena_array(&mem, struct file *, (size_t)n);
    for (int i = 0; i < n; i++) {
        f[i] = open_file(argv[i + 4]);
        compile(f[i], &u);
    }
    struct buf h = BUF_INIT, c = BUF_INIT;
    struct str guard = upper_name(u.name);
    buf_printf(&h, "/* Made by tools/tmplc from the templates of %s. */\n#ifndef WHS_%.*s_HTML_H\n#define WHS_%.*s_HTML_H\n\n#include \"web/html.h\"\n",
               argv[1], STR_ARG(guard), STR_ARG(guard));
    for (size_t i = 0; i < u.n_uses; i++)
        buf_printf(&h, "#include \"%.*s\"\n", STR_ARG(u.uses[i]));
    buf_ch(&h, '\n');
    buf_printf(&c, "/* Made by tools/tmplc from the templates of %s. */\n#include \"%s_html.h\"\n%s\n", argv[1], argv[1],
               u.assets ? "#include \"assets.h\"\n" : "");
    for (int i = 0; i < n; i++) {
        put_header(&h, f[i]);
        put_function(&c, f[i]);
    }
    buf_c(&h, "#endif\n");
    output_write(argv[2], &h);
    output_write(argv[3], &c);
    return 0;
}
