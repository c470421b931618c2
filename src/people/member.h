/* Members: people who log in. Passwords with Argon2id (19 MiB, t=2), at most two at once; tokens and sessions are 192 random bits stored
 * as SHA-256. Five wrong passwords lock for a minute, each further one doubles it, up to an hour; the answer and its time are the same for an
 * unknown login. The built-in member 'console' is what commands act as without --as; it has no password.
 */
#ifndef WHS_PEOPLE_MEMBER_H
#define WHS_PEOPLE_MEMBER_H

#include "people/actor.h"

struct member {
    int64_t id;
    struct str login, name;
    unsigned roles;
    int64_t party_id, home_id;
    struct str home_name;
    bool disabled, must_change, locked;
};

/* "officer;chief", the bits of enum role as they stand in files; into the arena. */
struct str roles_code(struct arena *a, unsigned roles);
/* Reads codes or their Chinese names (科员 科长 领导 联络员 系统管理员), several with ';'. */
bool roles_parse(struct str s, unsigned *ret, struct err *err);

/* New office: section "name", member console with every section right. Call in a write of the new office. */
bool people_init(struct txn *t, struct str section_name, struct err *err);

struct member_draft { struct str login, name, role, home, password, phone; };  /* role: "officer;chief" …; home: a party's name */
/* Hash the password before, off the writer: password_hash(); password_hash here is that, or STR_NULL for a member who cannot log in with
 * one. Makes the person's party, in the last place, and the seats: own and home, but an administrator without another role has no home seat.
 * home must be a section for officers, chiefs and administrators, a unit for liaisons, a leader for leaders; these three do not mix. An empty
 * home is the section of `by`. ERR_DENIED unless `by` is an administrator. */
bool member_add(struct txn *t, const struct actor *by, const struct member_draft *d, struct str password_hash, bool must_change, int64_t *ret,
                struct err *err);
bool member_list(struct db *db, struct arena *a, int64_t office_id, instant_t now, struct member **ret, size_t *n, struct err *err);
bool member_name(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct str *ret, struct err *err);    /* "" for nobody */
bool member_find(struct db *db, struct arena *a, int64_t office_id, struct str login, instant_t now, struct member *ret, bool *found,
                 struct err *err);
/* These change what the journal shall show; who may is decided by the caller. Disabling and a new password end all sessions. */
/* A password made by somebody else (a reset) revokes the member's tokens and device passwords too: the secrets of before may be in other hands. Who changes his
 * own keeps them, and revokes what he likes on the same page. Tokens of a disabled member open nothing. */
bool member_set_disabled(struct txn *t, int64_t member_id, bool disabled, struct err *err);
bool member_set_password(struct txn *t, int64_t member_id, struct str password_hash, bool must_change, struct err *err);
bool member_unlock(struct txn *t, int64_t member_id, struct err *err);
bool member_set_lang(struct txn *t, int64_t member_id, enum lang lang, struct err *err);
bool member_seat_add(struct txn *t, int64_t member_id, int64_t party_id, int64_t deputy_of, day_t from, day_t to, struct err *err);
/* Its last day becomes `to`; before its first day: the seat is gone. */
bool member_seat_end(struct txn *t, int64_t member_id, int64_t party_id, int64_t deputy_of, day_t from, day_t to, struct err *err);
/* The parties a member has in person on a day, the home first. */
struct own_seat { int64_t party_id; struct str name; bool person; };
bool member_own_seats(struct db *db, struct arena *a, int64_t office_id, int64_t member_id, day_t today, struct own_seat **ret, size_t *n, struct err *err);

/* Slow on purpose (some 20 ms): on a pool thread, never on the loop or the writer; at most two run at once. */
bool password_hash(const struct random *r, struct str password, struct buf *ret, struct err *err);   /* refuses shorter than 8 characters */
bool password_verify(struct str hash, struct str password);
void password_waste(struct str password);        /* the same time, for an unknown login */

