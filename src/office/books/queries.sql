-- Unit overviews and basic data. Whoever asks was looked at before: section and leaders see all, a liaison the own unit's.

-- --- overviews ---

-- query overview_head one
-- in  office_id @id, unit_id @id
-- out overview_head_row: n @int
SELECT n FROM overview WHERE office_id = $1 AND unit_id = $2;

-- query overview_version_of one
-- in  office_id @id, unit_id @id, n @int
-- out overview_row: n @int, at @instant, member_id @id, who @text, why @text, restored @int, chars @int, body @text
SELECT v.n, v.at, v.member_id, m.name, v.why, v.restored, v.chars, v.body
FROM overview_version v JOIN member m ON m.office_id = v.office_id AND m.id = v.member_id
WHERE v.office_id = $1 AND v.unit_id = $2 AND v.n = $3;

-- As it stood before an instant.
-- query overview_before one
-- in  office_id @id, unit_id @id, at @instant
-- out overview_row
SELECT v.n, v.at, v.member_id, m.name, v.why, v.restored, v.chars, v.body
FROM overview_version v JOIN member m ON m.office_id = v.office_id AND m.id = v.member_id
WHERE v.office_id = $1 AND v.unit_id = $2 AND v.at < $3 ORDER BY v.n DESC LIMIT 1;

-- Newest first, without the texts.
-- query overview_versions many
-- in  office_id @id, unit_id @id
-- out overview_version_row: n @int, at @instant, member_id @id, who @text, why @text, restored @int, chars @int
SELECT v.n, v.at, v.member_id, m.name, v.why, v.restored, v.chars
FROM overview_version v JOIN member m ON m.office_id = v.office_id AND m.id = v.member_id
WHERE v.office_id = $1 AND v.unit_id = $2 ORDER BY v.n DESC LIMIT 500;

-- The newest of each unit.
-- query overview_heads many
-- in  office_id @id
-- out overview_of_row: unit_id @id, n @int, at @instant, who @text, why @text, chars @int
SELECT o.unit_id, o.n, o.at, m.name, o.why, o.chars
FROM overview o JOIN member m ON m.office_id = o.office_id AND m.id = o.member_id
-- whole office: one row of each unit
WHERE o.office_id = $1;

-- query overview_texts each
-- in  office_id @id
-- out overview_text_row: unit_id @id, body @text
SELECT unit_id, body FROM overview
-- whole office: words are looked for in the newest text of each unit
WHERE office_id = $1;

