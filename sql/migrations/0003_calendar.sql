-- Days that differ from the built-in official table: imported notices (office 0) and an office's own days.
CREATE TABLE calendar_day (
    office_id @id NOT NULL,
    day @day NOT NULL,
    kind @text NOT NULL,             -- 'holiday' 'makeup-workday'
    name @text NOT NULL,
    year @int NOT NULL,              -- the arrangement's year
    source @text NOT NULL,           -- document number or reason
    PRIMARY KEY (office_id, day)
) @table_end;

CREATE TABLE calendar_year (         -- years covered by an imported notice
    office_id @id NOT NULL,
    year @int NOT NULL,
    source @text NOT NULL,
    imported_at @instant NOT NULL,
    imported_by @id NOT NULL,
    PRIMARY KEY (office_id, year)
) @table_end;
