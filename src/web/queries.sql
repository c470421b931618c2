-- Answers already given under an Idempotency-Key.

-- query key_answer one
-- in  office_id @id, user_id @id, key_digest @bytes
-- out key_row: request_digest @bytes, at @instant, status @int, head @text, body @text
SELECT request_digest, at, status, head, body FROM idempotency WHERE office_id = $1 AND user_id = $2 AND key_digest = $3;

-- query key_insert exec
-- in  office_id @id, user_id @id, key_digest @bytes, request_digest @bytes, at @instant, status @int, head @text, body @text
INSERT INTO idempotency (office_id, user_id, key_digest, request_digest, at, status, head, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (office_id, user_id, key_digest) DO UPDATE SET request_digest = $4, at = $5, status = $6, head = $7, body = $8;

-- Some at a time, so that nobody waits for a day of them.
-- query key_delete_old exec
-- in  office_id @id, before @instant, n @int
DELETE FROM idempotency WHERE office_id = $1 AND (user_id, key_digest) IN
    (SELECT user_id, key_digest FROM idempotency WHERE office_id = $1 AND at <= $2 ORDER BY at LIMIT $3);
