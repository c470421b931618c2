#include "one_office.h"

#include <stdlib.h>

enum { BEYOND = 8 };                             /* empty tokens at the end: to look a few ahead is harmless */
enum bound { FREE, SHARED, OWN };                /* by nothing; by 0 or by what may be 0; by the office parameter */

struct token {
    struct str s;                                /* a word, a number, a text, a parameter, or one character */
    size_t at, close;                            /* offset; of "(" and CASE: the token that closes it, else itself */
};

struct item {                                    /* of a FROM, or what is changed */
    struct str table, alias;
    bool derived;                                /* a sub-select; what it shows binds nothing */
    bool optional;                               /* behind LEFT JOIN */
    size_t at, on, on_end;                       /* tokens: its name, and the condition behind ON */
    enum bound bound;
    const struct scope *scope;
};

struct edge {                                    /* `to` holds the office that `from` holds, or is bound as said */
    struct item *to, *from;
    enum bound bound;
};

struct scope {
    const struct scope *outer;
    struct item **item;
    size_t n, cap;
    struct edge *edge;
    size_t n_edges, cap_edges;
};

struct parser {
    struct arena *a;
    struct token *t;
    size_t n, cap;
    struct str *with;                            /* names made by WITH */
    size_t n_with, cap_with;
    size_t target;                               /* the table an INSERT … SELECT goes into */
    int param, id;
    struct one_office r;
};

static void refuse(struct parser *p, size_t i, struct str why)
{
    if (!p->r.good)
        return;
    p->r.good = false;
    p->r.at = p->t[i].at;
    p->r.why = why;
}

/* --- tokens -------------------------------------------------------------------------------------------------------------- */

static bool word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 128; }

static bool is(const struct parser *p, size_t i, const char *word) { return i < p->n && str_caseeq(p->t[i].s, str_c(word)); }

static bool is_any(const struct parser *p, size_t i, const char *const *words)
{
    for (; *words; words++)
        if (is(p, i, *words))
            return true;
    return false;
}

static bool is_name(const struct parser *p, size_t i) { return i < p->n && word_byte(p->t[i].s.p[0]) && !(p->t[i].s.p[0] >= '0' && p->t[i].s.p[0] <= '9'); }

static void tokens(struct parser *p, struct str sql)
{
    for (size_t i = 0, from; i < sql.n;) {
        char c = sql.p[from = i++];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
            continue;
        if (c == '-' && i < sql.n && sql.p[i] == '-') {
            while (i < sql.n && sql.p[i] != '\n')
                i++;
            continue;
        }
        if (c == '\'') {
            while (i < sql.n && sql.p[i] != '\'')
                i++;
            i += i < sql.n;
        } else if (word_byte(c) || c == '$' || c == '?') {
            while (i < sql.n && word_byte(sql.p[i]))
                i++;
        }
        arena_push(p->a, p->t, p->n, p->cap) = (struct token){ .s = str_sub(sql, from, i - from), .at = from };
    }
    for (int i = 0; i < BEYOND; i++)
        arena_push(p->a, p->t, p->n, p->cap) = (struct token){ .s = str_sub(sql, sql.n, 0), .at = sql.n };
    for (size_t i = 0; i < p->n; i++)
        p->t[i].close = i;
    p->n -= BEYOND;
}

static void pairs(struct parser *p)
{
    size_t *open = arena_array(p->a, size_t, p->n + 1), n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (is(p, i, "(") || is(p, i, "CASE")) {
            open[n++] = i;
        } else if (is(p, i, ")") || is(p, i, "END")) {
            if (n == 0 || is(p, open[n - 1], "(") != is(p, i, ")")) {
                refuse(p, i, STR("this closes nothing"));
                return;
            }
            p->t[open[--n]].close = i;
        }
    }
    if (n)
        refuse(p, open[n - 1], STR("this is not closed"));
}

