-- --- collections ---

-- query collect_insert exec
-- in  collect_insert_in: office_id @id, id @id, section_id @id, entry_id @id?, title @text, about @text, every @text, ahead @int, many @int, zero @flag,
--     form @int, newest @day, created_by @id, created_at @instant
INSERT INTO collect (office_id, id, section_id, entry_id, title, about, every, ahead, many, zero, ended, form, rounds, newest, version, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 0, $12, 1, $13, $14);

-- query collect_update exec
-- in  collect_update_in: office_id @id, id @id, entry_id @id?, title @text, about @text, every @text, ahead @int, many @int, zero @flag, ended @flag, form @int,
--     version @int
UPDATE collect SET entry_id = $3, title = $4, about = $5, every = $6, ahead = $7, many = $8, zero = $9, ended = $10, form = $11, version = $12
WHERE office_id = $1 AND id = $2;

-- query collect_opened exec
-- in  collect_opened_in: office_id @id, id @id, rounds @int, newest @day
UPDATE collect SET rounds = $3, newest = $4 WHERE office_id = $1 AND id = $2;

-- query collect_by_id one
-- in  collect_by_id_in: office_id @id, id @id
-- out collect_row: id @id, section_id @id, entry_id @id?, number @text?, title @text, about @text, every @text, ahead @int, many @int, zero @flag, ended @flag,
--     form @int, rounds @int, newest @day, version @int, created_at @instant
SELECT c.id, c.section_id, c.entry_id, e.number, c.title, c.about, c.every, c.ahead, c.many, c.zero, c.ended, c.form, c.rounds, c.newest, c.version, c.created_at
FROM collect c LEFT JOIN entry e ON e.office_id = c.office_id AND e.id = c.entry_id
-- whole office: the number of the entry it was asked for; whether the actor may see the collection is asked behind it
WHERE c.office_id = $1 AND c.id = $2;

-- What moves first stands first: the newest rounds' days. With its newest round.
-- query collect_in_order many
-- in  collect_in_order_in: office_id @id, section_id @id, before @day, limit @int
-- out collect_line_row: id @id, title @text, every @text, ended @flag, rounds @int, newest @day, day @day?, due @instant?, sent @flag, asked @int?, answered @int?, zero @int?
SELECT c.id, c.title, c.every, c.ended, c.rounds, c.newest, r.day, r.due, COALESCE(r.sent, 0), r.asked, r.answered, r.zero
FROM collect c LEFT JOIN collect_round r ON r.office_id = c.office_id AND r.collect_id = c.id AND r.n = c.rounds
WHERE c.office_id = $1 AND c.newest <= $3 AND (c.section_id = $2 OR $2 = 0) ORDER BY c.newest DESC, c.id DESC LIMIT $4;

-- query collect_of_entry many
-- in  collect_of_entry_in: office_id @id, entry_id @id, section_id @id
-- out collect_line_row
SELECT c.id, c.title, c.every, c.ended, c.rounds, c.newest, r.day, r.due, COALESCE(r.sent, 0), r.asked, r.answered, r.zero
FROM collect c LEFT JOIN collect_round r ON r.office_id = c.office_id AND r.collect_id = c.id AND r.n = c.rounds
WHERE c.office_id = $1 AND c.entry_id = $2 AND (c.section_id = $3 OR $3 = 0) ORDER BY c.id;

-- query collect_form_insert exec
-- in  collect_form_in: office_id @id, collect_id @id, n @int, body @text
INSERT INTO collect_form (office_id, collect_id, n, body) VALUES ($1, $2, $3, $4);

-- query collect_form_body one
-- in  collect_form_body_in: office_id @id, collect_id @id, n @int
-- out collect_form_row: body @text
SELECT body FROM collect_form WHERE office_id = $1 AND collect_id = $2 AND n = $3;

-- query collect_unit_insert exec
-- in  collect_unit_in: office_id @id, collect_id @id, party_id @id
INSERT INTO collect_unit (office_id, collect_id, party_id) VALUES ($1, $2, $3);

-- query collect_unit_clear exec
-- in  collect_unit_clear_in: office_id @id, collect_id @id
DELETE FROM collect_unit WHERE office_id = $1 AND collect_id = $2;

-- query collect_units many
-- in  collect_units_in: office_id @id, collect_id @id
-- out collect_unit_row: party_id @id, name @text, category @text
SELECT p.id, p.name, p.category FROM collect_unit u JOIN party p ON p.office_id = u.office_id AND p.id = u.party_id
WHERE u.office_id = $1 AND u.collect_id = $2 ORDER BY p.ord, p.id;

-- --- rounds ---

-- query collect_round_insert exec
-- in  collect_round_in: office_id @id, collect_id @id, n @int, id @id, section_id @id, form @int, key_day @day, day @day, opened_at @instant, due @instant, asked @int
INSERT INTO collect_round (office_id, collect_id, n, id, section_id, form, key_day, day, opened_at, due, sent, sheets, asked, answered, zero)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, 0, 0);

