-- Unit overviews (versioned text) and basic data (indicator × period × unit).

CREATE TABLE overview (              -- each unit's newest version once more, so that a list of units walks nothing else
    office_id @id NOT NULL,
    unit_id @id NOT NULL,
    n @int NOT NULL,
    at @instant NOT NULL,
    member_id @id NOT NULL,
    why @text NOT NULL,
    restored @int NOT NULL,
    chars @int NOT NULL,
    body @text NOT NULL,
    PRIMARY KEY (office_id, unit_id)
) @table_end;

CREATE TABLE overview_version (      -- every save; never changed
    office_id @id NOT NULL,
    unit_id @id NOT NULL,
    n @int NOT NULL,                 -- 1, 2, … within the unit
    at @instant NOT NULL,
    member_id @id NOT NULL,
    why @text NOT NULL,
    restored @int NOT NULL,          -- the version whose text this is again; 0
    chars @int NOT NULL,
    body @text NOT NULL,
    PRIMARY KEY (office_id, unit_id, n)
) @table_end;

CREATE TABLE indicator (
    office_id @id NOT NULL,
    id @id NOT NULL,
    name @text NOT NULL,
    measure @text NOT NULL,          -- 亿元, %, 户
    every @text NOT NULL,            -- 'month' 'quarter' 'year'
    source_id @id,                   -- the unit that reports it
    decimals @int NOT NULL,          -- shown and accepted: 0 … 6; never fewer than before
    cumulative @flag NOT NULL,       -- values run from the year's beginning
    ord @int NOT NULL,
    active @flag NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE UNIQUE INDEX indicator_name ON indicator (office_id, name);

CREATE TABLE indicator_value (       -- as it stands
    office_id @id NOT NULL,
    indicator_id @id NOT NULL,
    unit_id @id NOT NULL,            -- 0: the whole
    period @int NOT NULL,            -- year * 100 + its last month: 202203 is March, the first quarter by what the indicator is
    value @int,                      -- in millionths, exact; NULL: taken back
    note @text NOT NULL,
    n @int NOT NULL,                 -- changes so far
    PRIMARY KEY (office_id, indicator_id, unit_id, period)
) @key_order_end;

CREATE TABLE indicator_change (      -- every entry and correction
    office_id @id NOT NULL,
    indicator_id @id NOT NULL,
    unit_id @id NOT NULL,
    period @int NOT NULL,
    n @int NOT NULL,
    at @instant NOT NULL,
    member_id @id NOT NULL,
    old @int,
    new @int,
    note @text NOT NULL,
    why @text NOT NULL,
    PRIMARY KEY (office_id, indicator_id, unit_id, period, n)
) @key_order_end;