/* The first of these words between i and end that stands in no parentheses, or end. */
static size_t find(const struct parser *p, size_t i, size_t end, const char *const *words)
{
    for (; i < end; i = p->t[i].close + 1)
        if (is_any(p, i, words))
            return i;
    return end;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define CLAUSES "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "RETURNING"
#define JOINS ",", "JOIN", "LEFT", "INNER", "CROSS", "NATURAL", "RIGHT", "FULL", "OUTER"

/* --- what binds ---------------------------------------------------------------------------------------------------------- */

static const char *office_column(struct str table) { return str_caseeq(table, STR("office")) ? "id" : "office_id"; }

struct operand {
    struct item *item;                           /* its office */
    int param;
    bool zero;
};

static struct item *named(const struct scope *s, struct str alias)
{
    for (; s; s = s->outer)
        for (size_t i = 0; i < s->n; i++)
            if (str_caseeq(s->item[i]->alias, alias))
                return s->item[i];
    return NULL;
}

/* Reads an operand at *i and moves behind it; false when it is none of those that bind. */
static bool operand(const struct parser *p, const struct scope *s, size_t *i, size_t end, struct operand *ret)
{
    *ret = (struct operand){ 0 };
    if (*i >= end)
        return false;
    struct str word = p->t[*i].s;
    if (word.p[0] == '$' || word.p[0] == '?') {
        ret->param = atoi(arena_z(p->a, str_sub(word, 1, word.n)));
        ++*i;
        return ret->param > 0;
    }
    if (is(p, *i, "0")) {
        ret->zero = true;
        ++*i;
        return true;
    }
    size_t column = *i;
    if (*i + 2 < end && is(p, *i + 1, ".")) {
        ret->item = named(s, word);
        column += 2;
    } else if (s->n == 1) {
        ret->item = s->item[0];
    }
    *i = column + 1;
    return ret->item && !ret->item->derived && is(p, column, office_column(ret->item->table));
}

static enum bound constant(const struct parser *p, const struct operand *o, const struct item *binds)
{
    if (o->zero)
        return SHARED;
    bool own = o->param && (o->param == p->param || (o->param == p->id && str_caseeq(binds->table, STR("office"))));
    return own ? OWN : FREE;
}

static void add_edge(struct parser *p, struct scope *s, const struct item *only, struct edge e)
{
    if (e.to->scope == s && (!only || only == e.to))
        arena_push(p->a, s->edge, s->n_edges, s->cap_edges) = e;
}

static bool equation(const struct parser *p, const struct scope *s, size_t i, size_t end, struct operand *a, struct operand *b)
{
    if (!operand(p, s, &i, end, a) || !is(p, i++, "=") || !operand(p, s, &i, end, b) || i != end)
        return false;
    if (!a->item) {
        struct operand swap = *a;
        *a = *b;
        *b = swap;
    }
    return a->item != NULL;
}

static void unwrap(const struct parser *p, size_t *i, size_t *end)
{
    while (*i < *end && is(p, *i, "(") && p->t[*i].close == *end - 1) {
        ++*i;
        --*end;
    }
}

/* x.office_id = $1 OR x.office_id = 0 */
static void either(struct parser *p, struct scope *s, size_t i, size_t end, const struct item *only)
{
    struct edge e = { .bound = OWN };
    for (size_t next; i < end; i = next + 1) {
        struct operand a, b;
        next = find(p, i, end, WORDS("OR"));
        size_t from = i, to = next;
        unwrap(p, &from, &to);
        if (!equation(p, s, from, to, &a, &b) || b.item || (e.to && e.to != a.item))
            return;
        e.to = a.item;
        enum bound bound = constant(p, &b, a.item);
        e.bound = bound < e.bound ? bound : e.bound;
    }
    if (e.to)
        add_edge(p, s, only, e);
}

/* x.office_id IN ($1, 0) */
static void one_of(struct parser *p, struct scope *s, size_t i, size_t end, const struct item *only)
{
    struct operand a, b;
    struct edge e = { .bound = OWN };
    if (!operand(p, s, &i, end, &a) || !a.item || !is(p, i, "IN") || !is(p, i + 1, "(") || p->t[i + 1].close != end - 1)
        return;
    e.to = a.item;
    for (i++; i < end - 1;) {
        i++;
        if (!operand(p, s, &i, end, &b) || b.item || !(is(p, i, ",") || i == end - 1))
            return;
        enum bound bound = constant(p, &b, a.item);
        e.bound = bound < e.bound ? bound : e.bound;
    }
    add_edge(p, s, only, e);
}

static void condition(struct parser *p, struct scope *s, size_t i, size_t end, const struct item *only)
{
    unwrap(p, &i, &end);
    if (find(p, i, end, WORDS("OR")) < end) {
        either(p, s, i, end, only);
        return;
    }
    for (size_t next; i < end; i = next + 1) {
        next = find(p, i, end, WORDS("AND"));
        if (find(p, i, next, WORDS("BETWEEN")) < next) {       /* the next AND is its own */
            next = find(p, next + 1, end, WORDS("AND"));
            continue;
        }
        struct operand a, b;
        if (is(p, i, "(") && p->t[i].close == next - 1) {
            condition(p, s, i, next, only);
        } else if (equation(p, s, i, next, &a, &b)) {
            add_edge(p, s, only, (struct edge){ a.item, b.item, b.item ? FREE : constant(p, &b, a.item) });
            if (b.item)
                add_edge(p, s, only, (struct edge){ b.item, a.item, FREE });
        } else {
            one_of(p, s, i, next, only);
        }
    }
}

static void solve(struct scope *s)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < s->n_edges; i++) {
            const struct edge *e = &s->edge[i];
            enum bound b = e->from ? e->from->bound : e->bound;
            more |= b > e->to->bound;
            e->to->bound = b > e->to->bound ? b : e->to->bound;
        }
    }
}