-- query collect_round_get one
-- in  collect_round_get_in: office_id @id, collect_id @id, n @int
-- out round_row: id @id, collect_id @id, n @int, form @int, key_day @day, day @day, opened_at @instant, due @instant, sent @flag, sheets @int, asked @int, answered @int, zero @int
SELECT id, collect_id, n, form, key_day, day, opened_at, due, sent, sheets, asked, answered, zero FROM collect_round
WHERE office_id = $1 AND collect_id = $2 AND n = $3;

-- query collect_round_key one
-- in  collect_round_key_in: office_id @id, collect_id @id, key_day @day
-- out round_key_row: n @int
SELECT n FROM collect_round WHERE office_id = $1 AND collect_id = $2 AND key_day = $3;

-- query collect_rounds_back many
-- in  collect_rounds_back_in: office_id @id, collect_id @id, before @int, limit @int
-- out round_row
SELECT id, collect_id, n, form, key_day, day, opened_at, due, sent, sheets, asked, answered, zero FROM collect_round
WHERE office_id = $1 AND collect_id = $2 AND n < $3 ORDER BY n DESC LIMIT $4;

-- query collect_round_counts exec
-- in  collect_round_counts_in: office_id @id, collect_id @id, n @int, asked @int, answered @int, zero @int
UPDATE collect_round SET asked = $4, answered = $5, zero = $6 WHERE office_id = $1 AND collect_id = $2 AND n = $3;

-- query collect_round_sent exec
-- in  collect_round_sent_in: office_id @id, collect_id @id, n @int, sheets @int
UPDATE collect_round SET sent = 1, sheets = $4 WHERE office_id = $1 AND collect_id = $2 AND n = $3;

-- query collect_round_form exec
-- in  collect_round_form_in: office_id @id, collect_id @id, n @int, form @int, due @instant, day @day
UPDATE collect_round SET form = $4, due = $5, day = $6 WHERE office_id = $1 AND collect_id = $2 AND n = $3;

-- The rounds of a section that are due between two instants, not sent up, with somebody missing.
-- query collect_due many
-- in  collect_due_in: office_id @id, section_id @id, from_at @instant, to_at @instant, limit @int
-- out collect_due_row: collect_id @id, n @int, title @text, day @day, due @instant, asked @int, missing @int
SELECT r.collect_id, r.n, c.title, r.day, r.due, r.asked, r.asked - r.answered - r.zero FROM collect_round r JOIN collect c ON c.office_id = r.office_id AND c.id = r.collect_id
WHERE r.office_id = $1 AND r.section_id = $2 AND r.sent = 0 AND r.due > $3 AND r.due <= $4 AND r.asked - r.answered - r.zero > 0 ORDER BY r.due, r.collect_id LIMIT $5;

-- --- answers ---

-- query collect_answers_open exec
-- in  collect_answers_open_in: office_id @id, collect_id @id, round @int, due @instant
INSERT INTO collect_answer (office_id, collect_id, round, party_id, state, zero, late, reopened, waits, due, rev, n, reason, urged, zeros, warned)
SELECT $1, u.collect_id, $3, u.party_id, 'asked', 0, 0, 0, 1, $4, 0, 0, '', 0, 0, 0 FROM collect_unit u WHERE u.office_id = $1 AND u.collect_id = $2;

-- query collect_answer_insert exec
-- in  collect_answer_insert_in: office_id @id, collect_id @id, round @int, party_id @id, due @instant
INSERT INTO collect_answer (office_id, collect_id, round, party_id, state, zero, late, reopened, waits, due, rev, n, reason, urged, zeros, warned)
VALUES ($1, $2, $3, $4, 'asked', 0, 0, 0, 1, $5, 0, 0, '', 0, 0, 0);

-- query collect_answer_delete exec
-- in  collect_answer_delete_in: office_id @id, collect_id @id, round @int, party_id @id
DELETE FROM collect_answer WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND party_id = $4;

-- query collect_answer_get one
-- in  collect_answer_get_in: office_id @id, collect_id @id, round @int, party_id @id
-- out answer_row: party_id @id, unit @text, category @text, state @text, zero @flag, late @flag, reopened @flag, rev @int, n @int, first_at @instant?, at @instant?,
--     reason @text, urged @int, urged_at @instant?, zeros @int, warned @int, by @text?, said_by @text?, correction @flag, body @text?, draft @text?
SELECT a.party_id, p.name, p.category, a.state, a.zero, a.late, a.reopened, a.rev, a.n, a.first_at, a.at, a.reason, a.urged, a.urged_at, a.zeros, a.warned, m.name, v.said_by,
       COALESCE(v.correction, 0), v.body, a.draft
