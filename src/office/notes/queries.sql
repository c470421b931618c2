-- --- notes -------------------------------------------------------------------------------------------------------------------

-- query note_insert exec
-- in  office_id @id, id @id, entry_id @id, author_id @id, deputy_of @id, at @instant, text @text, internal @flag
INSERT INTO note (office_id, id, entry_id, author_id, deputy_of, at, text, internal, edited_at, withdrawn_at, withdrawn_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL);

-- query note_update_text exec
-- in  office_id @id, id @id, text @text, at @instant
UPDATE note SET text = $3, edited_at = $4 WHERE office_id = $1 AND id = $2;

-- query note_withdraw exec
-- in  office_id @id, id @id, at @instant, by @id
UPDATE note SET text = '', withdrawn_at = $3, withdrawn_by = $4 WHERE office_id = $1 AND id = $2;

-- Of an entry that was seen, oldest first.
-- query note_of_entry many
-- in  office_id @id, entry_id @id
-- out note_row: id @id, entry_id @id, author_id @id, at @instant, text @text, internal @flag, edited_at @instant?, withdrawn_at @instant?,
--     author @text?, lender @text?, withdrawer @text?
SELECT n.id, n.entry_id, n.author_id, n.at, n.text, n.internal, n.edited_at, n.withdrawn_at, m.name, d.name, w.name
FROM note n
    LEFT JOIN member m ON m.office_id = n.office_id AND m.id = n.author_id
    LEFT JOIN member d ON d.office_id = n.office_id AND d.id = n.deputy_of
    LEFT JOIN member w ON w.office_id = n.office_id AND w.id = n.withdrawn_by
WHERE n.office_id = $1 AND n.entry_id = $2 ORDER BY n.id;

-- query note_by_id one
-- in  office_id @id, id @id
-- out note_found_row: id @id, entry_id @id, author_id @id, at @instant, text @text, internal @flag, withdrawn_at @instant?, author @text?, number @text
-- whole office: the entry is fetched through the actor before anything of this is told
SELECT n.id, n.entry_id, n.author_id, n.at, n.text, n.internal, n.withdrawn_at, m.name, e.number
FROM note n
    JOIN entry e ON e.office_id = n.office_id AND e.id = n.entry_id
    LEFT JOIN member m ON m.office_id = n.office_id AND m.id = n.author_id
WHERE n.office_id = $1 AND n.id = $2;

-- --- mentions --------------------------------------------------------------------------------------------------------------------

-- query mention_insert exec
-- in  office_id @id, note_id @id, member_id @id
INSERT INTO mention (office_id, note_id, member_id) VALUES ($1, $2, $3);

-- query mention_clear exec
-- in  office_id @id, note_id @id
DELETE FROM mention WHERE office_id = $1 AND note_id = $2;

-- query mention_of_note many
-- in  office_id @id, note_id @id
-- out id @id
SELECT member_id FROM mention WHERE office_id = $1 AND note_id = $2 ORDER BY member_id;

-- A member's, the newest first.
-- query mention_of_member many
-- in  office_id @id, member_id @id, max @int
-- out id @id, unread @id?
SELECT m.note_id, w.note_id
FROM mention m
    JOIN note n ON n.office_id = m.office_id AND n.id = m.note_id
    LEFT JOIN news w ON w.office_id = m.office_id AND w.member_id = m.member_id AND w.entry_id = n.entry_id AND w.note_id = m.note_id
WHERE m.office_id = $1 AND m.member_id = $2 ORDER BY m.note_id DESC LIMIT $3;

-- Who sits beside a party on a day: in person, or for somebody who may still come in.
-- query notes_seated many
-- in  office_id @id, party_id @id, today @day
-- out notes_seated_row: id @id, login @text, name @text, roles @int
SELECT m.id, m.login, m.name, m.roles
FROM seat s
    JOIN member m ON m.office_id = s.office_id AND m.id = s.member_id
    LEFT JOIN member d ON d.office_id = s.office_id AND d.id = s.deputy_of
WHERE s.office_id = $1 AND s.party_id = $2 AND s.from_day <= $3 AND s.to_day >= $3 AND m.disabled = 0 AND m.login <> 'console'
    AND (s.deputy_of = 0 OR d.disabled = 0)
ORDER BY m.id;