static void check(struct parser *p, const struct item *it, enum bound least)
{
    if (!it->derived && it->bound < least)
        refuse(p, it->at, arena_printf(p->a, "%.*s.%s is bound by %s; see the office rule in tools/README.md", STR_ARG(it->alias), office_column(it->table),
                                       it->bound == FREE ? "no office" : "0, and what is changed must be the parameter's"));
}

/* --- statements ---------------------------------------------------------------------------------------------------------- */

static void select_in(struct parser *p, size_t i, size_t end, const struct scope *outer, int office);

static bool begins_select(const struct parser *p, size_t i) { return is(p, i, "SELECT") || is(p, i, "WITH"); }

/* The sub-selects of an expression. */
static void inner(struct parser *p, const struct scope *s, size_t i, size_t end)
{
    for (; i < end && p->r.good; i++) {
        if (is(p, i, "(") && begins_select(p, i + 1)) {
            select_in(p, i + 1, p->t[i].close, s, -1);
            i = p->t[i].close;
        } else if (begins_select(p, i)) {
            refuse(p, i, STR("a sub-select stands in parentheses"));
        } else if (is(p, i, "IN") && !is(p, i + 1, "(")) {
            refuse(p, i, STR("IN is followed by parentheses"));
        } else if (is(p, i, "DISTINCT") && is(p, i + 1, "FROM")) {
            refuse(p, i, STR("DISTINCT FROM is not understood by the office rule"));
        }
    }
}

static bool with_name(const struct parser *p, struct str name)
{
    for (size_t i = 0; i < p->n_with; i++)
        if (str_caseeq(p->with[i], name))
            return true;
    return false;
}

static struct item *add_item(struct parser *p, struct scope *s, size_t at, bool derived)
{
    struct item *it = arena_new(p->a, struct item);
    *it = (struct item){ .table = p->t[at].s, .alias = p->t[at].s, .derived = derived, .at = at, .scope = s };
    arena_push(p->a, s->item, s->n, s->cap) = it;
    return it;
}

/* [AS] alias, unless one of `stop` stands there; the access is noted. */
static size_t take_alias(struct parser *p, struct item *it, size_t i, size_t end, const char *const *stop)
{
    if (is(p, i, "AS"))
        i++;
    else if (i >= end || is_any(p, i, stop) || !is_name(p, i))
        i--;
    if (i != it->at && !is(p, i, ")"))
        it->alias = p->t[i].s;
    if (!it->derived)
        arena_push(p->a, p->r.access, p->r.n, p->r.cap) = (struct office_access){ it->table, it->alias };
    return i + 1;
}

static size_t take_item(struct parser *p, struct scope *s, size_t i, size_t end, bool optional)
{
    struct item *it;
    if (is(p, i, "(")) {
        size_t close = p->t[i].close;
        if (begins_select(p, i + 1))
            select_in(p, i + 1, close, s->outer, -1);
        else if (is(p, i + 1, "VALUES"))
            inner(p, s->outer, i + 2, close);
        else
            refuse(p, i, STR("joins stand without parentheses"));
        it = add_item(p, s, i, true);
        i = close;
    } else {
        if (!is_name(p, i) || is(p, i + 1, "(") || is(p, i + 1, "."))
            refuse(p, i, STR("a table's plain name is expected here"));
        it = add_item(p, s, i, with_name(p, p->t[i].s));
    }
    it->optional = optional;
    i = take_alias(p, it, i + 1, end, WORDS(JOINS, "ON", "USING", "INDEXED", "NOT"));
    if (is(p, i, "ON")) {
        it->on = i + 1;
        it->on_end = i = find(p, i, end, WORDS(JOINS));
    }
    return i;
}