FROM collect_answer a JOIN party p ON p.office_id = a.office_id AND p.id = a.party_id
LEFT JOIN collect_version v ON v.office_id = a.office_id AND v.collect_id = a.collect_id AND v.round = a.round AND v.party_id = a.party_id AND v.n = a.n
LEFT JOIN member m ON m.office_id = v.office_id AND m.id = v.actor_id
WHERE a.office_id = $1 AND a.collect_id = $2 AND a.round = $3 AND a.party_id = $4;

-- A round's answers in official order, without what is in them.
-- query collect_answers many
-- in  collect_answers_in: office_id @id, collect_id @id, round @int
-- out answer_line_row: party_id @id, unit @text, category @text, state @text, zero @flag, late @flag, reopened @flag, rev @int, n @int, first_at @instant?, at @instant?,
--     reason @text, urged @int, urged_at @instant?, zeros @int, warned @int, by @text?, said_by @text?, correction @flag
SELECT a.party_id, p.name, p.category, a.state, a.zero, a.late, a.reopened, a.rev, a.n, a.first_at, a.at, a.reason, a.urged, a.urged_at, a.zeros, a.warned, m.name, v.said_by,
       COALESCE(v.correction, 0)
FROM collect_answer a JOIN party p ON p.office_id = a.office_id AND p.id = a.party_id
LEFT JOIN collect_version v ON v.office_id = a.office_id AND v.collect_id = a.collect_id AND v.round = a.round AND v.party_id = a.party_id AND v.n = a.n
LEFT JOIN member m ON m.office_id = v.office_id AND m.id = v.actor_id
WHERE a.office_id = $1 AND a.collect_id = $2 AND a.round = $3 ORDER BY p.ord, p.id;

-- With it.
-- query collect_bodies many
-- in  collect_answers_in
-- out body_row: party_id @id, unit @text, state @text, zero @flag, n @int, correction @flag, body @text?
SELECT a.party_id, p.name, a.state, a.zero, a.n, COALESCE(v.correction, 0), v.body
FROM collect_answer a JOIN party p ON p.office_id = a.office_id AND p.id = a.party_id
LEFT JOIN collect_version v ON v.office_id = a.office_id AND v.collect_id = a.collect_id AND v.round = a.round AND v.party_id = a.party_id AND v.n = a.n
WHERE a.office_id = $1 AND a.collect_id = $2 AND a.round = $3 ORDER BY p.ord, p.id;

-- query collect_answer_update exec
-- in  collect_answer_update_in: office_id @id, collect_id @id, round @int, party_id @id, state @text, zero @flag, late @flag, reopened @flag, waits @flag, rev @int, n @int,
--     first_at @instant?, at @instant?, reason @text, zeros @int, warned @int, draft @text?
UPDATE collect_answer SET state = $5, zero = $6, late = $7, reopened = $8, waits = $9, rev = $10, n = $11, first_at = $12, at = $13, reason = $14, zeros = $15, warned = $16,
       draft = $17
WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND party_id = $4;

-- query collect_answer_zeros exec
-- in  collect_answer_zeros_in: office_id @id, collect_id @id, round @int, party_id @id, zeros @int
UPDATE collect_answer SET zeros = $5 WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND party_id = $4;

-- query collect_answers_urge exec
-- in  collect_answers_urge_in: office_id @id, collect_id @id, round @int, at @instant
UPDATE collect_answer SET urged = urged + 1, urged_at = $4
WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND (state = 'asked' OR state = 'draft' OR state = 'returned');

-- query collect_answer_urge exec
-- in  collect_answer_urge_in: office_id @id, collect_id @id, round @int, party_id @id, at @instant
UPDATE collect_answer SET urged = urged + 1, urged_at = $5 WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND party_id = $4;

-- query collect_answers_accept exec
-- in  collect_answers_accept_in: office_id @id, collect_id @id, round @int
UPDATE collect_answer SET state = 'accepted', rev = rev + 1
WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND state = 'answered' AND reopened = 0;

-- query collect_answers_freeze exec
-- in  collect_answers_freeze_in: office_id @id, collect_id @id, round @int
UPDATE collect_answer SET waits = reopened WHERE office_id = $1 AND collect_id = $2 AND round = $3;

-- query collect_answers_due exec
-- in  collect_answers_due_in: office_id @id, collect_id @id, round @int, due @instant
UPDATE collect_answer SET due = $4 WHERE office_id = $1 AND collect_id = $2 AND round = $3;

