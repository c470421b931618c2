/* What PostgreSQL says, in our words: kinds by SQLSTATE, so that no text of the server decides anything. */
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "store/postgres.h"

static bool state_is(const char *state, const char *prefix) { return strncmp(state, prefix, strlen(prefix)) == 0; }

static bool fail_state(const char *state, const char *name, const char *what, const char *said, struct err *err)
{
    if (state_is(state, "53100"))
        return err_fail(err, ERR_IO, M_STORE_FULL, NULL, A_C(name));
    if (state_is(state, "53200"))
        return err_fail(err, ERR_BUSY, M_STORE_PG_MEMORY, NULL, A_C(name));
    if (state_is(state, "53300"))
        return err_fail(err, ERR_BUSY, M_STORE_PG_CONNECTIONS, NULL, A_C(name));
    if (state_is(state, "42501"))
        return err_fail(err, ERR_IO, M_STORE_PG_RIGHTS, NULL, A_C(name));
    if (state_is(state, "25006"))
        return err_fail(err, ERR_IO, M_STORE_READONLY, NULL, A_C(name));
    if (state_is(state, "57P0") || state_is(state, "08") || state_is(state, "25P03"))
        return err_fail(err, ERR_BUSY, M_STORE_PG_GONE, NULL, A_C(name));
    if (state_is(state, "55P03") || state_is(state, "40") || state_is(state, "57014"))
        return err_fail(err, ERR_BUSY, M_STORE_DB_BUSY, NULL);
    if (state_is(state, "XX001") || state_is(state, "XX002"))
        return err_fail(err, ERR_CORRUPT, M_STORE_DAMAGED, NULL, A_C(name));
    if (state_is(state, "23"))
        return err_fail(err, ERR_CONFLICT, M_STORE_CONSTRAINT, NULL, A_C(what));
    if (state_is(state, "54"))
        return err_fail(err, ERR_LIMIT, M_STORE_TOO_BIG, NULL);
    if (state_is(state, "58030"))
        return err_fail(err, ERR_IO, M_STORE_IO, NULL, A_C(name));
    return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C(said), A_C(what));
}

bool pg_fail_result(const PGresult *r, const char *name, const char *what, struct err *err)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE), *said = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!state)                                  /* libpq's own: the connection ended */
        return err_fail(err, ERR_BUSY, M_STORE_PG_GONE, NULL, A_C(name));
    return fail_state(state, name, what, said ? said : "", err);
}

/* libpq has no SQLSTATE for a connection that was refused, only the server's text, in the server's language. So what is told apart is only what the
 * program can know of itself; the server's own first line is shown behind it. */
bool pg_fail_connect(const PGconn *c, const char *name, struct err *err)
{
    const char *said = c ? PQerrorMessage(c) : "";
    const char *fatal = strstr(said, "FATAL:");
    if (fatal)
        said = fatal + strlen("FATAL:");
    struct str line = str_trim(str_n(said, strcspn(said, "\n")));
    if (c && PQconnectionNeedsPassword(c) && !*PQpass(c))
        return err_fail(err, ERR_IO, M_STORE_PG_NO_PASSWORD, NULL, A_C(name));
    if (c && PQconnectionUsedPassword(c) && fatal)
        return err_fail(err, ERR_IO, M_STORE_PG_LOGIN, NULL, A_C(name), A_STR(line));
    return err_fail(err, ERR_IO, fatal ? M_STORE_PG_REFUSED : M_STORE_PG_CONNECT, NULL, A_C(name), A_STR(line));
}
