/* From a path to its routes: a tree of segments, built once. A literal segment goes before an argument, an argument before "{rest*}". */
#ifndef WHS_WEB_ROUTER_H
#define WHS_WEB_ROUTER_H

#include "web/web.h"

enum { ROUTE_ARGS = 4, ROUTE_METHODS = 8 };

struct router;
struct router *router_new(void);
void router_free(struct router *r);
/* Ends the process for two routes of one method and path, or a path that cannot be one: a mistake of the program. */
void router_add(struct router *r, const struct route *route);

struct routed {
    const struct route *routes[ROUTE_METHODS];   /* all methods of the path */
    int n;
    struct str args[ROUTE_ARGS];
};
bool router_find(const struct router *r, struct str path, struct routed *ret);     /* false: no such path */
const struct route *routed_method(const struct routed *at, struct str method);     /* HEAD finds GET; NULL when not allowed */
void routed_allow(const struct routed *at, struct buf *out);                       /* "GET, HEAD, POST, OPTIONS" */

#endif
