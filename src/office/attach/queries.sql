-- query attachment_insert exec
-- in  office_id @id, id @id, owner @text, owner_id @id, name @text, type @text, size @int, sha256 @bytes, scan @flag, at @instant, actor_id @id, deputy_of @id
INSERT INTO attachment (office_id, id, owner, owner_id, name, type, size, sha256, scan, at, actor_id, deputy_of, removed_at, removed_by, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, 0, '');

-- query attachment_list many
-- in  office_id @id, owner @text, owner_id @id
-- out attachment_row: id @id, name @text, type @text, size @int, sha256 @bytes, scan @flag, at @instant, actor_id @id, who @text?, deputy @text?, removed_at @instant?, remover @text?, reason @text
SELECT a.id, a.name, a.type, a.size, a.sha256, a.scan, a.at, a.actor_id, m.name AS who, d.name AS deputy, a.removed_at, r.name AS remover, a.reason
FROM attachment a
LEFT JOIN member m ON m.office_id = a.office_id AND m.id = a.actor_id
LEFT JOIN member d ON d.office_id = a.office_id AND d.id = a.deputy_of
LEFT JOIN member r ON r.office_id = a.office_id AND r.id = a.removed_by
WHERE a.office_id = $1 AND a.owner = $2 AND a.owner_id = $3 ORDER BY a.id;

-- query attachment_remove exec
-- in  office_id @id, id @id, removed_at @instant, removed_by @id, reason @text
UPDATE attachment SET removed_at = $3, removed_by = $4, reason = $5 WHERE office_id = $1 AND id = $2 AND removed_at IS NULL;
