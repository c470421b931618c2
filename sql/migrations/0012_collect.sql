-- 收表汇总: what is asked of units, round by round, and what they answered.

CREATE TABLE collect (
    office_id @id NOT NULL,
    id @id NOT NULL,
    section_id @id NOT NULL,         -- the section that keeps it
    entry_id @id,                    -- what it was asked for
    title @text NOT NULL,
    about @text NOT NULL,
    every @text NOT NULL,            -- a recurrence (calendar/recur.h); '' for once
    ahead @int NOT NULL,             -- a round opens that many days before its own
    many @int NOT NULL,              -- 0: one row for each unit; else at most so many
    zero @flag NOT NULL,             -- 零报告 is allowed
    ended @flag NOT NULL,
    form @int NOT NULL,              -- version of the blank for the next round
    rounds @int NOT NULL,            -- rounds opened so far
    newest @day NOT NULL,            -- the newest round's day: lists show what moves first
    version @int NOT NULL,
    created_by @id NOT NULL,
    created_at @instant NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX collect_newest ON collect (office_id, newest, id);
CREATE INDEX collect_entry ON collect (office_id, entry_id, id) WHERE entry_id IS NOT NULL;

CREATE TABLE collect_form (          -- the blank as text, never changed: a round keeps the one it began with
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    n @int NOT NULL,
    body @text NOT NULL,
    PRIMARY KEY (office_id, collect_id, n)
) @key_order_end;

CREATE TABLE collect_unit (          -- who is asked in the next round
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    party_id @id NOT NULL,
    PRIMARY KEY (office_id, collect_id, party_id)
) @key_order_end;

CREATE TABLE collect_round (
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    n @int NOT NULL,
    id @id NOT NULL,                 -- what sealed cells are bound to
    section_id @id NOT NULL,
    form @int NOT NULL,
    key_day @day NOT NULL,           -- the day that the rule names: a round is opened once
    day @day NOT NULL,               -- after a move off rest days
    opened_at @instant NOT NULL,
    due @instant NOT NULL,
    sent @flag NOT NULL,
    sheets @int NOT NULL,
    asked @int NOT NULL,             -- = answered + zero + missing
    answered @int NOT NULL,
    zero @int NOT NULL,
    PRIMARY KEY (office_id, collect_id, n)
) @key_order_end;
CREATE UNIQUE INDEX collect_round_key ON collect_round (office_id, collect_id, key_day);
CREATE INDEX collect_round_due ON collect_round (office_id, section_id, due, collect_id, n) WHERE sent = 0;

CREATE TABLE collect_answer (
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    round @int NOT NULL,
    party_id @id NOT NULL,
    state @text NOT NULL,            -- 'asked' 'draft' 'answered' 'returned' 'accepted'
    zero @flag NOT NULL,
    late @flag NOT NULL,
    reopened @flag NOT NULL,
    waits @flag NOT NULL,            -- for the unit's hand
    due @instant NOT NULL,           -- the round's
    rev @int NOT NULL,
    n @int NOT NULL,                 -- versions
    first_at @instant,
    at @instant,
    reason @text NOT NULL,
    urged @int NOT NULL,
    urged_at @instant,
    zeros @int NOT NULL,             -- zero reports in a row, this one included
    warned @int NOT NULL,
    draft @text,                     -- what was saved and not sent; NULL: none
    PRIMARY KEY (office_id, collect_id, round, party_id)
) @key_order_end;
CREATE INDEX collect_answer_waits ON collect_answer (office_id, party_id, due, collect_id, round) WHERE waits = 1;
CREATE INDEX collect_answer_due ON collect_answer (office_id, party_id, due, collect_id, round);

CREATE TABLE collect_version (       -- never changed
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    round @int NOT NULL,
    party_id @id NOT NULL,
    n @int NOT NULL,
    at @instant NOT NULL,
    actor_id @id NOT NULL,
    deputy_of @id NOT NULL,
    said_by @text NOT NULL,          -- 代录: whose words
    zero @flag NOT NULL,
    late @flag NOT NULL,
    correction @flag NOT NULL,       -- 更正: after the round was sent up
    reason @text NOT NULL,
    body @text NOT NULL,             -- rows of cells, personal ones sealed
    PRIMARY KEY (office_id, collect_id, round, party_id, n)
) @key_order_end;

CREATE TABLE collect_act (           -- what else was done: urged, returned, accepted, opened again, sent up, unmasked
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    round @int NOT NULL,
    journal_seq @int NOT NULL,
    party_id @id NOT NULL,           -- 0: the round
    at @instant NOT NULL,
    actor_id @id NOT NULL,
    deputy_of @id NOT NULL,
    verb @text NOT NULL,
    n @int NOT NULL,                 -- how many it reached
    text @text NOT NULL,
    PRIMARY KEY (office_id, collect_id, round, journal_seq)
) @key_order_end;

CREATE TABLE collect_sheet (         -- what was sent up, as it was
    office_id @id NOT NULL,
    collect_id @id NOT NULL,
    round @int NOT NULL,
    n @int NOT NULL,                 -- from 2: 更正
    at @instant NOT NULL,
    actor_id @id NOT NULL,
    deputy_of @id NOT NULL,
    sent_to @text NOT NULL,
    sha256 @text NOT NULL,           -- of body, hexadecimal
    body @text NOT NULL,             -- csv
    PRIMARY KEY (office_id, collect_id, round, n)
) @key_order_end;
