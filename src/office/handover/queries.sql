-- What an officer has in hand: through the officer's own party, so that the cost is the officer's matters and nobody else's.
-- query handover_open many
-- in  office_id @id, party_id @id, section_id @id, officer_id @id, unit_id @id, list_id @id, max @int
-- out handover_line_row: id @id, number @text, title @text, state @text, reading @flag, due @instant?, lead @text?, requirement @text, version @int,
--     officer_id @id?
SELECT e.id, e.number, e.title, e.state, e.reading, e.due, u.name, e.requirement, e.version, e.officer_id
FROM stand s
    JOIN entry e ON e.office_id = s.office_id AND e.id = s.entry_id
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
WHERE s.office_id = $1 AND s.party_id = $2 AND s.open = 1 AND e.section_id = $3 AND e.officer_id = $4 AND ($5 = 0 OR e.lead_id = $5)
    AND ($6 = 0 OR EXISTS (SELECT 1 FROM entry_list x WHERE x.office_id = e.office_id AND x.entry_id = e.id AND x.list_id = $6))
ORDER BY s.due, e.id LIMIT $7;

-- The entries of a handover as they stand now, by deadline, of a section's.
-- query handover_lines many
-- in  office_id @id, party_id @id, handover_id @id
-- out handover_sheet_row: id @id, number @text, title @text, state @text, reading @flag, due @instant?, lead @text?, requirement @text, version @int,
--     officer_id @id?, was @int
SELECT e.id, e.number, e.title, e.state, e.reading, e.due, u.name, e.requirement, e.version, e.officer_id, h.version
FROM handover_entry h
    JOIN stand s ON s.office_id = h.office_id AND s.entry_id = h.entry_id
    JOIN entry e ON e.office_id = h.office_id AND e.id = h.entry_id
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
WHERE h.office_id = $1 AND s.party_id = $2 AND h.handover_id = $3
ORDER BY s.due, e.id;

-- query handover_insert exec
-- in  office_id @id, id @id, section_id @id, from_id @id, to_id @id, by_id @id, deputy_of @id, at @instant, reason @text, entries @int, reverses @id?
INSERT INTO handover (office_id, id, section_id, from_id, to_id, by_id, deputy_of, at, reason, entries, reverses, reversed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL);

-- query handover_entry_insert exec
-- in  office_id @id, handover_id @id, entry_id @id, version @int
INSERT INTO handover_entry (office_id, handover_id, entry_id, version) VALUES ($1, $2, $3, $4);

-- query handover_mark_reversed exec
-- in  office_id @id, id @id, by @id
UPDATE handover SET reversed_by = $3 WHERE office_id = $1 AND id = $2;

-- query handover_by_id one
-- in  office_id @id, id @id
-- out handover_row: id @id, section_id @id, from_id @id, to_id @id, by_id @id, at @instant, reason @text, entries @int, reverses @id?, reversed_by @id?,
--     from_login @text, from_name @text, to_login @text, to_name @text, by_name @text?, lender @text?
SELECT h.id, h.section_id, h.from_id, h.to_id, h.by_id, h.at, h.reason, h.entries, h.reverses, h.reversed_by, f.login, f.name, t.login, t.name, b.name, d.name
FROM handover h
    JOIN member f ON f.office_id = h.office_id AND f.id = h.from_id
    JOIN member t ON t.office_id = h.office_id AND t.id = h.to_id
    LEFT JOIN member b ON b.office_id = h.office_id AND b.id = h.by_id
    LEFT JOIN member d ON d.office_id = h.office_id AND d.id = h.deputy_of
WHERE h.office_id = $1 AND h.id = $2;

-- A section's, the newest first.
-- query handover_of_section many
-- in  office_id @id, section_id @id, max @int
-- out handover_row
SELECT h.id, h.section_id, h.from_id, h.to_id, h.by_id, h.at, h.reason, h.entries, h.reverses, h.reversed_by, f.login, f.name, t.login, t.name, b.name, d.name
FROM handover h
    JOIN member f ON f.office_id = h.office_id AND f.id = h.from_id
    JOIN member t ON t.office_id = h.office_id AND t.id = h.to_id
    LEFT JOIN member b ON b.office_id = h.office_id AND b.id = h.by_id
    LEFT JOIN member d ON d.office_id = h.office_id AND d.id = h.deputy_of
WHERE h.office_id = $1 AND h.section_id = $2 ORDER BY h.id DESC LIMIT $3;
