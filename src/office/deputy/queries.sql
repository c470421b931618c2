-- Deputies as they were agreed. Their rights are the people floor's seats.

-- query deputy_insert exec
-- in  office_id @id, id @id, member_id @id, for_id @id, from_day @day, to_day @day, scope @text, note @text, made_by @id, made_at @instant
INSERT INTO deputy (office_id, id, member_id, for_id, from_day, to_day, scope, note, made_by, made_at, ended_by, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL);

-- query deputy_end exec
-- in  office_id @id, id @id, by @id, at @instant
UPDATE deputy SET ended_by = $3, ended_at = $4 WHERE office_id = $1 AND id = $2;

-- Those whose last day is not before a day, the earliest to end first.
-- query deputy_since many
-- in  office_id @id, day @day, max @int
-- out deputy_row: id @id, member_id @id, for_id @id, from_day @day, to_day @day, scope @text, note @text, made_by @id, made_at @instant, ended_by @id?,
--     ended_at @instant?, login @text, name @text, for_login @text, for_name @text, for_home @id, maker @text?, ender @text?
SELECT d.id, d.member_id, d.for_id, d.from_day, d.to_day, d.scope, d.note, d.made_by, d.made_at, d.ended_by, d.ended_at, m.login, m.name, f.login, f.name,
    f.home_id, b.name, e.name
FROM deputy d
    JOIN member m ON m.office_id = d.office_id AND m.id = d.member_id
    JOIN member f ON f.office_id = d.office_id AND f.id = d.for_id
    LEFT JOIN member b ON b.office_id = d.office_id AND b.id = d.made_by
    LEFT JOIN member e ON e.office_id = d.office_id AND e.id = d.ended_by
WHERE d.office_id = $1 AND d.to_day >= $2 ORDER BY d.to_day, d.id LIMIT $3;

-- Those that are over, the latest first.
-- query deputy_before many
-- in  office_id @id, day @day, max @int
-- out deputy_row
SELECT d.id, d.member_id, d.for_id, d.from_day, d.to_day, d.scope, d.note, d.made_by, d.made_at, d.ended_by, d.ended_at, m.login, m.name, f.login, f.name,
    f.home_id, b.name, e.name
FROM deputy d
    JOIN member m ON m.office_id = d.office_id AND m.id = d.member_id
    JOIN member f ON f.office_id = d.office_id AND f.id = d.for_id
    LEFT JOIN member b ON b.office_id = d.office_id AND b.id = d.made_by
    LEFT JOIN member e ON e.office_id = d.office_id AND e.id = d.ended_by
WHERE d.office_id = $1 AND d.to_day < $2 ORDER BY d.to_day DESC, d.id DESC LIMIT $3;

-- query deputy_by_id one
-- in  office_id @id, id @id
-- out deputy_row
SELECT d.id, d.member_id, d.for_id, d.from_day, d.to_day, d.scope, d.note, d.made_by, d.made_at, d.ended_by, d.ended_at, m.login, m.name, f.login, f.name,
    f.home_id, b.name, e.name
FROM deputy d
    JOIN member m ON m.office_id = d.office_id AND m.id = d.member_id
    JOIN member f ON f.office_id = d.office_id AND f.id = d.for_id
    LEFT JOIN member b ON b.office_id = d.office_id AND b.id = d.made_by
    LEFT JOIN member e ON e.office_id = d.office_id AND e.id = d.ended_by
WHERE d.office_id = $1 AND d.id = $2;

-- The seats a deputy holds by one agreement.
-- query deputy_seats many
-- in  office_id @id, member_id @id, for_id @id, from_day @day
-- out id @id
SELECT party_id FROM seat WHERE office_id = $1 AND member_id = $2 AND deputy_of = $3 AND from_day = $4 ORDER BY party_id;
