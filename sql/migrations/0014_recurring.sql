-- Recurring matters: templates, and the occurrences that were registered.

CREATE TABLE recurring (
    office_id @id NOT NULL,
    id @id NOT NULL,
    section_id @id NOT NULL,
    kind @text NOT NULL,             -- of the entry: 'document' 'meeting' 'affair'
    title @text NOT NULL,            -- with {month}, {period} …
    source @text NOT NULL,
    requirement @text NOT NULL,
    lead_id @id NOT NULL,            -- party
    assists @text NOT NULL,          -- parties: '12;15'
    leader_id @id,
    officer_id @id,                  -- member
    lists @text NOT NULL,
    urgency @text NOT NULL,
    phrase @text NOT NULL,           -- 每月5日前, as written
    rule @text NOT NULL,             -- as calendar/recur.h writes it, with the move off rest days
    lead_days @int NOT NULL,         -- registered that many working days before the deadline
    first_day @day NOT NULL,         -- occurrences from this day on …
    last_day @day,                   -- … to this one, inclusive
    paused @flag NOT NULL,
    since @instant NOT NULL,         -- saved, resumed: what should have come before it is not late
    last_key @day NOT NULL,          -- occurrences up to this key are done
    last_minute @int NOT NULL,
    version @int NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;

CREATE TABLE recurring_made (        -- each occurrence once
    office_id @id NOT NULL,
    recurring_id @id NOT NULL,
    key @day NOT NULL,               -- the day that the rule names
    minute @int NOT NULL,
    entry_id @id,                    -- NULL: passed over, with those before it
    at @instant NOT NULL,
    late @flag NOT NULL,             -- 补登: registered after the day it should have been
    passed @int NOT NULL,            -- of a row without an entry: how many were passed over
    PRIMARY KEY (office_id, recurring_id, key, minute)
) @key_order_end;
CREATE INDEX recurring_made_entry ON recurring_made (office_id, entry_id) WHERE entry_id IS NOT NULL;
