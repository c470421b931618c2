-- query workcal_state one
-- in  office_id @id
-- out workcal_state_row: days @int, years @int, mark @int
-- Rows are only ever added or replaced with a new mark, so these three tell one state from another.
SELECT COUNT(*), COALESCE(SUM(d.year), 0), COALESCE(SUM(CAST(d.day AS BIGINT) * (CASE d.kind WHEN 'holiday' THEN 1 ELSE 2 END)), 0)
FROM calendar_day d WHERE d.office_id = $1 OR d.office_id = 0;

-- query workcal_years many
-- in  office_id @id
-- out workcal_year_row: year @int, source @text, imported_at @instant
SELECT year, source, imported_at FROM calendar_year WHERE office_id = $1 OR office_id = 0 ORDER BY year;

-- The office's own rows come last, so that they lie over the shared ones.
-- query workcal_days many
-- in  office_id @id
-- out workcal_day_row: day @day, kind @text, name @text, year @int
SELECT day, kind, name, year FROM calendar_day WHERE office_id = $1 OR office_id = 0 ORDER BY office_id, day;

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
