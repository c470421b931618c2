/* Coming in, going out, one's own settings, and what a system administrator keeps: users and the calendar's years. */
#ifndef WHS_OFFICE_ACCOUNT_ACCOUNT_H
#define WHS_OFFICE_ACCOUNT_ACCOUNT_H

#include "office/face.h"
#include "people/member.h"

struct login_page {
    struct frame frame;
    struct field field[3];
    size_t n_fields;
    struct str next, why;
    struct str csrf, office;
};

struct year_line { int64_t year; bool covered; };
struct token_line { int64_t id; struct str name; bool device; instant_t created_at; struct str csrf; };

struct setting_line { const char *href; int label, about; };
enum { SETTING_LINKS = 16 };

struct settings_page {
    struct frame frame;
    struct str login, roles, why, secret;        /* secret: a new token, shown once */
    bool admin, chief, english;
    struct field password[3];
    size_t n_password;
    struct field token[2];
    size_t n_token;
    struct token_line *tokens;
    size_t n_tokens;
    struct field light[2];                       /* working days left at yellow and red; the chief sets them */
    size_t n_light;
    struct year_line years[5];
    size_t n_years;
    struct setting_line link[SETTING_LINKS];     /* to pages of other slices */
    size_t n_links;
};

struct member_line { struct member m; struct str roles, csrf; bool self; };

struct members_page {
    struct frame frame;
    struct member_line *rows;
    size_t n;
    struct field field[6];
    size_t n_fields;
    struct str why;
};

struct help_page { struct frame frame; };

/* members.c */
void members_get(struct req *rq);
void members_post(struct req *rq);
void member_post(struct req *rq);

/* api.c */
enum { ACCOUNT_SCHEMAS = 1 };
void users_api(struct req *rq);
extern const struct schema account_schemas[ACCOUNT_SCHEMAS];

extern const struct slice account_slice;

#endif
