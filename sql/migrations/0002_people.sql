-- People and parties. A party is whoever can stand beside an entry: a section, a unit, a leader (with an area), or one person.

CREATE TABLE party (
    office_id @id NOT NULL,
    id @id NOT NULL,
    kind @text NOT NULL,             -- 'section' 'unit' 'leader' 'person'
    name @text NOT NULL,             -- as printed: 市商务局, 分管副市长, 秘书五科, 李科员
    short_name @text NOT NULL,       -- '' or the usual short form
    category @text NOT NULL,         -- units: 部门 区市县 园区 国企 中省驻市单位; '' otherwise
    ord @int NOT NULL,               -- the official order within its kind; every list and print sorts by it
    active @flag NOT NULL,
    PRIMARY KEY (office_id, id)
) @key_order_end;
CREATE INDEX party_order ON party (office_id, kind, ord, id);
CREATE UNIQUE INDEX party_name ON party (office_id, kind, name);

CREATE TABLE party_alias (           -- other writings of a name, so that pasted text and sheets find their unit
    office_id @id NOT NULL,
    name @text NOT NULL,
    party_id @id NOT NULL,
    PRIMARY KEY (office_id, name)
) @key_order_end;

CREATE TABLE member (                -- people who log in, and the built-in 'console' that commands act as
    office_id @id NOT NULL,
    id @id NOT NULL,
    login @text NOT NULL,            -- [a-z0-9._-]{1,32}
    name @text NOT NULL,             -- 张科长: a title, as it stands in histories
    roles @int NOT NULL,             -- bits of enum role
    party_id @id NOT NULL,           -- this person's own party; its ord is the person's place in lists
    home_id @id NOT NULL,            -- the section, unit or leader's party the person belongs to
    password @text,                  -- Argon2id in PHC form; NULL: cannot log in with a password
    must_change @flag NOT NULL,
    phone @bytes,                    -- sealed
    phone_digest @bytes,
    lang @text NOT NULL,             -- 'zh' or 'en'
    failed @int NOT NULL,            -- wrong passwords since the last right one
    locked_until @instant,
    disabled @flag NOT NULL,
    created_at @instant NOT NULL,
    PRIMARY KEY (office_id, id)
) @key_order_end;
CREATE UNIQUE INDEX member_login ON member (office_id, login);
CREATE INDEX member_home ON member (office_id, home_id);

CREATE TABLE seat (                  -- whose matters a person sees: own parties, and others as a deputy from-to
    office_id @id NOT NULL,
    member_id @id NOT NULL,
    party_id @id NOT NULL,
    deputy_of @id NOT NULL,          -- 0: own seat; else the member represented
    from_day @day NOT NULL,
    to_day @day NOT NULL,            -- inclusive
    PRIMARY KEY (office_id, member_id, party_id, deputy_of, from_day)
) @key_order_end;

CREATE TABLE session (
    office_id @id NOT NULL,
    digest @bytes NOT NULL,          -- SHA-256 of the secret in the cookie
    member_id @id NOT NULL,
    csrf @text NOT NULL,
    created_at @instant NOT NULL,
    seen_at @instant NOT NULL,       -- refreshed at most every ten minutes
    expires_at @instant NOT NULL,
    agent @text NOT NULL,
    PRIMARY KEY (office_id, digest)
) @table_end;
CREATE INDEX session_member ON session (office_id, member_id);
CREATE INDEX session_expires ON session (office_id, expires_at);

CREATE TABLE token (                 -- API tokens and device passwords: random, stored as SHA-256
    office_id @id NOT NULL,
    id @id NOT NULL,
    member_id @id NOT NULL,
    name @text NOT NULL,
    device @flag NOT NULL,
    digest @bytes NOT NULL,
    created_at @instant NOT NULL,
    revoked_at @instant,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX token_digest ON token (office_id, digest);

CREATE TABLE setting (
    office_id @id NOT NULL,
    name @text NOT NULL,
    value @text NOT NULL,
    PRIMARY KEY (office_id, name)
) @key_order_end;
