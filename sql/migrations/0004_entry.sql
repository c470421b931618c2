-- The ledger: every document, meeting and affair with its source, requirement, deadline and lead unit.

CREATE TABLE list (                  -- the lists an entry can be on (四张清单 and further ones)
    office_id @id NOT NULL,
    id @id NOT NULL,
    name @text NOT NULL,
    ord @int NOT NULL,
    active @flag NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX list_name ON list (office_id, name);

CREATE TABLE entry (
    office_id @id NOT NULL,
    id @id NOT NULL,                 -- ids grow with registration, so id order is the order of registration
    number @text NOT NULL,           -- 文2022-0001
    kind @text NOT NULL,             -- 'document' 'meeting' 'affair'
    reading @flag NOT NULL,          -- 阅件: needs no deadline and no unit, counts in no movement
    state @text NOT NULL,            -- 'pending' 'active' 'returned' 'review' 'settled' 'archived' 'suspended' 'withdrawn'
    section_id @id NOT NULL,         -- the section that keeps it
    title @text NOT NULL,
    source @text NOT NULL,
    requirement @text NOT NULL,
    received_at @instant NOT NULL,
    day @day NOT NULL,               -- the day registration counts for
    due @instant,                    -- ours: exclusive end of the inclusive reading
    unit_due @instant,               -- the unit's, earlier
    no_deadline_reason @text NOT NULL,
    lead_id @id,                     -- party: a unit, or the section itself
    officer_id @id,                  -- member
    leader_id @id,                   -- party of kind leader
    urgency @text NOT NULL,          -- '' 特急 加急 特提 平急
    progress @text NOT NULL,         -- 未启动 正常推进 滞后 阶段性完成 已完成 长期坚持
    genre @text NOT NULL,
    role @text NOT NULL,             -- 'drafted;reviewed', a set
    instruction @flag NOT NULL,      -- came from a leader's instruction: strike-off needs the leader's word
    parent_id @id,
    open_parts @int NOT NULL,        -- parts (分解) not yet settled or withdrawn
    result @text NOT NULL,
    paper_where @text NOT NULL,      -- 纸质原件现在何处
    paper_out_at @instant,
    paper_back_at @instant,
    contact @bytes,                  -- sealed: who called or asked, and the telephone
    asked_due @instant,              -- an extension asked for and not yet answered
    settled_day @day,
    late @flag NOT NULL,             -- settled after the deadline
    look_back_day @day,              -- 长期坚持: the yearly look-back
    last_day @day NOT NULL,          -- the latest day any act counts for; no act may count for an earlier one
    carried @int NOT NULL,           -- month closings that carried it
    version @int NOT NULL,           -- grows with every act; the ETag
    created_by @id NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX entry_number ON entry (office_id, number);
CREATE INDEX entry_parent ON entry (office_id, parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX entry_settled ON entry (office_id, settled_day, id) WHERE settled_day IS NOT NULL;
CREATE INDEX entry_day ON entry (office_id, day, id);

CREATE TABLE deadline (              -- how a deadline came about; entry.due and entry.unit_due are its results
    office_id @id NOT NULL,
    entry_id @id NOT NULL,
    whose @text NOT NULL,            -- 'ours' 'unit'
    phrase @text NOT NULL,           -- as written
    anchor @instant,
    kind @text NOT NULL,             -- 'instant' 'date'
    due @instant NOT NULL,
    strict @instant NOT NULL,        -- the strict reading's end, for last bells
    counted @text NOT NULL,          -- 'calendar' 'working' 'given'
    edition @text NOT NULL,          -- the working calendar's edition used
    confirmed_by @id,
    PRIMARY KEY (office_id, entry_id, whose)
) @key_order_end;

CREATE TABLE assist (
    office_id @id NOT NULL,
    entry_id @id NOT NULL,
    party_id @id NOT NULL,
    PRIMARY KEY (office_id, entry_id, party_id)
) @key_order_end;

CREATE TABLE entry_list (
    office_id @id NOT NULL,
    entry_id @id NOT NULL,
    list_id @id NOT NULL,
    PRIMARY KEY (office_id, entry_id, list_id)
) @key_order_end;
CREATE INDEX entry_list_list ON entry_list (office_id, list_id, entry_id);

-- Who sees what. Kept in the entry's own transaction; open, reading and due are copies from the entry, so that a party's lists cost what they show.
CREATE TABLE stand (
    office_id @id NOT NULL,
    party_id @id NOT NULL,
    entry_id @id NOT NULL,
    open @flag NOT NULL,             -- not settled, archived or withdrawn
    reading @flag NOT NULL,
    state @text NOT NULL,
    due @instant NOT NULL,           -- entry.due, for lead and assisting units entry.unit_due where there is one; 9223372036854775807 for none
    PRIMARY KEY (office_id, party_id, entry_id)
) @key_order_end;
CREATE INDEX stand_due ON stand (office_id, party_id, open, reading, due, entry_id);
-- All that a list asks of stand, or SQLite would rather read a party's whole table backwards than look up what is missing here.
CREATE INDEX stand_state ON stand (office_id, party_id, state, entry_id, due, open, reading);

CREATE TABLE act (                   -- the history of an entry as it is shown; each has its journal line
    office_id @id NOT NULL,
    entry_id @id NOT NULL,
    n @int NOT NULL,                 -- 1, 2, … within the entry
    journal_seq @int NOT NULL,
    at @instant NOT NULL,
    day @day NOT NULL,
    actor_id @id NOT NULL,           -- member
    deputy_of @id NOT NULL,
    verb @text NOT NULL,
    recorded_for @text NOT NULL,     -- 代录: whose words these are
    from_state @text NOT NULL,
    to_state @text NOT NULL,
    text @text NOT NULL,
    change @text NOT NULL,           -- what else changed, JSON of before and after: unit, officer, deadline …
    corrects @int NOT NULL,          -- 更正: n of the act it corrects, 0 otherwise
    PRIMARY KEY (office_id, entry_id, n)
) @key_order_end;