-- What waits for a party's hand, the earliest deadline first.
-- query collect_waiting many
-- in  collect_waiting_in: office_id @id, party_id @id, from_at @instant, to_at @instant, limit @int
-- out asked_row: collect_id @id, round @int, title @text, day @day, due @instant, party_id @id, state @text, zero @flag, reopened @flag, urged @int
SELECT a.collect_id, a.round, c.title, r.day, a.due, a.party_id, a.state, a.zero, a.reopened, a.urged
FROM collect_answer a JOIN collect_round r ON r.office_id = a.office_id AND r.collect_id = a.collect_id AND r.n = a.round
JOIN collect c ON c.office_id = a.office_id AND c.id = a.collect_id
WHERE a.office_id = $1 AND a.party_id = $2 AND a.waits = 1 AND a.due > $3 AND a.due <= $4 ORDER BY a.due, a.collect_id LIMIT $5;

-- What a party was asked, the latest deadline first.
-- query collect_asked many
-- in  collect_asked_in: office_id @id, party_id @id, before @instant, limit @int
-- out asked_row
SELECT a.collect_id, a.round, c.title, r.day, a.due, a.party_id, a.state, a.zero, a.reopened, a.urged
FROM collect_answer a JOIN collect_round r ON r.office_id = a.office_id AND r.collect_id = a.collect_id AND r.n = a.round
JOIN collect c ON c.office_id = a.office_id AND c.id = a.collect_id
WHERE a.office_id = $1 AND a.party_id = $2 AND a.due < $3 ORDER BY a.due DESC, a.collect_id LIMIT $4;

-- The newest round in which a party was asked: by its deadlines' index.
-- query collect_asked_round one
-- in  collect_asked_round_in: office_id @id, party_id @id, collect_id @id
-- out asked_round_row: round @int
SELECT a.round FROM collect_answer a WHERE a.office_id = $1 AND a.party_id = $2 AND a.collect_id = $3 ORDER BY a.due DESC LIMIT 1;

-- query collect_version_insert exec
-- in  collect_version_in: office_id @id, collect_id @id, round @int, party_id @id, n @int, at @instant, actor_id @id, deputy_of @id, said_by @text, zero @flag, late @flag,
--     correction @flag, reason @text, body @text
INSERT INTO collect_version (office_id, collect_id, round, party_id, n, at, actor_id, deputy_of, said_by, zero, late, correction, reason, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- query collect_versions many
-- in  collect_versions_in: office_id @id, collect_id @id, round @int, party_id @id
-- out version_row: n @int, at @instant, by @text?, said_by @text, zero @flag, late @flag, correction @flag, reason @text, body @text
SELECT v.n, v.at, m.name, v.said_by, v.zero, v.late, v.correction, v.reason, v.body
FROM collect_version v LEFT JOIN member m ON m.office_id = v.office_id AND m.id = v.actor_id
WHERE v.office_id = $1 AND v.collect_id = $2 AND v.round = $3 AND v.party_id = $4 ORDER BY v.n;

-- --- acts and sheets ---

-- query collect_act_insert exec
-- in  collect_act_in: office_id @id, collect_id @id, round @int, journal_seq @int, party_id @id, at @instant, actor_id @id, deputy_of @id, verb @text, n @int, text @text
INSERT INTO collect_act (office_id, collect_id, round, journal_seq, party_id, at, actor_id, deputy_of, verb, n, text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- query collect_acts many
-- in  collect_acts_in: office_id @id, collect_id @id, round @int
-- out act_row: party_id @id, unit @text?, at @instant, by @text?, verb @text, n @int, text @text
SELECT a.party_id, p.name, a.at, m.name, a.verb, a.n, a.text
FROM collect_act a LEFT JOIN party p ON p.office_id = a.office_id AND p.id = a.party_id LEFT JOIN member m ON m.office_id = a.office_id AND m.id = a.actor_id
WHERE a.office_id = $1 AND a.collect_id = $2 AND a.round = $3 ORDER BY a.journal_seq DESC;

-- query collect_sheet_insert exec
-- in  collect_sheet_in: office_id @id, collect_id @id, round @int, n @int, at @instant, actor_id @id, deputy_of @id, sent_to @text, sha256 @text, body @text
INSERT INTO collect_sheet (office_id, collect_id, round, n, at, actor_id, deputy_of, sent_to, sha256, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- query collect_sheets many
-- in  collect_sheets_in: office_id @id, collect_id @id, round @int
-- out sheet_row: n @int, at @instant, by @text?, sent_to @text, sha256 @text
SELECT s.n, s.at, m.name, s.sent_to, s.sha256 FROM collect_sheet s LEFT JOIN member m ON m.office_id = s.office_id AND m.id = s.actor_id
WHERE s.office_id = $1 AND s.collect_id = $2 AND s.round = $3 ORDER BY s.n;

-- query collect_sheet_body one
-- in  collect_sheet_body_in: office_id @id, collect_id @id, round @int, n @int
-- out sheet_body_row: body @text
SELECT body FROM collect_sheet WHERE office_id = $1 AND collect_id = $2 AND round = $3 AND n = $4;
