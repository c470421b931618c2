-- The closing counts the whole office: its figures are the chief's and the section's own view, decided by role.

-- --- movements -----------------------------------------------------------------------------------------------------------

-- query movement_insert exec
-- in  office_id @id, day @day, dim @text, dim_id @id, what @text, id @id, kind @text, late @flag, entry_id @id
INSERT INTO movement (office_id, day, dim, dim_id, what, id, kind, late, entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- How often each thing happened in each dimension, between two days.
-- query movement_sums each
-- in  office_id @id, from_day @day, to_day @day
-- out dim @text, dim_id @id, what @text, n @int
SELECT dim, dim_id, what, COUNT(*) FROM movement
WHERE office_id = $1 AND day >= $2 AND day <= $3 GROUP BY dim, dim_id, what ORDER BY dim, dim_id, what;

-- query movement_kinds each
-- in  office_id @id, from_day @day, to_day @day
-- out kind @text, n @int
SELECT kind, COUNT(*) FROM movement
WHERE office_id = $1 AND day >= $2 AND day <= $3 AND dim = 'office' AND what = 'new' GROUP BY kind ORDER BY kind;

-- Settled in time: late_max 0; all of them: 1.
-- query movement_count one
-- in  office_id @id, what @text, from_day @day, to_day @day, late_max @int
-- out n @int
SELECT COUNT(*) FROM movement
WHERE office_id = $1 AND dim = 'office' AND what = $2 AND day >= $3 AND day <= $4 AND late <= $5;

-- query movement_rows many
-- in  office_id @id, what @text, from_day @day, to_day @day, late_max @int
-- out number @text, title @text, day @day
-- whole office: the rows behind a figure of the summary
SELECT e.number, e.title, m.day FROM movement m JOIN entry e ON e.office_id = m.office_id AND e.id = m.entry_id
WHERE m.office_id = $1 AND m.dim = 'office' AND m.what = $2 AND m.day >= $3 AND m.day <= $4 AND m.late <= $5 ORDER BY m.day, m.id;

-- --- entries as they stood on a day --------------------------------------------------------------------------------------

-- query entry_was_insert exec
-- in  office_id @id, day @day, entry_id @id, n @int, open @flag, lead_id @id?, officer_id @id?, due @instant?, lists @text
INSERT INTO entry_was (office_id, day, entry_id, n, open, lead_id, officer_id, due, lists) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- Entries that are open now, one row for each list they are on, and one without a list when they are on none.
-- query standing_now each
-- in  office_id @id, last_day @day
-- out id @id, lead_id @id?, officer_id @id?, due @instant?, list_id @id?
-- whole office: the month's closing counts every section
SELECT e.id, e.lead_id, e.officer_id, e.due, x.list_id
FROM party p
    JOIN stand s ON s.office_id = p.office_id AND s.party_id = p.id AND s.open = 1 AND s.reading = 0
    JOIN entry e ON e.office_id = s.office_id AND e.id = s.entry_id AND e.section_id = p.id
    LEFT JOIN entry_list x ON x.office_id = e.office_id AND x.entry_id = e.id
WHERE p.office_id = $1 AND p.kind = 'section' AND e.day <= $2 ORDER BY e.id, x.list_id;

-- Entries that some act changed on a later day, as they were before each of those acts.
-- query standing_then each
-- in  office_id @id, last_day @day
-- out id @id, open @flag, lead_id @id?, officer_id @id?, due @instant?, lists @text
-- whole office: the month's closing counts every section
SELECT w.entry_id, w.open, w.lead_id, w.officer_id, w.due, w.lists
FROM entry_was w JOIN entry e ON e.office_id = w.office_id AND e.id = w.entry_id
WHERE w.office_id = $1 AND w.day > $2 AND e.day <= $2 ORDER BY w.entry_id, w.n;

-- query closing_line one
-- in  office_id @id, id @id
-- out number @text, title @text, source @text, requirement @text, kind @text, state @text, due @instant?, unit_due @instant?, day @day,
--     settled_day @day?, last_day @day, lead @text?, officer @text?, leader @text?, lead_id @id?, officer_id @id?, leader_id @id?, urgency @text,
--     progress @text, result @text, late @flag, carried @int
-- whole office: one that the month's closing counted
SELECT e.number, e.title, e.source, e.requirement, e.kind, e.state, e.due, e.unit_due, e.day, e.settled_day, e.last_day, u.name, m.name, l.name,
    e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried
FROM entry e
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
    LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id
    LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id
WHERE e.office_id = $1 AND e.id = $2;

-- What changed an entry after a day, the latest first, with the deadline it had before each.
-- query closing_since many
-- in  office_id @id, entry_id @id, last_day @day
-- out verb @text, day @day, due @instant?
-- whole office: of one that the month's closing counted
SELECT a.verb, a.day, w.due
FROM act a JOIN entry_was w ON w.office_id = a.office_id AND w.day = a.day AND w.entry_id = a.entry_id AND w.n = a.n
WHERE a.office_id = $1 AND a.entry_id = $2 AND a.day > $3 ORDER BY a.n DESC;

-- query closing_entry_id one
-- in  office_id @id, number @text
-- out id @id
-- whole office: a number written in the chief's closing
SELECT id FROM entry WHERE office_id = $1 AND number = $2;

-- --- closings ------------------------------------------------------------------------------------------------------------

-- The names of all dimensions in the order of the print: lists, units and sections in their official order, officers.
-- query dim_names each
-- in  office_id @id
-- out dim @text, dim_id @id, name @text
SELECT dim, dim_id, name FROM (
    SELECT 1 AS part, 0 AS sort, ord, 'list' AS dim, id AS dim_id, name FROM list WHERE office_id = $1
    UNION ALL SELECT 2, CASE kind WHEN 'unit' THEN 0 ELSE 1 END, ord, 'unit', id, name FROM party
        WHERE office_id = $1 AND kind IN ('unit', 'section')
    UNION ALL SELECT 3, 0, p.ord, 'officer', m.id, m.name
        FROM member m JOIN party p ON p.office_id = m.office_id AND p.id = m.party_id WHERE m.office_id = $1
) AS names ORDER BY part, sort, ord, dim_id;

-- The last closed month before `before`, 0 when there is none.
-- query closing_last one
-- in  office_id @id, before @int
-- out period @int
SELECT COALESCE(MAX(period), 0) FROM closing WHERE office_id = $1 AND period < $2;

-- query closing_get one
-- in  office_id @id, period @int
-- out closing_row: period @int, closed_at @instant, closed_by @id, name @text?, journal_seq @int, journal_hash @bytes, presumed @flag
SELECT c.period, c.closed_at, c.closed_by, m.name, c.journal_seq, c.journal_hash, c.presumed
FROM closing c LEFT JOIN member m ON m.office_id = c.office_id AND m.id = c.closed_by
WHERE c.office_id = $1 AND c.period = $2;

-- query closing_all many
-- in  office_id @id
-- out closing_row
SELECT c.period, c.closed_at, c.closed_by, m.name, c.journal_seq, c.journal_hash, c.presumed
FROM closing c LEFT JOIN member m ON m.office_id = c.office_id AND m.id = c.closed_by
WHERE c.office_id = $1 ORDER BY c.period;

-- All closings with the whole office's figures.
-- query closing_heads many
-- in  office_id @id
-- out period @int, closed_at @instant, name @text?, journal_seq @int, presumed @flag, opening @int, added @int, reopened @int, moved_in @int,
--     settled @int, withdrawn @int, moved_out @int, carried @int
SELECT c.period, c.closed_at, m.name, c.journal_seq, c.presumed, f.opening, f.added, f.reopened, f.moved_in, f.settled, f.withdrawn,
    f.moved_out, f.carried
FROM closing c
    JOIN closing_figure f ON f.office_id = c.office_id AND f.period = c.period AND f.dim = 'office' AND f.dim_id = 0
    LEFT JOIN member m ON m.office_id = c.office_id AND m.id = c.closed_by
WHERE c.office_id = $1 ORDER BY c.period;

-- Months closed as the journal tells it.
-- query closing_lines one
-- in  office_id @id
-- out n @int
SELECT COUNT(*) FROM journal WHERE office_id = $1 AND entity = 'closing' AND verb = 'close';

-- query closing_insert exec
-- in  office_id @id, period @int, closed_at @instant, closed_by @id, journal_seq @int, journal_hash @bytes, presumed @flag
INSERT INTO closing (office_id, period, closed_at, closed_by, journal_seq, journal_hash, presumed) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- query closing_figures each
-- in  office_id @id, period @int
-- out dim @text, dim_id @id, opening @int, added @int, reopened @int, moved_in @int, settled @int, withdrawn @int, moved_out @int, carried @int
SELECT dim, dim_id, opening, added, reopened, moved_in, settled, withdrawn, moved_out, carried FROM closing_figure
WHERE office_id = $1 AND period = $2 ORDER BY dim, dim_id;

-- query closing_figure_insert exec
-- in  office_id @id, period @int, dim @text, dim_id @id, opening @int, added @int, reopened @int, moved_in @int, settled @int, withdrawn @int,
--     moved_out @int, carried @int
INSERT INTO closing_figure (office_id, period, dim, dim_id, opening, added, reopened, moved_in, settled, withdrawn, moved_out, carried)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- query closing_carries many
-- in  office_id @id, period @int
-- out carry_row: entry_id @id, due @instant?, overdue @flag, reason @text
-- whole office: the frozen list of a closed month
SELECT entry_id, due, overdue, reason FROM closing_carry WHERE office_id = $1 AND period = $2 ORDER BY entry_id;

-- query closing_carry_insert exec
-- in  office_id @id, period @int, entry_id @id, due @instant?, overdue @flag, reason @text
INSERT INTO closing_carry (office_id, period, entry_id, due, overdue, reason) VALUES ($1, $2, $3, $4, $5, $6);

-- How often an entry was carried before a month, and since which.
-- query carried_before one
-- in  office_id @id, entry_id @id, period @int
-- out n @int, since @int
SELECT COUNT(*), COALESCE(MIN(period), 0) FROM closing_carry WHERE office_id = $1 AND entry_id = $2 AND period < $3;

-- query carries_of_entry many
-- in  office_id @id, entry_id @id
-- out period @int, due @instant?, overdue @flag, reason @text
-- whole office: of an entry that was seen
SELECT period, due, overdue, reason FROM closing_carry WHERE office_id = $1 AND entry_id = $2 ORDER BY period;

-- --- ticks ---------------------------------------------------------------------------------------------------------------

-- query tick_count one
-- in  office_id @id, member_id @id, span @text, day @day
-- out n @int
SELECT COUNT(*) FROM tick WHERE office_id = $1 AND span = $3 AND day = $4 AND member_id = $2;

-- query tick_insert exec
-- in  office_id @id, member_id @id, span @text, day @day, at @instant
INSERT INTO tick (office_id, member_id, span, day, at) VALUES ($1, $2, $3, $4, $5);
