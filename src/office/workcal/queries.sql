-- query workcal_state one
-- in  office_id @id
-- out workcal_state_row: days @int, years @int, first @int, second @int, third @int
-- The rows as a set of (day, kind, whose): its size and three power sums tell one state of the calendar from another.
SELECT COUNT(*), CAST(COALESCE(SUM(year), 0) AS @int), CAST(COALESCE(SUM(mark), 0) AS @int), CAST(COALESCE(SUM(mark * mark), 0) AS @int),
    CAST(COALESCE(SUM((mark % 16000) * (mark % 16000) * (mark % 16000)), 0) AS @int)
FROM (SELECT d.year AS year, d.day * 4 + (CASE d.kind WHEN 'holiday' THEN 0 ELSE 1 END) + (CASE d.office_id WHEN 0 THEN 0 ELSE 2 END) AS mark
    FROM calendar_day d WHERE d.office_id IN ($1, 0)) AS marks;

-- query workcal_years many
-- in  office_id @id
-- out workcal_year_row: year @int, source @text, imported_at @instant
SELECT year, source, imported_at FROM calendar_year WHERE office_id IN ($1, 0) ORDER BY year, office_id;

-- The office's own rows come last, so that they lie over the shared ones.
-- query workcal_days many
-- in  office_id @id
-- out workcal_day_row: office_id @id, day @day, kind @text, name @text, year @int
SELECT office_id, day, kind, name, year FROM calendar_day WHERE office_id IN ($1, 0) ORDER BY office_id, day;

-- query workcal_day_put exec
-- in  office_id @id, day @day, kind @text, name @text, year @int, source @text
INSERT INTO calendar_day (office_id, day, kind, name, year, source) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (office_id, day) DO UPDATE SET kind = excluded.kind, name = excluded.name, year = excluded.year, source = excluded.source;

-- query workcal_year_put exec
-- in  office_id @id, year @int, source @text, imported_at @instant, imported_by @id
INSERT INTO calendar_year (office_id, year, source, imported_at, imported_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (office_id, year) DO UPDATE SET source = excluded.source, imported_at = excluded.imported_at, imported_by = excluded.imported_by;

-- query workcal_day_drop_year exec
-- in  office_id @id, year @int
DELETE FROM calendar_day WHERE office_id = $1 AND year = $2;

-- --- for tests: what a deadline phrase will write --------------------------------------------------------------------------------

-- query workcal_test_counted exec
-- in  office_id @id, entry_id @id, whose @text, anchor @instant, days @int, edition @text, confirmed_by @id?
-- whole office: a test
UPDATE deadline SET counted = 'working', anchor = $4, days = $5, edition = $6, confirmed_by = $7
WHERE office_id = $1 AND entry_id = $2 AND whose = $3;

-- query workcal_test_edition one
-- in  office_id @id, entry_id @id, whose @text
-- out due @instant, strict @instant, edition @text
-- whole office: a test
SELECT due, strict, edition FROM deadline WHERE office_id = $1 AND entry_id = $2 AND whose = $3;
