-- Lists with columns of their own, lists by a saved query, views of the ledger, and what a bulk edit changed.

ALTER TABLE list ADD COLUMN query @text;     -- the conditions whose result is the list, as an address of the ledger says them; NULL: kept by hand (entry_list)

-- The ledger of leaders' instructions: few among many, asked for whole and by leader.
CREATE INDEX entry_instruction ON entry (office_id, id) WHERE instruction = 1;
-- What few entries bear, so that asking for it does not read the others.
CREATE INDEX entry_urgency ON entry (office_id, urgency, id) WHERE urgency <> '';
CREATE INDEX entry_progress ON entry (office_id, progress, id) WHERE progress <> '';
CREATE INDEX entry_carried ON entry (office_id, id) WHERE carried > 0;

CREATE TABLE list_column (
    office_id @id NOT NULL,
    list_id @id NOT NULL,
    id @id NOT NULL,
    name @text NOT NULL,
    type @text NOT NULL,             -- 'text' 'number' 'day' 'choice'
    choices @text NOT NULL,          -- of 'choice': the words, with ';' between
    ord @int NOT NULL,
    active @flag NOT NULL,           -- 0: retired; its values stay
    PRIMARY KEY (office_id, list_id, id)
) @key_order_end;

CREATE TABLE list_value (            -- what a list's own column says about an entry; no row: nothing
    office_id @id NOT NULL,
    list_id @id NOT NULL,
    entry_id @id NOT NULL,
    column_id @id NOT NULL,
    value @text NOT NULL,            -- as it is shown: 12.5, 2022-05-09, the text or word
    PRIMARY KEY (office_id, list_id, entry_id, column_id)
) @key_order_end;

CREATE TABLE saved_view (            -- a view of the ledger: conditions, order, columns
    office_id @id NOT NULL,
    id @id NOT NULL,
    section_id @id NOT NULL,         -- whose members see it when it is shared
    owner_id @id NOT NULL,           -- member
    shared @flag NOT NULL,
    name @text NOT NULL,
    query @text NOT NULL,            -- as the ledger's address says it, with sort and columns
    start @flag NOT NULL,            -- shown where the ledger is opened without conditions; a person's own goes before a shared one
    active @flag NOT NULL,           -- 0: deleted, and can be brought back
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX saved_view_section ON saved_view (office_id, section_id, id);

CREATE TABLE bulk (                  -- one act on many entries
    office_id @id NOT NULL,
    id @id NOT NULL,
    member_id @id NOT NULL,
    at @instant NOT NULL,
    day @day NOT NULL,
    act @text NOT NULL,
    value @text NOT NULL,
    n @int NOT NULL,
    undone @flag NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;

CREATE TABLE bulk_item (
    office_id @id NOT NULL,
    bulk_id @id NOT NULL,
    entry_id @id NOT NULL,
    number @text NOT NULL,
    version @int NOT NULL,           -- of the entry right after: whatever changed it since forbids the undoing
    before @text NOT NULL,           -- what the field held
    PRIMARY KEY (office_id, bulk_id, entry_id)
) @key_order_end;