struct login_record { int64_t member_id; struct str hash; bool found, disabled; instant_t locked_until; };
bool login_lookup(struct db *db, struct arena *a, int64_t office_id, struct str login, struct login_record *ret, struct err *err);
bool login_failed(struct txn *t, int64_t member_id, struct err *err);    /* counts, locks, journals the lock */
/* In the write that a right password opens: while `hash` was tried, others may have guessed, locked, disabled or changed it. ERR_DENIED unless it is
 * still the password of a member who may come in. */
bool login_check(struct txn *t, int64_t member_id, struct str hash, struct err *err);

/* Sessions live 12 hours at most and 4 hours idle. seen_at is refreshed when it is older than SESSION_TOUCH_MS. */
enum { SESSION_MS = 12 * 3600 * 1000, SESSION_IDLE_MS = 4 * 3600 * 1000, SESSION_TOUCH_MS = 10 * 60 * 1000 };
enum { SECRET_TEXT = 33, TOKEN_TEXT = 64 };      /* bytes with the NUL */

struct session_new { char secret[SECRET_TEXT], csrf[SECRET_TEXT]; };     /* secret goes into the cookie as OFFICE.SECRET and is not stored */
/* After login_check(). Clears the count of failures; journals the login. */
bool session_start(struct txn *t, int64_t member_id, struct str agent, struct session_new *ret, struct err *err);
struct session { int64_t member_id; struct str csrf; instant_t seen_at, expires_at; uint8_t digest[32]; };
bool session_find(struct db *db, struct arena *a, int64_t office_id, struct str secret, instant_t now, struct session *ret, bool *found,
                  struct err *err);
/* Whether one found before still holds: neither ended, nor run out, nor idle for too long. */
bool session_holds(struct db *db, struct arena *a, int64_t office_id, const uint8_t digest[32], instant_t now, bool *holds, struct err *err);
bool session_touch(struct txn *t, const uint8_t digest[32], struct err *err);
bool session_end(struct txn *t, const uint8_t digest[32], struct err *err);
bool session_end_all(struct txn *t, int64_t member_id, struct err *err);
bool session_sweep(struct txn *t, struct err *err);            /* forgets what is older than SESSION_MS */

/* "whs_OFFICE_SECRET"; shown once. device: a CalDAV password, the secret alone, which opens nothing but device_find(). */
struct token_new { int64_t id; char text[TOKEN_TEXT]; };
bool token_add(struct txn *t, int64_t member_id, struct str name, bool device, struct token_new *ret, struct err *err);
/* Neither finds what is revoked or belongs to a disabled member. */
bool token_find(struct db *db, struct arena *a, struct str token, int64_t *office_id, int64_t *member_id, bool *found, struct err *err);
bool device_find(struct db *db, struct arena *a, int64_t office_id, struct str login, struct str secret, int64_t *member_id, bool *found,
                 struct err *err);
bool token_revoke(struct txn *t, int64_t token_id, struct err *err);
struct token { int64_t id, member_id; struct str name; bool device; instant_t created_at; };
bool token_list(struct db *db, struct arena *a, int64_t office_id, int64_t member_id, struct token **ret, size_t *n, struct err *err);

/* Offices on this database; the login form asks for one only when there are several. Office 0 is not among them. */
struct office { int64_t id; struct str code, name; };
bool office_list(struct db *db, struct arena *a, struct office **ret, size_t *n, struct err *err);
bool office_find(struct db *db, struct arena *a, struct str code, struct office *ret, bool *found, struct err *err);
bool office_by_id(struct db *db, struct arena *a, int64_t id, struct office *ret, bool *found, struct err *err);

/* Settings of an office: small named texts with a default. */
bool setting_get(struct db *db, struct arena *a, int64_t office_id, const char *name, const char *otherwise, struct str *ret, struct err *err);
/* Two at once; what is not set stays as it is in ret. */
bool setting_two(struct db *db, struct arena *a, int64_t office_id, const char *const name[2], struct str ret[2], struct err *err);
bool setting_set(struct txn *t, const char *name, struct str value, struct err *err);

#endif
