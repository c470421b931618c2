-- Sheets in and out: further columns that entries brought along, what a head meant to this office, sheets laid before somebody, and sheets that were taken.

CREATE TABLE sheet_column (          -- a column that the ledger has no field for, by the name it had
    office_id @id NOT NULL,
    id @id NOT NULL,
    name @text NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX sheet_column_name ON sheet_column (office_id, name);

CREATE TABLE sheet_cell (            -- what stands in it for an entry; never empty
    office_id @id NOT NULL,
    entry_id @id NOT NULL,
    column_id @id NOT NULL,
    value @text NOT NULL,
    PRIMARY KEY (office_id, entry_id, column_id)
) @key_order_end;

CREATE TABLE sheet_head (            -- how a head was read when a sheet with it was last taken
    office_id @id NOT NULL,
    digest @text NOT NULL,           -- of the names of its columns, in their order
    plan @text NOT NULL,             -- JSON: the mapping, and what rows that do not say have
    at @instant NOT NULL,
    member_id @id NOT NULL,
    PRIMARY KEY (office_id, digest)
) @table_end;

CREATE TABLE sheet_upload (          -- laid before one member, who looks at it, corrects the mapping, and takes it or not; gone after a day
    office_id @id NOT NULL,
    id @id NOT NULL,
    member_id @id NOT NULL,
    at @instant NOT NULL,
    name @text NOT NULL,             -- of the file
    sha256 @bytes NOT NULL,          -- the blob
    plan @text NOT NULL,             -- '' until the member said something
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX sheet_upload_at ON sheet_upload (office_id, at, id);

CREATE TABLE sheet_taken (           -- new rows that were registered from a sheet: the same rows again are a slip
    office_id @id NOT NULL,
    digest @text NOT NULL,           -- of the new rows' texts, in their order
    at @instant NOT NULL,
    member_id @id NOT NULL,
    name @text NOT NULL,
    n_new @int NOT NULL,
    PRIMARY KEY (office_id, digest)
) @table_end;
