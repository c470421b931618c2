-- The store's own statements. One office each; nothing here depends on the engine.

-- query office_load one
-- in  id @id
-- out office_row: next_id @int, journal_seq @int, journal_hash @bytes, batches @int, chain_id @id, job_at @instant?,
--     directory_version @int
SELECT next_id, journal_seq, journal_hash, batches, chain_id, job_at, directory_version FROM office WHERE id = $1;

-- The same at a batch's beginning: until its commit no other server writes this office.
-- query office_lock one
-- in  office_load_in
-- out office_row
SELECT next_id, journal_seq, journal_hash, batches, chain_id, job_at, directory_version FROM office WHERE id = $1 @for_update;

-- query office_save exec
-- in  id @id, next_id @int, journal_seq @int, journal_hash @bytes, batches @int, job_at @instant?, directory_version @int
UPDATE office SET next_id = $2, journal_seq = $3, journal_hash = $4, batches = $5, job_at = $6, directory_version = $7 WHERE id = $1;

-- query directory_version one
-- in  id @id
-- out version @int
SELECT directory_version AS version FROM office WHERE id = $1;

-- query server_batch_save exec
-- in  office_id @id, server @bytes, batches @int, at @instant
INSERT INTO server_batch (office_id, server, batches, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (office_id, server) DO UPDATE SET batches = excluded.batches, at = excluded.at;

-- query server_batch_load one
-- in  office_id @id, server @bytes
-- out batches @int
SELECT batches FROM server_batch WHERE office_id = $1 AND server = $2;

-- query office_insert exec
-- in  id @id, code @text, name @text, next_id @int, journal_hash @bytes, created_at @instant, job_at @instant?
INSERT INTO office (id, code, name, next_id, journal_seq, journal_hash, batches, created_at, job_at) VALUES ($1, $2, $3, $4, 0, $5, 0, $6, $7);

-- query office_last one
-- out id @id?
-- all offices: the next office's number
SELECT max(id) AS id FROM office;

-- query office_by_code one
-- in  code @text
-- out id @id
-- all offices: the directory, asked by code
SELECT id FROM office WHERE code = $1;

-- query office_named one
-- in  id @id
-- out code @text, name @text
SELECT code, name FROM office WHERE id = $1;

-- query office_all each
-- out id @id
-- all offices: the directory, for housekeeping office by office
SELECT id FROM office ORDER BY id;

-- query series_load one
-- in  office_id @id, kind @text, year @int
-- out last @int
SELECT last FROM series WHERE office_id = $1 AND kind = $2 AND year = $3;

-- query series_save exec
-- in  office_id @id, kind @text, year @int, last @int
INSERT INTO series (office_id, kind, year, last) VALUES ($1, $2, $3, $4) ON CONFLICT (office_id, kind, year) DO UPDATE SET last = excluded.last;

-- query journal_insert exec
-- in  office_id @id, seq @int, at @instant, day @day, actor_id @id, deputy_of @id, entity @text, entity_id @id, verb @text, before @text, after @text, suite @int, hash @bytes
INSERT INTO journal (office_id, seq, at, day, actor_id, deputy_of, entity, entity_id, verb, before, after, suite, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- query journal_lines each
-- in  office_id @id, after @int, n @int
-- out seq @int, at @instant, day @day, actor_id @id, deputy_of @id, entity @text, entity_id @id, verb @text, before @text, after @text, suite @int, hash @bytes
SELECT seq, at, day, actor_id, deputy_of, entity, entity_id, verb, before, after, suite, hash
FROM journal WHERE office_id = $1 AND seq > $2 ORDER BY seq LIMIT $3;

-- query data_key_insert exec
-- in  office_id @id, id @id, scope @text, suite @int, wrapped @bytes, created_at @instant
INSERT INTO data_key (office_id, id, scope, suite, wrapped, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- query data_key_current one
-- in  office_id @id, scope @text
-- out id @id, wrapped @bytes
SELECT id, wrapped FROM data_key WHERE office_id = $1 AND scope = $2 AND wrapped IS NOT NULL;

-- query data_key_by_id one
-- in  office_id @id, id @id
-- out wrapped @bytes?
SELECT wrapped FROM data_key WHERE office_id = $1 AND id = $2;

-- query data_key_destroy exec
-- in  office_id @id, scope @text, destroyed_at @instant
UPDATE data_key SET wrapped = NULL, destroyed_at = $3 WHERE office_id = $1 AND scope = $2 AND wrapped IS NOT NULL;

-- query blob_find one
-- in  office_id @id, sha256 @bytes
-- out size @int, refs @int, created_at @instant, complete @flag
SELECT size, refs, created_at, complete FROM blob WHERE office_id = $1 AND sha256 = $2;

-- query blob_begin exec
-- in  office_id @id, sha256 @bytes, size @int, created_at @instant
INSERT INTO blob (office_id, sha256, size, refs, created_at, complete) VALUES ($1, $2, $3, 0, $4, 0)
ON CONFLICT (office_id, sha256) DO UPDATE SET created_at = excluded.created_at;

-- query blob_part_insert exec
-- in  office_id @id, sha256 @bytes, n @int, bytes @bytes
INSERT INTO blob_part (office_id, sha256, n, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (office_id, sha256, n) DO NOTHING;

-- query blob_complete exec
-- in  office_id @id, sha256 @bytes, complete @flag
UPDATE blob SET complete = $3 WHERE office_id = $1 AND sha256 = $2;

-- query blob_refs exec
-- in  office_id @id, sha256 @bytes, delta @int
UPDATE blob SET refs = refs + $3 WHERE office_id = $1 AND sha256 = $2 AND complete = 1 AND refs + $3 >= 0;

-- query blob_read each
-- in  office_id @id, sha256 @bytes
-- out size @int, bytes @bytes?
SELECT b.size, p.bytes FROM blob b LEFT JOIN blob_part p ON p.office_id = b.office_id AND p.sha256 = b.sha256
WHERE b.office_id = $1 AND b.sha256 = $2 AND b.complete = 1 ORDER BY p.n;

-- query blob_part_last one
-- in  office_id @id, sha256 @bytes
-- out n @int?
SELECT max(n) AS n FROM blob_part WHERE office_id = $1 AND sha256 = $2;

-- query blob_orphan one
-- in  office_id @id, before @instant
-- out sha256 @bytes
SELECT sha256 FROM blob WHERE office_id = $1 AND refs = 0 AND created_at < $2 ORDER BY created_at, sha256 LIMIT 1;

-- query blob_part_delete exec
-- in  office_id @id, sha256 @bytes, from_n @int
DELETE FROM blob_part WHERE office_id = $1 AND sha256 = $2 AND n >= $3;

-- query blob_delete exec
-- in  office_id @id, sha256 @bytes
DELETE FROM blob WHERE office_id = $1 AND sha256 = $2;

-- --- background work: job.h ---

-- query job_put exec
-- in  office_id @id, kind @text, subject @id, due_at @instant
INSERT INTO job (office_id, kind, subject, due_at, next_at, tries, last_error) VALUES ($1, $2, $3, $4, $4, 0, '')
ON CONFLICT (office_id, kind, subject) DO UPDATE SET
    due_at = CASE WHEN job.claim IS NULL THEN excluded.due_at ELSE job.due_at END,
    next_at = CASE WHEN job.claim IS NULL THEN excluded.next_at ELSE job.next_at END,
    again_at = CASE WHEN job.claim IS NULL THEN NULL ELSE excluded.due_at END,
    tries = CASE WHEN job.claim IS NULL THEN 0 ELSE job.tries END;

-- query job_delete exec
-- in  office_id @id, kind @text, subject @id
DELETE FROM job WHERE office_id = $1 AND kind = $2 AND subject = $3;

-- Several servers may ask at once: each gets what no other holds. A claim whose lease has ended is due like anything else.
-- query job_take many
-- in  office_id @id, now @instant, n @int, claim @bytes, until @instant
-- out kind @text, subject @id, due_at @instant, tries @int
WITH due AS MATERIALIZED (SELECT kind, subject FROM job WHERE office_id = $1 AND next_at <= $2 ORDER BY next_at LIMIT $3 @skip_locked)
UPDATE job SET claim = $4, next_at = $5, tries = tries + 1
WHERE office_id = $1 AND (kind, subject) IN (SELECT kind, subject FROM due) RETURNING kind, subject, due_at, tries;

-- query job_mine one
-- in  office_id @id, kind @text, subject @id, claim @bytes
-- out due_at @instant, again_at @instant?
SELECT due_at, again_at FROM job WHERE office_id = $1 AND kind = $2 AND subject = $3 AND claim = $4 @for_update;

-- The claim ends.
-- query job_wait exec
-- in  office_id @id, kind @text, subject @id, due_at @instant, next_at @instant, tries @int, last_error @text
UPDATE job SET due_at = $4, next_at = $5, claim = NULL, again_at = NULL, tries = $6, last_error = $7
WHERE office_id = $1 AND kind = $2 AND subject = $3;

-- query job_earliest one
-- in  office_id @id
-- out next_at @instant, claimed @flag
SELECT next_at, CAST(CASE WHEN claim IS NULL THEN 0 ELSE 1 END AS @flag) AS claimed FROM job WHERE office_id = $1 ORDER BY next_at LIMIT 1;

-- query job_all many
-- in  office_id @id
-- out kind @text, subject @id, due_at @instant, next_at @instant, claimed @flag, tries @int, last_error @text
SELECT kind, subject, due_at, next_at, CAST(CASE WHEN claim IS NULL THEN 0 ELSE 1 END AS @flag) AS claimed, tries, last_error
FROM job WHERE office_id = $1 ORDER BY next_at, kind, subject;

-- query office_due many
-- in  now @instant
-- out id @id
SELECT id FROM office
-- all offices: the directory of due work
WHERE job_at <= $1 ORDER BY job_at, id;

-- query office_due_count one
-- in  now @instant
-- out offices @int, since @instant?
SELECT count(*) AS offices, min(job_at) AS since FROM office
-- all offices: the directory of due work
WHERE job_at <= $1;

-- query office_due_next one
-- in  now @instant
-- out next @instant?
SELECT min(job_at) AS next FROM office
-- all offices: the directory of due work
WHERE job_at > $1;

-- Servers that committed nothing for this office for a day: none of their commits is in doubt any more.
-- query server_batch_delete exec
-- in  office_id @id, before @instant
DELETE FROM server_batch WHERE office_id = $1 AND at < $2;
