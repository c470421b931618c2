-- Notes beside an entry (便签), who is mentioned in them, who follows an entry, and what each has not seen yet. None of it changes the entry.

CREATE TABLE note (
    office_id @id NOT NULL,
    id @id NOT NULL,
    entry_id @id NOT NULL,
    author_id @id NOT NULL,
    deputy_of @id NOT NULL,
    at @instant NOT NULL,
    text @text NOT NULL,             -- '' when withdrawn; what was said stays in the journal
    internal @flag NOT NULL,         -- 内部: only the entry's section
    edited_at @instant,
    withdrawn_at @instant,
    withdrawn_by @id,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX note_entry ON note (office_id, entry_id, id);

CREATE TABLE mention (
    office_id @id NOT NULL,
    note_id @id NOT NULL,
    member_id @id NOT NULL,
    PRIMARY KEY (office_id, note_id, member_id)
) @key_order_end;
CREATE INDEX mention_member ON mention (office_id, member_id, note_id);

CREATE TABLE follow (
    office_id @id NOT NULL,
    member_id @id NOT NULL,
    entry_id @id NOT NULL,
    seen_n @int NOT NULL,            -- the entry's last act that was seen
    PRIMARY KEY (office_id, member_id, entry_id)
) @key_order_end;
CREATE INDEX follow_entry ON follow (office_id, entry_id, member_id);

CREATE TABLE news (                  -- what a member has not seen: a mention (note_id), or that a followed entry changed (0); gone when seen
    office_id @id NOT NULL,
    member_id @id NOT NULL,
    entry_id @id NOT NULL,
    note_id @id NOT NULL,
    PRIMARY KEY (office_id, member_id, entry_id, note_id)
) @key_order_end;

CREATE INDEX seat_party ON seat (office_id, party_id, member_id);      -- who sits beside a party: whom a note may mention
