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

CREATE TABLE sheet_known (           -- what taking a sheet taught
    office_id @id NOT NULL,
    what @text NOT NULL,             -- 'head': how a head was read, by the names of its columns; 'rows': new rows that were registered, by their texts
    digest @text NOT NULL,
    plan @text NOT NULL,             -- of a head, JSON: the mapping, and what rows that do not say have
    name @text NOT NULL,             -- of rows: the file's
    n_new @int NOT NULL,             -- of rows: how many
    at @instant NOT NULL,            -- the last time
    member_id @id NOT NULL,
    PRIMARY KEY (office_id, what, digest)
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
