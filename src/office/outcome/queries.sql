-- query outcome_insert exec
-- in  office_id @id, id @id, entry_id @id, day @day, key @text, n @int, label @text
INSERT INTO outcome (office_id, id, entry_id, day, key, n, label) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- query outcome_of_entry many
-- in  office_id @id, entry_id @id
-- out id @id, day @day, key @text, n @int, label @text
SELECT id, day, key, n, label FROM outcome WHERE office_id = $1 AND entry_id = $2 ORDER BY day, id;

-- The rows of a key between two days, with the entry they belong to.
-- query outcome_rows many
-- in  office_id @id, key @text, from_day @day, to_day @day
-- out outcome_row: entry_id @id, number @text, title @text, role @text, day @day, n @int, label @text
-- whole office: the rows behind a figure of the summary
SELECT o.entry_id, e.number, e.title, e.role, o.day, o.n, o.label
FROM outcome o JOIN entry e ON e.office_id = o.office_id AND e.id = o.entry_id
WHERE o.office_id = $1 AND o.key = $2 AND o.day >= $3 AND o.day <= $4 ORDER BY o.day, o.id;

-- query outcome_labels many
-- in  office_id @id, key @text, from_day @day, to_day @day
-- out label @text
SELECT DISTINCT label FROM outcome WHERE office_id = $1 AND key = $2 AND day >= $3 AND day <= $4 AND label <> '' ORDER BY label;