static void take_from(struct parser *p, struct scope *s, size_t i, size_t end)
{
    i = take_item(p, s, i, end, false);
    while (i < end && p->r.good) {
        bool left = is(p, i, "LEFT");
        i += left || is(p, i, "INNER") || is(p, i, "CROSS");
        i += left && is(p, i, "OUTER");
        if (!is(p, i, "JOIN") && !is(p, i, ","))
            refuse(p, i, STR("tables are joined with JOIN, LEFT JOIN, CROSS JOIN or a comma, and ON"));
        i = take_item(p, s, i + 1, end, left);
    }
}

/* FROM and WHERE of any statement; where: the token WHERE, or end. */
static void bind(struct parser *p, struct scope *s, size_t where, size_t end)
{
    for (size_t k = 0; k < s->n; k++)
        condition(p, s, s->item[k]->on, s->item[k]->on_end, s->item[k]->optional ? s->item[k] : NULL);
    if (where < end)
        condition(p, s, where + 1, find(p, where + 1, end, WORDS(CLAUSES)), NULL);
    solve(s);
    for (size_t k = 0; k < s->n; k++) {
        check(p, s->item[k], SHARED);
        inner(p, s, s->item[k]->on, s->item[k]->on_end);
    }
}

/* The value that an INSERT puts into the office column: between i and end, and nothing else. */
static void check_value(struct parser *p, const struct scope *s, struct str table, size_t i, size_t end)
{
    struct operand o;
    struct item target = { .table = table };
    size_t from = i;
    bool good = operand(p, s, &i, end, &o) && i == end && (o.item ? o.item->bound == OWN : constant(p, &o, &target) == OWN);
    if (!good)
        refuse(p, from, arena_printf(p->a, "what goes into %.*s.%s must be the office parameter", STR_ARG(table), office_column(table)));
}

/* From the office-th value of a list separated by commas. */
static void check_nth(struct parser *p, const struct scope *s, struct str table, size_t i, size_t end, int office)
{
    for (; office > 0 && i < end; office--)
        i = find(p, i, end, WORDS(",")) + 1;
    check_value(p, s, table, i < end ? i : end, find(p, i, end, WORDS(",")));
}

static void select_one(struct parser *p, size_t i, size_t end, const struct scope *outer, int office)
{
    struct scope *s = arena_new(p->a, struct scope);
    s->outer = outer;
    if (!is(p, i, "SELECT")) {
        refuse(p, i, STR("SELECT is expected here"));
        return;
    }
    i += is(p, i + 1, "DISTINCT") || is(p, i + 1, "ALL") ? 2 : 1;
    size_t from = find(p, i, end, WORDS("FROM", CLAUSES)), where = find(p, from, end, WORDS(CLAUSES));
    if (is(p, from, "FROM"))
        take_from(p, s, from + 1, where);
    bind(p, s, is(p, where, "WHERE") ? where : end, end);
    if (office >= 0)
        check_nth(p, s, p->t[p->target].s, i, from, office);
    inner(p, s, i, from);
    inner(p, s, where, end);
}

static size_t take_with(struct parser *p, size_t i, size_t end, const struct scope *outer)
{
    do {
        struct str name = p->t[++i].s;
        size_t as = find(p, i, end, WORDS("AS")), open = as + 1;
        open += is(p, open, "NOT");
        open += is(p, open, "MATERIALIZED");
        if (is(p, i, "RECURSIVE") || !is(p, open, "(")) {
            refuse(p, i, STR("WITH is followed by name AS (SELECT …)"));
            return end;
        }
        select_in(p, open + 1, p->t[open].close, outer, -1);
        arena_push(p->a, p->with, p->n_with, p->cap_with) = name;
        i = p->t[open].close + 1;
    } while (is(p, i, ","));
    return i;
}

static void select_in(struct parser *p, size_t i, size_t end, const struct scope *outer, int office)
{
    size_t known = p->n_with;
    if (is(p, i, "WITH"))
        i = take_with(p, i, end, outer);
    for (size_t next; i < end && p->r.good; i = next + 1) {
        next = find(p, i, end, WORDS("UNION", "EXCEPT", "INTERSECT"));
        select_one(p, i, next, outer, office);
        next += is(p, next + 1, "ALL");
    }
    p->n_with = known;                           /* outside, such a name is a table again */
}

/* Behind SET: no office moves its rows. */
static void check_set(struct parser *p, struct str table, size_t i, size_t end)
{
    for (; i < end; i = find(p, i, end, WORDS(",")) + 1)
        if (is(p, i, office_column(table)) || !is(p, i + 1, "="))
            refuse(p, i, STR("SET is followed by column = value, and the office column stays"));
}

