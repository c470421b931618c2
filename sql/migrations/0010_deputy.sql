-- Who stands in for whom from a day to a day, and who took over whose matters. The rights themselves are rows of seat.

CREATE TABLE deputy (
    office_id @id NOT NULL,
    id @id NOT NULL,
    member_id @id NOT NULL,          -- who stands in
    for_id @id NOT NULL,             -- for whom
    from_day @day NOT NULL,
    to_day @day NOT NULL,            -- inclusive, as it was agreed
    scope @text NOT NULL,            -- 'all' seats of the other, or 'own': only what is the other's in person
    note @text NOT NULL,
    made_by @id NOT NULL,
    made_at @instant NOT NULL,
    ended_by @id,                    -- ended early
    ended_at @instant,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX deputy_to ON deputy (office_id, to_day, id);

CREATE TABLE handover (              -- 交接: open matters of one officer become another's, in one act
    office_id @id NOT NULL,
    id @id NOT NULL,
    section_id @id NOT NULL,
    from_id @id NOT NULL,            -- members
    to_id @id NOT NULL,
    by_id @id NOT NULL,
    deputy_of @id NOT NULL,
    at @instant NOT NULL,
    reason @text NOT NULL,
    entries @int NOT NULL,
    reverses @id,                    -- 交回: the handover it takes back
    reversed_by @id,                 -- and the one that took this back
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX handover_section ON handover (office_id, section_id, id);

CREATE TABLE handover_entry (
    office_id @id NOT NULL,
    handover_id @id NOT NULL,
    entry_id @id NOT NULL,
    version @int NOT NULL,           -- of the entry after the handover's act: what nobody touched since may be handed back
    PRIMARY KEY (office_id, handover_id, entry_id)
) @key_order_end;
