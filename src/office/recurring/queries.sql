-- Recurring matters. Section only; whoever asks was looked at before.

-- query recurring_all many
-- in  office_id @id
-- out recurring_row: id @id, section_id @id, kind @text, title @text, source @text, requirement @text, lead_id @id, assists @text, leader_id @id?,
--     officer_id @id?, lists @text, urgency @text, phrase @text, rule @text, lead_days @int, first_day @day, last_day @day?, paused @flag, since @instant,
--     last_key @day, last_minute @int, version @int
SELECT id, section_id, kind, title, source, requirement, lead_id, assists, leader_id, officer_id, lists, urgency, phrase, rule, lead_days, first_day, last_day,
    paused, since, last_key, last_minute, version
FROM recurring
-- whole office: at most 300 of them
WHERE office_id = $1 ORDER BY id;

-- query recurring_of one
-- in  office_id @id, id @id
-- out recurring_row
SELECT id, section_id, kind, title, source, requirement, lead_id, assists, leader_id, officer_id, lists, urgency, phrase, rule, lead_days, first_day, last_day,
    paused, since, last_key, last_minute, version
FROM recurring WHERE office_id = $1 AND id = $2;

-- query recurring_count one
-- in  office_id @id
-- out recurring_count_row: n @int
SELECT COUNT(*) FROM recurring
-- whole office: at most 300 of them
WHERE office_id = $1;

-- query recurring_put exec
-- in  office_id @id, id @id, section_id @id, kind @text, title @text, source @text, requirement @text, lead_id @id, assists @text, leader_id @id?,
--     officer_id @id?, lists @text, urgency @text, phrase @text, rule @text, lead_days @int, first_day @day, last_day @day?, paused @flag, since @instant,
--     last_key @day, last_minute @int, version @int
INSERT INTO recurring (office_id, id, section_id, kind, title, source, requirement, lead_id, assists, leader_id, officer_id, lists, urgency, phrase, rule,
    lead_days, first_day, last_day, paused, since, last_key, last_minute, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
ON CONFLICT (office_id, id) DO UPDATE SET section_id = excluded.section_id, kind = excluded.kind, title = excluded.title, source = excluded.source,
    requirement = excluded.requirement, lead_id = excluded.lead_id, assists = excluded.assists, leader_id = excluded.leader_id,
    officer_id = excluded.officer_id, lists = excluded.lists, urgency = excluded.urgency, phrase = excluded.phrase, rule = excluded.rule,
    lead_days = excluded.lead_days, first_day = excluded.first_day, last_day = excluded.last_day, paused = excluded.paused, since = excluded.since,
    last_key = excluded.last_key, last_minute = excluded.last_minute, version = excluded.version;

-- query recurring_advance exec
-- in  office_id @id, id @id, last_key @day, last_minute @int
UPDATE recurring SET last_key = $3, last_minute = $4 WHERE office_id = $1 AND id = $2;

-- query recurring_made_add exec
-- in  office_id @id, recurring_id @id, key @day, minute @int, entry_id @id?, at @instant, late @flag, passed @int
INSERT INTO recurring_made (office_id, recurring_id, key, minute, entry_id, at, late, passed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- Newest first.
-- query recurring_made_of many
-- in  office_id @id, recurring_id @id
-- out recurring_made_row: key @day, minute @int, entry_id @id?, number @text?, title @text?, state @text?, due @instant?, at @instant, late @flag, passed @int
-- whole office: the section's own, and only sections come here
SELECT m.key, m.minute, m.entry_id, e.number, e.title, e.state, e.due, m.at, m.late, m.passed
FROM recurring_made m LEFT JOIN entry e ON e.office_id = m.office_id AND e.id = m.entry_id
WHERE m.office_id = $1 AND m.recurring_id = $2 ORDER BY m.key DESC, m.minute DESC LIMIT 100;

-- query recurring_of_entry one
-- in  office_id @id, entry_id @id
-- out recurring_source_row: recurring_id @id, title @text, phrase @text, late @flag
SELECT m.recurring_id, r.title, r.phrase, m.late
FROM recurring_made m JOIN recurring r ON r.office_id = m.office_id AND r.id = m.recurring_id
WHERE m.office_id = $1 AND m.entry_id = $2;