static void change(struct parser *p, size_t i, size_t end)
{
    struct scope *s = arena_new(p->a, struct scope);
    bool update = is(p, i, "UPDATE");
    struct item *target = add_item(p, s, i + (update ? 1 : 2), false);
    i = take_alias(p, target, target->at + 1, end, WORDS("SET", "WHERE", "RETURNING"));
    size_t from = find(p, i, end, WORDS("FROM", CLAUSES)), where = find(p, from, end, WORDS(CLAUSES));
    if (update ? !is(p, i, "SET") : from != i || is(p, from, "FROM"))
        refuse(p, i, STR("this is not understood by the office rule"));
    if (update)
        check_set(p, target->table, i + 1, from);
    if (is(p, from, "FROM"))
        take_from(p, s, from + 1, where);
    bind(p, s, is(p, where, "WHERE") ? where : end, end);
    check(p, target, OWN);
    inner(p, s, i, from);
    inner(p, s, where, end);
}

/* ON CONFLICT (…, office_id, …) [WHERE …] DO …: the row in the way is of the same office. */
static void conflict(struct parser *p, const struct scope *s, struct str table, size_t i, size_t end)
{
    size_t open = i + 2, column = open + 1;
    if (is(p, open, "("))
        while (column < p->t[open].close && !(is(p, column, office_column(table)) && (is(p, column - 1, "(") || is(p, column - 1, ",")) &&
                                              (is(p, column + 1, ",") || is(p, column + 1, ")"))))
            column++;
    if (!is(p, open, "(") || column == p->t[open].close)
        refuse(p, i, arena_printf(p->a, "ON CONFLICT names columns, and %s is one of them", office_column(table)));
    size_t set = find(p, i, end, WORDS("SET"));
    if (set < end)
        check_set(p, table, set + 1, find(p, set, end, WORDS(CLAUSES)));
    inner(p, s, i, end);
}

static int office_place(struct parser *p, struct str table, size_t open)
{
    size_t close = p->t[open].close;
    int place = 0;
    for (size_t i = open + 1; i < close; i += 2, place++)
        if (is(p, i, office_column(table)))
            return place;
    refuse(p, open, arena_printf(p->a, "an INSERT names %s among its columns", office_column(table)));
    return -1;
}

static void insert(struct parser *p, size_t i, size_t end)
{
    struct scope *s = arena_new(p->a, struct scope);
    struct item *target = add_item(p, s, p->target = i + 2, false);
    target->bound = OWN;
    i = take_alias(p, target, i + 3, end, WORDS("VALUES", "SELECT", "WITH", "DEFAULT"));
    size_t tail = i;
    while ((tail = find(p, tail, end, WORDS("ON", "RETURNING"))) < end && is(p, tail, "ON") && !is(p, tail + 1, "CONFLICT"))
        tail++;
    if (!is(p, i, "(")) {
        refuse(p, i, STR("an INSERT names its columns"));
        return;
    }
    int office = office_place(p, target->table, i);
    i = p->t[i].close + 1;
    if (is(p, i, "VALUES")) {
        for (i++; i < tail && p->r.good; i = p->t[i].close + 2) {
            check_nth(p, &(struct scope){ 0 }, target->table, i + 1, p->t[i].close, office);
            inner(p, &(struct scope){ 0 }, i, p->t[i].close);
        }
    } else {
        select_in(p, i, tail, NULL, office);
    }
    for (size_t next; tail < end && p->r.good; tail = next) {
        next = find(p, tail + 1, end, WORDS("ON", "RETURNING"));
        if (is(p, tail, "ON"))
            conflict(p, s, target->table, tail, next);
        else
            inner(p, s, tail, end);
    }
}

struct one_office one_office(struct arena *a, struct str sql, int param, int id)
{
    struct parser p = { .a = a, .param = param, .id = param ? 0 : id, .r.good = true };
    tokens(&p, sql);
    pairs(&p);
    if (!p.r.good)
        return p.r;
    size_t i = 0;
    if (is(&p, 0, "WITH"))
        i = take_with(&p, 0, p.n, NULL);
    if (is(&p, i, "SELECT"))
        select_in(&p, i, p.n, NULL, -1);
    else if (is(&p, i, "INSERT"))
        insert(&p, i, p.n);
    else if (is(&p, i, "UPDATE") || is(&p, i, "DELETE"))
        change(&p, i, p.n);
    else
        refuse(&p, i, STR("SELECT, INSERT, UPDATE or DELETE is expected here"));
    return p.r;
}
