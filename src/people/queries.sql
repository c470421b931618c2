-- Parties, members and their credentials. Names are unique within (office, kind); lists follow the official order.

-- --- parties ---

-- query party_by_id one
-- in  office_id @id, id @id
-- out party_row: id @id, kind @text, name @text, short_name @text, category @text, ord @int, active @flag
SELECT id, kind, name, short_name, category, ord, active FROM party WHERE office_id = $1 AND id = $2;

-- query party_by_name one
-- in  office_id @id, kind @text, name @text
-- out party_row
SELECT id, kind, name, short_name, category, ord, active FROM party WHERE office_id = $1 AND kind = $2 AND name = $3;

-- query party_by_alias one
-- in  office_id @id, name @text
-- out party_row
SELECT p.id, p.kind, p.name, p.short_name, p.category, p.ord, p.active
FROM party_alias a JOIN party p ON p.office_id = a.office_id AND p.id = a.party_id
WHERE a.office_id = $1 AND a.name = $2;

-- query party_in_order many
-- in  office_id @id, kind @text, with_inactive @flag
-- out party_row
SELECT id, kind, name, short_name, category, ord, active FROM party
WHERE office_id = $1 AND kind = $2 AND (active = 1 OR $3 = 1) ORDER BY ord, id;

-- query party_count one
-- in  office_id @id, kind @text
-- out party_count_row: n @int
SELECT COUNT(*) FROM party WHERE office_id = $1 AND kind = $2;

