-- Everybody an entry can name, for the table of names.
-- query paste_parties many
-- in  office_id @id
-- out id @id, kind @text, name @text, short_name @text
SELECT id, kind, name, short_name FROM party WHERE office_id = $1 AND active = 1 AND kind IN ('leader', 'section', 'unit') ORDER BY kind, ord, id;

-- query paste_aliases many
-- in  office_id @id
-- out alias @text, name @text, kind @text
SELECT a.name AS alias, p.name, p.kind FROM party_alias a JOIN party p ON p.office_id = a.office_id AND p.id = a.party_id
WHERE a.office_id = $1 AND p.active = 1 ORDER BY a.name;

-- query paste_put exec
-- in  office_id @id, id @id, nonce @text, text @text, digest @bytes, created_by @id, at @instant
INSERT INTO paste (office_id, id, nonce, text, digest, created_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- query paste_entry_put exec
-- in  office_id @id, entry_id @id, paste_id @id, number @text, document_number @text
INSERT INTO paste_entry (office_id, entry_id, paste_id, number, document_number) VALUES ($1, $2, $3, $4, $5);

-- query paste_by_nonce one
-- in  office_id @id, nonce @text
-- out id @id, created_by @id
SELECT id, created_by FROM paste WHERE office_id = $1 AND nonce = $2;

-- query paste_numbers many
-- in  office_id @id, paste_id @id
-- out number @text
SELECT number FROM paste_entry WHERE office_id = $1 AND paste_id = $2 ORDER BY entry_id;

-- Of an entry that was seen.
-- query paste_of_entry one
-- in  office_id @id, entry_id @id
-- out text @text, at @instant, created_by @id, document_number @text
SELECT p.text, p.at, p.created_by, e.document_number FROM paste_entry e JOIN paste p ON p.office_id = e.office_id AND p.id = e.paste_id
WHERE e.office_id = $1 AND e.entry_id = $2;

-- query paste_same_document many
-- in  office_id @id, document_number @text
-- out number @text
SELECT number FROM paste_entry WHERE office_id = $1 AND document_number = $2 AND document_number <> '' ORDER BY entry_id DESC LIMIT 4;
