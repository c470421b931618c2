#include "web/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct str segment;                          /* of a literal */
    struct node *literals, *next;                /* children by name; brothers */
    struct node *arg, *rest;
    const struct route *routes[ROUTE_METHODS];
    int n;
};

struct router { struct node root; };

struct router *router_new(void) { return xcalloc(1, sizeof(struct router)); }

static void node_free(struct node *n)
{
    if (!n)
        return;
    for (struct node *c = n->literals, *next; c; c = next) {
        next = c->next;
        node_free(c);
    }
    node_free(n->arg);
    node_free(n->rest);
    free(n);
}

void router_free(struct router *r)
{
    if (r)
        node_free(&r->root);                     /* the root is the router's first member */
}

static void mistake(const struct route *route, const char *what)
{
    fprintf(stderr, "whs: route %s %s: %s\n", route->method, route->path, what);
    abort();
}

static struct node *child(struct node **at)
{
    if (!*at)
        *at = xcalloc(1, sizeof **at);
    return *at;
}

static struct node *literal(const struct node *n, struct str segment)
{
    struct node *c = n->literals;
    while (c && !str_eq(c->segment, segment))
        c = c->next;
    return c;
}

static struct node *literal_make(struct node *n, struct str segment)
{
    struct node *c = literal(n, segment);
    if (!c) {
        c = xcalloc(1, sizeof *c);
        c->segment = segment;
        c->next = n->literals;
        n->literals = c;
    }
    return c;
}

void router_add(struct router *r, const struct route *route)
{
    struct node *n = &r->root;
    struct str rest = str_c(route->path);
    int args = 0;
    if (rest.n == 0 || rest.p[0] != '/')
        mistake(route, "a path begins with '/'");
    rest = str_sub(rest, 1, rest.n);
    if (rest.n == 0)
        rest = STR_NULL;                         /* "/" is the root itself */
    while (rest.p) {
        struct str segment = str_cut(rest, '/', &rest);
        bool braces = str_starts(segment, STR("{"));
        if (segment.n == 0 || (braces && (++args > ROUTE_ARGS || !str_ends(segment, STR("}")))))
            mistake(route, "this segment cannot be one");
        if (!braces)
            n = literal_make(n, segment);
        else if (!str_ends(segment, STR("*}")))
            n = child(&n->arg);
        else if (rest.p)
            mistake(route, "{name*} stands at the end");
        else
            n = child(&n->rest);
    }
    for (int i = 0; i < n->n; i++)
        if (strcmp(n->routes[i]->method, route->method) == 0)
            mistake(route, "stands twice");
    if (n->n == ROUTE_METHODS)
        mistake(route, "too many methods");
    n->routes[n->n++] = route;
}

static const struct node *find(const struct node *n, struct str rest, struct str *args)
{
    if (!rest.p)
        return n->n ? n : NULL;
    struct str after, segment = str_cut(rest, '/', &after);
    const struct node *hit, *c = literal(n, segment);
    if (c && (hit = find(c, after, args)))
        return hit;
    if (n->arg) {
        *args = segment;
        if ((hit = find(n->arg, after, args + 1)))
            return hit;
    }
    if (n->rest)
        *args = rest;
    return n->rest;
}

bool router_find(const struct router *r, struct str path, struct routed *ret)
{
    struct routed at = { .n = 0 };
    struct str rest = path.n > 1 ? str_sub(path, 1, path.n) : STR_NULL;
    const struct node *n = find(&r->root, rest, at.args);
    if (!n)
        return false;
    memcpy(at.routes, n->routes, sizeof at.routes);
    at.n = n->n;
    *ret = at;
    return true;
}

const struct route *routed_method(const struct routed *at, struct str method)
{
    if (str_eqc(method, "HEAD"))
        method = STR("GET");
    for (int i = 0; i < at->n; i++)
        if (str_eqc(method, at->routes[i]->method))
            return at->routes[i];
    return NULL;
}

void routed_allow(const struct routed *at, struct buf *out)
{
    for (int i = 0; i < at->n; i++) {
        buf_printf(out, "%s, ", at->routes[i]->method);
        if (strcmp(at->routes[i]->method, "GET") == 0)
            buf_c(out, "HEAD, ");
    }
    buf_c(out, "OPTIONS");
}