-- query party_insert exec
-- in  office_id @id, id @id, kind @text, name @text, short_name @text, category @text, ord @int, active @flag
INSERT INTO party (office_id, id, kind, name, short_name, category, ord, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- query party_update exec
-- in  office_id @id, id @id, name @text, short_name @text, category @text, ord @int, active @flag
UPDATE party SET name = $3, short_name = $4, category = $5, ord = $6, active = $7 WHERE office_id = $1 AND id = $2;

-- Moves the places from_ord … to_ord of a kind by `by`: makes room for, or closes the gap of, a party that moves.
-- query party_shift exec
-- in  office_id @id, kind @text, from_ord @int, to_ord @int, by @int
UPDATE party SET ord = ord + $5 WHERE office_id = $1 AND kind = $2 AND ord >= $3 AND ord <= $4;

-- query party_alias_insert exec
-- in  office_id @id, name @text, party_id @id
INSERT INTO party_alias (office_id, name, party_id) VALUES ($1, $2, $3);

-- query party_alias_delete exec
-- in  office_id @id, name @text, party_id @id
DELETE FROM party_alias WHERE office_id = $1 AND name = $2 AND party_id = $3;

-- --- members ---

-- query member_actor one
-- in  office_id @id, id @id
-- out member_actor_row: id @id, login @text, name @text, roles @int, party_id @id, home_id @id, lang @text, must_change @flag,
--     disabled @flag
SELECT id, login, name, roles, party_id, home_id, lang, must_change, disabled FROM member WHERE office_id = $1 AND id = $2;

-- query member_id_by_login one
-- in  office_id @id, login @text
-- out member_id_row: id @id
SELECT id FROM member WHERE office_id = $1 AND login = $2;

-- query member_seats many
-- in  office_id @id, member_id @id, today @day
-- out seat_row: party_id @id, deputy_of @id, to_day @day, lender @text?, lender_roles @int?, lender_home @id?
SELECT s.party_id, s.deputy_of, s.to_day, m.name, m.roles, m.home_id
FROM seat s LEFT JOIN member m ON m.office_id = s.office_id AND m.id = s.deputy_of
WHERE s.office_id = $1 AND s.member_id = $2 AND s.from_day <= $3 AND s.to_day >= $3 AND (s.deputy_of = 0 OR m.disabled = 0)
ORDER BY s.deputy_of, s.party_id, s.from_day;

-- query member_in_order many
-- in  office_id @id
-- out member_row: id @id, login @text, name @text, roles @int, party_id @id, home_id @id, home_name @text,
--     must_change @flag, locked_until @instant?, disabled @flag
SELECT m.id, m.login, m.name, m.roles, m.party_id, m.home_id, h.name, m.must_change, m.locked_until, m.disabled
FROM member m JOIN party p ON p.office_id = m.office_id AND p.id = m.party_id
JOIN party h ON h.office_id = m.office_id AND h.id = m.home_id
WHERE m.office_id = $1 ORDER BY p.ord, m.id;

-- query member_by_login one
-- in  office_id @id, login @text
-- out member_row
SELECT m.id, m.login, m.name, m.roles, m.party_id, m.home_id, h.name, m.must_change, m.locked_until, m.disabled
FROM member m JOIN party h ON h.office_id = m.office_id AND h.id = m.home_id
WHERE m.office_id = $1 AND m.login = $2;

-- query member_insert exec
-- in  office_id @id, id @id, login @text, name @text, roles @int, party_id @id, home_id @id, password @text?,
--     must_change @flag, phone @bytes?, phone_digest @bytes?, lang @text, created_at @instant
INSERT INTO member (office_id, id, login, name, roles, party_id, home_id, password, must_change, phone, phone_digest, lang, failed,
    locked_until, disabled, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, NULL, 0, $13);

-- query member_update_disabled exec
-- in  office_id @id, id @id, disabled @flag
UPDATE member SET disabled = $3 WHERE office_id = $1 AND id = $2;

-- query member_update_password exec
-- in  office_id @id, id @id, password @text?, must_change @flag
UPDATE member SET password = $3, must_change = $4, failed = 0, locked_until = NULL WHERE office_id = $1 AND id = $2;

-- query member_update_lang exec
-- in  office_id @id, id @id, lang @text
UPDATE member SET lang = $3 WHERE office_id = $1 AND id = $2;

-- query member_lock_state one
-- in  office_id @id, id @id
-- out member_lock_row: login @text, password @text?, failed @int, locked_until @instant?, disabled @flag
SELECT login, password, failed, locked_until, disabled FROM member WHERE office_id = $1 AND id = $2;

-- query member_update_lock exec
-- in  office_id @id, id @id, failed @int, locked_until @instant?
UPDATE member SET failed = $3, locked_until = $4 WHERE office_id = $1 AND id = $2;

-- query member_credentials one
-- in  office_id @id, login @text
-- out member_credentials_row: id @id, password @text?, locked_until @instant?, disabled @flag
SELECT id, password, locked_until, disabled FROM member WHERE office_id = $1 AND login = $2;

-- query seat_insert exec
-- in  office_id @id, member_id @id, party_id @id, deputy_of @id, from_day @day, to_day @day
INSERT INTO seat (office_id, member_id, party_id, deputy_of, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6);

-- query seat_update_to exec
-- in  office_id @id, member_id @id, party_id @id, deputy_of @id, from_day @day, to_day @day
UPDATE seat SET to_day = $6 WHERE office_id = $1 AND member_id = $2 AND party_id = $3 AND deputy_of = $4 AND from_day = $5;

-- query seat_delete exec
-- in  office_id @id, member_id @id, party_id @id, deputy_of @id, from_day @day
DELETE FROM seat WHERE office_id = $1 AND member_id = $2 AND party_id = $3 AND deputy_of = $4 AND from_day = $5;

-- A member's own seats on a day: what somebody else may hold for him.
-- query seat_own many
-- in  office_id @id, member_id @id, today @day
-- out id @id, name @text, kind @text
SELECT p.id, p.name, p.kind FROM seat s JOIN party p ON p.office_id = s.office_id AND p.id = s.party_id
WHERE s.office_id = $1 AND s.member_id = $2 AND s.deputy_of = 0 AND s.from_day <= $3 AND s.to_day >= $3 ORDER BY p.kind DESC, p.id;

-- Seats that share a day with from_day … to_day.
-- query seat_overlap many
-- in  office_id @id, member_id @id, from_day @day, to_day @day
-- out seat_overlap_row: party_id @id, deputy_of @id, from_day @day
SELECT party_id, deputy_of, from_day FROM seat
WHERE office_id = $1 AND member_id = $2 AND from_day <= $4 AND to_day >= $3 ORDER BY deputy_of, party_id, from_day;

-- --- sessions ---

-- query session_insert exec
-- in  office_id @id, digest @bytes, member_id @id, csrf @text, at @instant, expires_at @instant, agent @text
INSERT INTO session (office_id, digest, member_id, csrf, created_at, seen_at, expires_at, agent) VALUES ($1, $2, $3, $4, $5, $5, $6, $7);

-- query session_by_digest one
-- in  office_id @id, digest @bytes
-- out session_row: member_id @id, csrf @text, seen_at @instant, expires_at @instant
SELECT member_id, csrf, seen_at, expires_at FROM session WHERE office_id = $1 AND digest = $2;

-- query session_update_seen exec
-- in  office_id @id, digest @bytes, seen_at @instant
UPDATE session SET seen_at = $3 WHERE office_id = $1 AND digest = $2;

-- query session_delete exec
-- in  office_id @id, digest @bytes
DELETE FROM session WHERE office_id = $1 AND digest = $2;

-- query session_delete_member exec
-- in  office_id @id, member_id @id
DELETE FROM session WHERE office_id = $1 AND member_id = $2;

-- query session_delete_expired exec
-- in  office_id @id, now @instant
DELETE FROM session WHERE office_id = $1 AND expires_at <= $2;

-- --- tokens ---

-- query token_insert exec
-- in  office_id @id, id @id, member_id @id, name @text, device @flag, digest @bytes, created_at @instant
INSERT INTO token (office_id, id, member_id, name, device, digest, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL);

-- query token_by_digest one
-- in  office_id @id, digest @bytes
-- out token_owner_row: member_id @id, login @text, device @flag
SELECT t.member_id, m.login, t.device FROM token t JOIN member m ON m.office_id = t.office_id AND m.id = t.member_id
WHERE t.office_id = $1 AND t.digest = $2 AND t.revoked_at IS NULL AND m.disabled = 0;

-- query token_of_member many
-- in  office_id @id, member_id @id
-- out token_row: id @id, member_id @id, name @text, device @flag, created_at @instant
SELECT id, member_id, name, device, created_at FROM token
WHERE office_id = $1 AND member_id = $2 AND revoked_at IS NULL ORDER BY id;

-- query token_by_id one
-- in  office_id @id, id @id
-- out token_row
SELECT id, member_id, name, device, created_at FROM token WHERE office_id = $1 AND id = $2 AND revoked_at IS NULL;

-- query token_update_revoked exec
-- in  office_id @id, id @id, at @instant
UPDATE token SET revoked_at = $3 WHERE office_id = $1 AND id = $2;

-- --- offices and their settings ---

-- query people_offices many
-- out office_row: id @id, code @text, name @text
-- all offices: the directory, to choose one
SELECT id, code, name FROM office WHERE id <> 0 ORDER BY id;

-- query people_office_by_code one
-- in  code @text
-- out office_row
-- all offices: the directory, asked by code
SELECT id, code, name FROM office WHERE code = $1 AND id <> 0;

-- query people_office_by_id one
-- in  id @id
-- out office_row
SELECT id, code, name FROM office WHERE id = $1;

-- query setting_value one
-- in  office_id @id, name @text
-- out setting_row: value @text
SELECT value FROM setting WHERE office_id = $1 AND name = $2;

-- query setting_two many
-- in  office_id @id, first @text, second @text
-- out name @text, value @text
SELECT name, value FROM setting WHERE office_id = $1 AND (name = $2 OR name = $3) ORDER BY name;

-- query setting_upsert exec
-- in  office_id @id, name @text, value @text
INSERT INTO setting (office_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (office_id, name) DO UPDATE SET value = $3;
