-- Day and week ticks, month closings, and the movements that prove them.

CREATE TABLE movement (              -- one row for each event and each dimension it moves; never changed
    office_id @id NOT NULL,
    day @day NOT NULL,
    dim @text NOT NULL,              -- 'office' 'list' 'unit' 'officer'
    dim_id @id NOT NULL,             -- 0 for office, and where an entry has no unit or officer
    what @text NOT NULL,             -- 'new' 'reopened' 'in' 'settled' 'withdrawn' 'out'
    id @id NOT NULL,                 -- journal sequence * 64 + running number: grows with time
    kind @text NOT NULL,             -- the entry's kind, for figures by 文 会 事
    late @flag NOT NULL,             -- settled after the deadline
    entry_id @id NOT NULL,
    PRIMARY KEY (office_id, day, dim, dim_id, what, id)
) @key_order_end;

CREATE TABLE entry_was (             -- what an entry to act on was before an act: its state on day D is the first row of a later day, or the entry
    office_id @id NOT NULL,
    day @day NOT NULL,               -- of the act
    entry_id @id NOT NULL,
    n @int NOT NULL,                 -- of the act; days never go back within an entry
    open @flag NOT NULL,
    lead_id @id,
    officer_id @id,
    due @instant,
    lists @text NOT NULL,            -- ids: '12;15'
    PRIMARY KEY (office_id, day, entry_id, n)
) @key_order_end;

CREATE TABLE tick (                  -- 日清, 周清: read and ticked
    office_id @id NOT NULL,
    member_id @id NOT NULL,
    span @text NOT NULL,             -- 'day' 'week'
    day @day NOT NULL,               -- that day, or the Monday of that week
    at @instant NOT NULL,
    PRIMARY KEY (office_id, span, day, member_id)
) @key_order_end;

CREATE TABLE closing (
    office_id @id NOT NULL,
    period @int NOT NULL,            -- 202205
    closed_at @instant NOT NULL,
    closed_by @id NOT NULL,
    journal_seq @int NOT NULL,       -- the journal's head when it was sealed: the line of the closing act itself
    journal_hash @bytes NOT NULL,
    presumed @flag NOT NULL,         -- the working calendar of that month was 推定
    PRIMARY KEY (office_id, period)
) @table_end;

CREATE TABLE closing_figure (        -- frozen
    office_id @id NOT NULL,
    period @int NOT NULL,
    dim @text NOT NULL,
    dim_id @id NOT NULL,
    opening @int NOT NULL,
    added @int NOT NULL,             -- new
    reopened @int NOT NULL,
    moved_in @int NOT NULL,
    settled @int NOT NULL,
    withdrawn @int NOT NULL,
    moved_out @int NOT NULL,
    carried @int NOT NULL,
    PRIMARY KEY (office_id, period, dim, dim_id)
) @key_order_end;

CREATE TABLE closing_carry (
    office_id @id NOT NULL,
    period @int NOT NULL,
    entry_id @id NOT NULL,
    due @instant,                    -- the deadline as it was when the month ended
    overdue @flag NOT NULL,
    reason @text NOT NULL,           -- '未到期' carries by itself and has ''
    PRIMARY KEY (office_id, period, entry_id)
) @table_end;
CREATE INDEX closing_carry_entry ON closing_carry (office_id, entry_id, period);

-- What an entry brought about (成效), counted by the summary until a duty's own records replace it.
CREATE TABLE outcome (
    office_id @id NOT NULL,
    id @id NOT NULL,
    entry_id @id NOT NULL,
    day @day NOT NULL,
    key @text NOT NULL,              -- 'documents.issued.key' 'briefs.submitted.portal' 'dispatch.rooms' …
    n @int NOT NULL,
    label @text NOT NULL,            -- a city, an operation, a project; '' otherwise
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX outcome_key ON outcome (office_id, key, day);
CREATE INDEX outcome_entry ON outcome (office_id, entry_id);
