-- The store's own tables. Types are named by meaning (@id @int @instant @day @text @bytes @flag) and mapped to each engine by
-- tools/sqlc; @table_end closes a table (STRICT on SQLite), @key_order_end one that
-- is kept in the order of its key. Every key begins with office_id; office 0 holds what all share.

CREATE TABLE office (
    id @id PRIMARY KEY,
    code @text NOT NULL UNIQUE,
    name @text NOT NULL,
    next_id @id NOT NULL,            -- the next id of any entity of this office
    journal_seq @int NOT NULL,       -- the journal's head: sequence of the last line, 0 when empty
    journal_hash @bytes NOT NULL,    -- and its hash
    batches @int NOT NULL,           -- batches committed: tells whether a COMMIT whose answer was lost happened
    created_at @instant NOT NULL
) @table_end;

CREATE TABLE series (                -- gapless numbers: last number given, per office, kind and year
    office_id @id NOT NULL,
    kind @text NOT NULL,
    year @int NOT NULL,
    last @int NOT NULL,
    PRIMARY KEY (office_id, kind, year)
) @key_order_end;

CREATE TABLE journal (
    office_id @id NOT NULL,
    seq @int NOT NULL,
    at @instant NOT NULL,
    day @day NOT NULL,
    actor_id @id NOT NULL,
    deputy_of @id NOT NULL,          -- 0: acted in person
    entity @text NOT NULL,
    entity_id @id NOT NULL,
    verb @text NOT NULL,
    before @text NOT NULL,
    after @text NOT NULL,
    suite @int NOT NULL,
    hash @bytes NOT NULL,
    PRIMARY KEY (office_id, seq)
) @key_order_end;

CREATE TABLE data_key (              -- data keys of personal fields, wrapped by the master key outside the database
    office_id @id NOT NULL,
    id @id NOT NULL,
    scope @text NOT NULL,            -- 'office' or 'operation:ID'
    suite @int NOT NULL,
    wrapped @bytes,                  -- NULL: destroyed, what it sealed is erased
    created_at @instant NOT NULL,
    destroyed_at @instant,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX data_key_scope ON data_key (office_id, scope) WHERE wrapped IS NOT NULL;

CREATE TABLE blob (
    office_id @id NOT NULL,
    sha256 @bytes NOT NULL,
    size @int NOT NULL,
    refs @int NOT NULL,
    created_at @instant NOT NULL,
    complete @flag NOT NULL,         -- all parts are there
    PRIMARY KEY (office_id, sha256)
) @table_end;
CREATE INDEX blob_orphan ON blob (office_id, created_at) WHERE refs = 0;

CREATE TABLE blob_part (
    office_id @id NOT NULL,
    sha256 @bytes NOT NULL,
    n @int NOT NULL,
    bytes @bytes NOT NULL,
    PRIMARY KEY (office_id, sha256, n)
) @table_end;

CREATE TABLE idempotency (           -- answers already given, so that a repeated POST is not done twice
    office_id @id NOT NULL,
    user_id @id NOT NULL,
    key_digest @bytes NOT NULL,
    request_digest @bytes NOT NULL,  -- the same key with another request is refused
    at @instant NOT NULL,
    status @int NOT NULL,
    head @text NOT NULL,             -- further lines of the answer's head: Location, ETag
    body @text NOT NULL,
    PRIMARY KEY (office_id, user_id, key_digest)
) @table_end;
CREATE INDEX idempotency_at ON idempotency (office_id, at);