-- query overview_version_add exec
-- in  office_id @id, unit_id @id, n @int, at @instant, member_id @id, why @text, restored @int, chars @int, body @text
INSERT INTO overview_version (office_id, unit_id, n, at, member_id, why, restored, chars, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- query overview_put exec
-- in  overview_version_add_in
INSERT INTO overview (office_id, unit_id, n, at, member_id, why, restored, chars, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (office_id, unit_id) DO UPDATE SET n = excluded.n, at = excluded.at, member_id = excluded.member_id, why = excluded.why,
    restored = excluded.restored, chars = excluded.chars, body = excluded.body;

-- --- indicators ---

-- query indicators many
-- in  office_id @id
-- out indicator_row: id @id, name @text, measure @text, every @text, source_id @id?, source @text?, decimals @int, cumulative @flag, ord @int,
--     active @flag
SELECT i.id, i.name, i.measure, i.every, i.source_id, p.name, i.decimals, i.cumulative, i.ord, i.active
FROM indicator i LEFT JOIN party p ON p.office_id = i.office_id AND p.id = i.source_id
-- whole office: at most 200 of them
WHERE i.office_id = $1 ORDER BY i.ord, i.id LIMIT 1000;

-- query indicator_of one
-- in  office_id @id, id @id
-- out indicator_row
SELECT i.id, i.name, i.measure, i.every, i.source_id, p.name, i.decimals, i.cumulative, i.ord, i.active
FROM indicator i LEFT JOIN party p ON p.office_id = i.office_id AND p.id = i.source_id
WHERE i.office_id = $1 AND i.id = $2;

-- query indicator_by_name one
-- in  office_id @id, name @text
-- out indicator_id_row: id @id
SELECT id FROM indicator WHERE office_id = $1 AND name = $2;

-- query indicator_count one
-- in  office_id @id
-- out indicator_count_row: n @int
SELECT COUNT(*) FROM indicator
-- whole office: at most 200 of them
WHERE office_id = $1;

-- query indicator_put exec
-- in  office_id @id, id @id, name @text, measure @text, every @text, source_id @id?, decimals @int, cumulative @flag, ord @int, active @flag
INSERT INTO indicator (office_id, id, name, measure, every, source_id, decimals, cumulative, ord, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (office_id, id) DO UPDATE SET name = excluded.name, measure = excluded.measure, every = excluded.every, source_id = excluded.source_id,
    decimals = excluded.decimals, cumulative = excluded.cumulative, ord = excluded.ord, active = excluded.active;

-- query indicator_used one
-- in  office_id @id, indicator_id @id
-- out indicator_used_row: period @int
SELECT period FROM indicator_value WHERE office_id = $1 AND indicator_id = $2 LIMIT 1;

-- --- values ---

-- query values_of many
-- in  office_id @id, indicator_id @id, unit_id @id, from_period @int, to_period @int
-- out value_row: period @int, value @int?, note @text, n @int
SELECT period, value, note, n FROM indicator_value
WHERE office_id = $1 AND indicator_id = $2 AND unit_id = $3 AND period >= $4 AND period <= $5 ORDER BY period;

-- query value_of one
-- in  office_id @id, indicator_id @id, unit_id @id, period @int
-- out value_row
SELECT period, value, note, n FROM indicator_value WHERE office_id = $1 AND indicator_id = $2 AND unit_id = $3 AND period = $4;

-- Whose values of an indicator there are: 0 the whole.
-- query value_units many
-- in  office_id @id, indicator_id @id
-- out value_unit_row: unit_id @id
SELECT DISTINCT unit_id FROM indicator_value WHERE office_id = $1 AND indicator_id = $2 ORDER BY unit_id LIMIT 1000;

-- query values_all many
-- in  office_id @id, indicator_id @id
-- out value_all_row: unit_id @id, unit @text?, period @int, value @int?, note @text
SELECT v.unit_id, p.name, v.period, v.value, v.note
FROM indicator_value v LEFT JOIN party p ON p.office_id = v.office_id AND p.id = v.unit_id
WHERE v.office_id = $1 AND v.indicator_id = $2 ORDER BY v.unit_id, v.period;

-- query value_put exec
-- in  office_id @id, indicator_id @id, unit_id @id, period @int, value @int?, note @text, n @int
INSERT INTO indicator_value (office_id, indicator_id, unit_id, period, value, note, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (office_id, indicator_id, unit_id, period) DO UPDATE SET value = excluded.value, note = excluded.note, n = excluded.n;

-- query change_add exec
-- in  office_id @id, indicator_id @id, unit_id @id, period @int, n @int, at @instant, member_id @id, old @int?, new @int?, note @text, why @text
INSERT INTO indicator_change (office_id, indicator_id, unit_id, period, n, at, member_id, old, new, note, why)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- query changes_of many
-- in  office_id @id, indicator_id @id, unit_id @id, period @int
-- out change_row: n @int, at @instant, who @text, old @int?, new @int?, note @text, why @text
SELECT c.n, c.at, m.name, c.old, c.new, c.note, c.why
FROM indicator_change c JOIN member m ON m.office_id = c.office_id AND m.id = c.member_id
WHERE c.office_id = $1 AND c.indicator_id = $2 AND c.unit_id = $3 AND c.period = $4 ORDER BY c.n;
