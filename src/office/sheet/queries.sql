-- Cells belong to an entry and are asked for only after the entry was seen; uploads to the member before whom they lie.

-- query column_all many
-- in  office_id @id
-- out id @id, name @text
SELECT id, name FROM sheet_column WHERE office_id = $1 ORDER BY id;

-- query column_find one
-- in  office_id @id, name @text
-- out id @id
SELECT id FROM sheet_column WHERE office_id = $1 AND name = $2;

-- query column_add exec
-- in  office_id @id, id @id, name @text
INSERT INTO sheet_column (office_id, id, name) VALUES ($1, $2, $3);

-- query cell_of_entry many
-- in  office_id @id, entry_id @id
-- out column_id @id, name @text, value @text
-- whole office: of an entry that was seen
SELECT c.column_id, d.name, c.value FROM sheet_cell c JOIN sheet_column d ON d.office_id = c.office_id AND d.id = c.column_id
WHERE c.office_id = $1 AND c.entry_id = $2 ORDER BY c.column_id;

-- query cell_put exec
-- in  office_id @id, entry_id @id, column_id @id, value @text
INSERT INTO sheet_cell (office_id, entry_id, column_id, value) VALUES ($1, $2, $3, $4)
ON CONFLICT (office_id, entry_id, column_id) DO UPDATE SET value = excluded.value;

-- query cell_drop exec
-- in  office_id @id, entry_id @id, column_id @id
DELETE FROM sheet_cell WHERE office_id = $1 AND entry_id = $2 AND column_id = $3;

-- query head_find one
-- in  office_id @id, digest @text
-- out plan @text
SELECT plan FROM sheet_known WHERE office_id = $1 AND what = 'head' AND digest = $2;

-- query head_put exec
-- in  office_id @id, digest @text, plan @text, at @instant, member_id @id
INSERT INTO sheet_known (office_id, what, digest, plan, name, n_new, at, member_id) VALUES ($1, 'head', $2, $3, '', 0, $4, $5)
ON CONFLICT (office_id, what, digest) DO UPDATE SET plan = excluded.plan, at = excluded.at, member_id = excluded.member_id;

-- query upload_add exec
-- in  office_id @id, id @id, member_id @id, at @instant, name @text, sha256 @bytes
INSERT INTO sheet_upload (office_id, id, member_id, at, name, sha256, plan) VALUES ($1, $2, $3, $4, $5, $6, '');

-- query upload_find one
-- in  office_id @id, id @id, member_id @id
-- out name @text, at @instant, sha256 @bytes, plan @text
SELECT name, at, sha256, plan FROM sheet_upload WHERE office_id = $1 AND id = $2 AND member_id = $3;

-- query upload_plan exec
-- in  office_id @id, id @id, member_id @id, plan @text
UPDATE sheet_upload SET plan = $4 WHERE office_id = $1 AND id = $2 AND member_id = $3;

-- query upload_drop exec
-- in  office_id @id, id @id
DELETE FROM sheet_upload WHERE office_id = $1 AND id = $2;

-- query upload_bytes one
-- in  office_id @id, id @id
-- out sha256 @bytes
SELECT sha256 FROM sheet_upload WHERE office_id = $1 AND id = $2;

-- query taken_find one
-- in  office_id @id, digest @text
-- out at @instant, name @text, n_new @int, member @text?
SELECT t.at, t.name, t.n_new, m.name FROM sheet_known t LEFT JOIN member m ON m.office_id = t.office_id AND m.id = t.member_id
WHERE t.office_id = $1 AND t.what = 'rows' AND t.digest = $2;

-- query taken_put exec
-- in  office_id @id, digest @text, at @instant, member_id @id, name @text, n_new @int
INSERT INTO sheet_known (office_id, what, digest, plan, name, n_new, at, member_id) VALUES ($1, 'rows', $2, '', $5, $6, $3, $4)
ON CONFLICT (office_id, what, digest) DO UPDATE SET at = excluded.at, member_id = excluded.member_id, name = excluded.name, n_new = excluded.n_new;
