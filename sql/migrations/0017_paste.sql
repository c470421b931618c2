-- What was pasted, and which entries came of it (来自粘贴).

CREATE TABLE paste (
    office_id @id NOT NULL,
    id @id NOT NULL,
    nonce @text NOT NULL,            -- of the form: pressed twice it registers once
    text @text NOT NULL,             -- without contacts: those are sealed in their entry
    digest @bytes NOT NULL,          -- SM3 of the text as kept
    created_by @id NOT NULL,
    at @instant NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX paste_nonce ON paste (office_id, nonce);

CREATE TABLE paste_entry (
    office_id @id NOT NULL,
    entry_id @id NOT NULL,
    paste_id @id NOT NULL,
    number @text NOT NULL,           -- of the entry; never changes
    document_number @text NOT NULL,  -- 某办发〔2022〕5号, or ''
    PRIMARY KEY (office_id, entry_id)
) @key_order_end;
CREATE INDEX paste_entry_paste ON paste_entry (office_id, paste_id, entry_id);
CREATE INDEX paste_entry_document ON paste_entry (office_id, document_number, entry_id) WHERE document_number <> '';