-- --- following -----------------------------------------------------------------------------------------------------------------------

-- query follow_insert exec
-- in  office_id @id, member_id @id, entry_id @id, seen_n @int
INSERT INTO follow (office_id, member_id, entry_id, seen_n) VALUES ($1, $2, $3, $4);

-- query follow_delete exec
-- in  office_id @id, member_id @id, entry_id @id
DELETE FROM follow WHERE office_id = $1 AND member_id = $2 AND entry_id = $3;

-- query follow_update_seen exec
-- in  office_id @id, member_id @id, entry_id @id, seen_n @int
UPDATE follow SET seen_n = $4 WHERE office_id = $1 AND member_id = $2 AND entry_id = $3;

-- The newest entry that anybody follows: what is newer has no followers and need not be asked about.
-- query follow_last one
-- in  office_id @id
-- out id @id
SELECT COALESCE(MAX(entry_id), 0) FROM follow WHERE office_id = $1;

-- query follow_of_entry many
-- in  office_id @id, entry_id @id
-- out id @id
SELECT member_id FROM follow WHERE office_id = $1 AND entry_id = $2 ORDER BY member_id;

-- query follow_count one
-- in  office_id @id, member_id @id
-- out n @int
SELECT COUNT(*) FROM follow WHERE office_id = $1 AND member_id = $2;

-- A member's, the newest entries first.
-- query follow_of_member many
-- in  office_id @id, member_id @id, max @int
-- out id @id, number @text, seen_n @int, version @int
-- whole office: each is fetched through the actor before it is shown
SELECT f.entry_id, e.number, f.seen_n, e.version FROM follow f JOIN entry e ON e.office_id = f.office_id AND e.id = f.entry_id
WHERE f.office_id = $1 AND f.member_id = $2 ORDER BY f.entry_id DESC LIMIT $3;

-- What happened to an entry since, the latest first.
-- query follow_acts many
-- in  office_id @id, entry_id @id, seen_n @int, max @int
-- out n @int, day @day, verb @text, text @text, corrects @int, recorded_for @text, change @text
-- whole office: of an entry that was seen
SELECT n, day, verb, text, corrects, recorded_for, change FROM act
WHERE office_id = $1 AND entry_id = $2 AND n > $3 ORDER BY n DESC LIMIT $4;

-- --- what was not seen -------------------------------------------------------------------------------------------------------------------

-- query news_insert exec
-- in  office_id @id, member_id @id, entry_id @id, note_id @id
INSERT INTO news (office_id, member_id, entry_id, note_id) VALUES ($1, $2, $3, $4) ON CONFLICT (office_id, member_id, entry_id, note_id) DO NOTHING;

-- query news_delete exec
-- in  office_id @id, member_id @id, entry_id @id, note_id @id
DELETE FROM news WHERE office_id = $1 AND member_id = $2 AND entry_id = $3 AND note_id = $4;

-- All that a member had not seen of an entry.
-- query news_seen exec
-- in  office_id @id, member_id @id, entry_id @id
DELETE FROM news WHERE office_id = $1 AND member_id = $2 AND entry_id = $3;

-- query news_mentions_seen exec
-- in  office_id @id, member_id @id
DELETE FROM news WHERE office_id = $1 AND member_id = $2 AND note_id > 0;

-- Today's page: one walk over one member's few rows, mostly none.
-- query news_of_member many
-- in  office_id @id, member_id @id, max @int
-- out news_row: entry_id @id, note_id @id, number @text
-- whole office: each is fetched through the actor before it is shown
SELECT w.entry_id, w.note_id, e.number FROM news w JOIN entry e ON e.office_id = w.office_id AND e.id = w.entry_id
WHERE w.office_id = $1 AND w.member_id = $2 ORDER BY w.entry_id DESC, w.note_id DESC LIMIT $3;

-- One's own standing towards an entry: a row 0 when it is followed, and one for each thing not seen (-1: a change).
-- query notes_mine many
-- in  office_id @id, member_id @id, entry_id @id
-- out what @int, ref @int
SELECT CAST(0 AS @int), seen_n FROM follow WHERE office_id = $1 AND member_id = $2 AND entry_id = $3
UNION ALL SELECT CAST(1 AS @int), note_id FROM news WHERE office_id = $1 AND member_id = $2 AND entry_id = $3 ORDER BY 1, 2;
