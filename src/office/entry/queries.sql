-- Every query over entries joins stand with a party of the actor's, or says why it need not: "-- whole office: reason"
-- (stand_test.c). What belongs to an entry (acts, lists, assists, deadlines) is asked for only after the entry was seen.

-- query entry_seen one
-- in  office_id @id, party_id @id, number @text
-- out entry_row: office_id @id, id @id, number @text, kind @text, reading @flag, state @text, section_id @id, title @text, source @text,
--     requirement @text, received_at @instant, day @day, due @instant?, unit_due @instant?, no_deadline_reason @text, lead_id @id?,
--     officer_id @id?, leader_id @id?, urgency @text, progress @text, genre @text, role @text, instruction @flag, parent_id @id?,
--     open_parts @int, result @text, paper_where @text, paper_out_at @instant?, paper_back_at @instant?, contact @bytes?,
--     asked_due @instant?, settled_day @day?, late @flag, look_back_day @day?, last_day @day, carried @int, version @int, created_by @id
SELECT e.office_id, e.id, e.number, e.kind, e.reading, e.state, e.section_id, e.title, e.source, e.requirement, e.received_at, e.day, e.due,
    e.unit_due, e.no_deadline_reason, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.genre, e.role, e.instruction,
    e.parent_id, e.open_parts, e.result, e.paper_where, e.paper_out_at, e.paper_back_at, e.contact, e.asked_due, e.settled_day, e.late,
    e.look_back_day, e.last_day, e.carried, e.version, e.created_by
FROM entry e JOIN stand s ON s.office_id = e.office_id AND s.entry_id = e.id
WHERE e.office_id = $1 AND e.number = $3 AND s.party_id = $2;

-- query entry_version_seen one
-- in  office_id @id, party_id @id, number @text
-- out version @int
SELECT e.version FROM entry e JOIN stand s ON s.office_id = e.office_id AND s.entry_id = e.id
WHERE e.office_id = $1 AND e.number = $3 AND s.party_id = $2;

-- query entry_of_id one
-- in  office_id @id, id @id
-- out entry_row
-- whole office: hooks and closing, on the writer
SELECT office_id, id, number, kind, reading, state, section_id, title, source, requirement, received_at, day, due,
    unit_due, no_deadline_reason, lead_id, officer_id, leader_id, urgency, progress, genre, role, instruction,
    parent_id, open_parts, result, paper_where, paper_out_at, paper_back_at, contact, asked_due, settled_day, late,
    look_back_day, last_day, carried, version, created_by
FROM entry WHERE office_id = $1 AND id = $2;

-- Neighbours by id, for whoever writes whole ledgers: what the actor does not see is left out of them by its id.
-- query entry_rows_between many
-- in  office_id @id, first @id, last @id
-- out entry_row
-- whole office: only the ids that came through stand just before are used
SELECT office_id, id, number, kind, reading, state, section_id, title, source, requirement, received_at, day, due,
    unit_due, no_deadline_reason, lead_id, officer_id, leader_id, urgency, progress, genre, role, instruction,
    parent_id, open_parts, result, paper_where, paper_out_at, paper_back_at, contact, asked_due, settled_day, late,
    look_back_day, last_day, carried, version, created_by
FROM entry WHERE office_id = $1 AND id >= $2 AND id <= $3 ORDER BY id;

-- query entry_lists_between many
-- in  office_id @id, first @id, last @id
-- out pair_row: entry_id @id, id @id
-- whole office: as entry_rows_between
SELECT x.entry_id, x.list_id FROM entry_list x JOIN list l ON l.office_id = x.office_id AND l.id = x.list_id
WHERE x.office_id = $1 AND x.entry_id >= $2 AND x.entry_id <= $3 ORDER BY x.entry_id, l.ord, l.id;

-- query entry_assists_between many
-- in  office_id @id, first @id, last @id
-- out pair_row
-- whole office: as entry_rows_between
SELECT a.entry_id, a.party_id FROM assist a CROSS JOIN party p
WHERE a.office_id = $1 AND a.entry_id >= $2 AND a.entry_id <= $3 AND p.office_id = a.office_id AND p.id = a.party_id
ORDER BY a.entry_id, p.kind, p.ord, p.id;

-- query entry_put exec
-- in  entry_row
-- whole office: the writer has decided; number, kind, day and parent never change
INSERT INTO entry (office_id, id, number, kind, reading, state, section_id, title, source, requirement, received_at, day, due,
    unit_due, no_deadline_reason, lead_id, officer_id, leader_id, urgency, progress, genre, role, instruction,
    parent_id, open_parts, result, paper_where, paper_out_at, paper_back_at, contact, asked_due, settled_day, late,
    look_back_day, last_day, carried, version, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,
    $30, $31, $32, $33, $34, $35, $36, $37, $38)
ON CONFLICT (office_id, id) DO UPDATE SET state = excluded.state, title = excluded.title, source = excluded.source,
    requirement = excluded.requirement, received_at = excluded.received_at, due = excluded.due, unit_due = excluded.unit_due,
    no_deadline_reason = excluded.no_deadline_reason, lead_id = excluded.lead_id, officer_id = excluded.officer_id,
    leader_id = excluded.leader_id, urgency = excluded.urgency, progress = excluded.progress, genre = excluded.genre, role = excluded.role,
    instruction = excluded.instruction, result = excluded.result, paper_where = excluded.paper_where,
    paper_out_at = excluded.paper_out_at, paper_back_at = excluded.paper_back_at, contact = excluded.contact,
    asked_due = excluded.asked_due, settled_day = excluded.settled_day, late = excluded.late, look_back_day = excluded.look_back_day,
    last_day = excluded.last_day, version = excluded.version;

-- query entry_parts_add exec
-- in  office_id @id, id @id, n @int
-- whole office: a part's registration or end, told to its parent
UPDATE entry SET open_parts = open_parts + $3 WHERE office_id = $1 AND id = $2;

-- query entry_carry exec
-- in  office_id @id, id @id
-- whole office: a month's closing
UPDATE entry SET carried = carried + 1 WHERE office_id = $1 AND id = $2;

-- The parts of an entry, whoever sees them: they are withdrawn with it.
-- query part_ids many
-- in  office_id @id, parent_id @id
-- out part_ids_row: id @id
-- whole office: a parent's parts follow it
SELECT id FROM entry WHERE office_id = $1 AND parent_id = $2 ORDER BY id;

-- The parts of an entry (分解) that stand beside a party.
-- query entry_parts_seen each
-- in  office_id @id, party_id @id, parent_id @id
-- out entry_id @id
SELECT e.id FROM entry e JOIN stand s ON s.office_id = e.office_id AND s.entry_id = e.id
WHERE e.office_id = $1 AND e.parent_id = $3 AND s.party_id = $2 ORDER BY e.id;

-- query entry_stands_beside one
-- in  office_id @id, party_id @id, entry_id @id
-- out n @int
SELECT COUNT(*) FROM stand WHERE office_id = $1 AND party_id = $2 AND entry_id = $3;

-- What a member did to an entry, or the section wrote down for somebody (代录).
-- query act_count one
-- in  office_id @id, entry_id @id, actor_id @id, verb @text
-- out n @int
-- whole office: of an entry that was seen
SELECT COUNT(*) FROM act WHERE office_id = $1 AND entry_id = $2 AND verb = $4 AND (actor_id = $3 OR recorded_for <> '');

-- --- stand ---------------------------------------------------------------------------------------------------------------

-- query stand_put exec
-- in  office_id @id, party_id @id, entry_id @id, open @flag, reading @flag, state @text, due @instant
INSERT INTO stand (office_id, party_id, entry_id, open, reading, state, due) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (office_id, party_id, entry_id) DO UPDATE SET open = excluded.open, reading = excluded.reading, state = excluded.state,
    due = excluded.due;

-- query stand_drop exec
-- in  office_id @id, party_id @id, entry_id @id
DELETE FROM stand WHERE office_id = $1 AND party_id = $2 AND entry_id = $3;

-- One walk over one party's index: open entries to act on, earliest deadline first.
-- query stand_due_walk each
-- in  office_id @id, party_id @id, due_from @instant, due_until @instant, max @int
-- out due @instant, entry_id @id
SELECT due, entry_id FROM stand
WHERE office_id = $1 AND party_id = $2 AND open = 1 AND reading = 0 AND due >= $3 AND due < $4
ORDER BY due, entry_id LIMIT $5;

-- query entry_line_of_id one
-- in  office_id @id, id @id
-- out line_row: id @id, number @text, title @text, source @text, requirement @text, kind @text, state @text, reading @flag, due @instant?,
--     unit_due @instant?, day @day, settled_day @day?, last_day @day, lead @text?, officer @text?, leader @text?, lead_id @id?,
--     officer_id @id?, leader_id @id?, urgency @text, progress @text, result @text, late @flag, carried @int
-- whole office: the id was found through stand just before
SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.reading, e.due, e.unit_due, e.day, e.settled_day, e.last_day,
    u.name, m.name, l.name, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried
FROM entry e
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
    LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id
    LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id
WHERE e.office_id = $1 AND e.id = $2;

-- query entry_lines_between many
-- in  office_id @id, first @id, last @id
-- out line_row
-- whole office: only the ids that came through stand just before are used
SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.reading, e.due, e.unit_due, e.day, e.settled_day, e.last_day,
    u.name, m.name, l.name, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried
FROM entry e
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
    LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id
    LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id
WHERE e.office_id = $1 AND e.id >= $2 AND e.id <= $3;

-- What one party has due in a span, earliest first, with its lines: one statement for many rows costs half of one for each.
-- query stand_due_lines many
-- in  office_id @id, party_id @id, due_from @instant, due_until @instant, max @int
-- out line_row
SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.reading, e.due, e.unit_due, e.day, e.settled_day, e.last_day,
    u.name, m.name, l.name, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried
FROM stand s
    JOIN entry e ON e.office_id = s.office_id AND e.id = s.entry_id
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
    LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id
    LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id
WHERE s.office_id = $1 AND s.party_id = $2 AND s.open = 1 AND s.reading = 0 AND s.due >= $3 AND s.due < $4
ORDER BY s.due, s.entry_id LIMIT $5;

-- The newest of one party in one state, and of all, with their lines.
-- query stand_state_lines many
-- in  office_id @id, party_id @id, state @text, max @int
-- out line_row
SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.reading, e.due, e.unit_due, e.day, e.settled_day, e.last_day,
    u.name, m.name, l.name, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried
FROM stand s
    JOIN entry e ON e.office_id = s.office_id AND e.id = s.entry_id
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
    LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id
    LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id
WHERE s.office_id = $1 AND s.party_id = $2 AND s.state = $3
ORDER BY s.entry_id DESC LIMIT $4;

-- query stand_new_lines many
-- in  office_id @id, party_id @id, max @int
-- out line_row
SELECT e.id, e.number, e.title, e.source, e.requirement, e.kind, e.state, e.reading, e.due, e.unit_due, e.day, e.settled_day, e.last_day,
    u.name, m.name, l.name, e.lead_id, e.officer_id, e.leader_id, e.urgency, e.progress, e.result, e.late, e.carried
FROM stand s
    JOIN entry e ON e.office_id = s.office_id AND e.id = s.entry_id
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
    LEFT JOIN member m ON m.office_id = e.office_id AND m.id = e.officer_id
    LEFT JOIN party l ON l.office_id = e.office_id AND l.id = e.leader_id
WHERE s.office_id = $1 AND s.party_id = $2
ORDER BY s.entry_id DESC LIMIT $3;

-- Extensions asked for in the matters of one party, the oldest first: the few rows of a partial index are walked.
-- query stand_asked many
-- in  office_id @id, party_id @id, max @int
-- out number @text, title @text, lead @text?, asked_due @instant
SELECT e.number, e.title, u.name, e.asked_due
FROM entry e
    CROSS JOIN stand s
    LEFT JOIN party u ON u.office_id = e.office_id AND u.id = e.lead_id
WHERE e.office_id = $1 AND e.asked_due IS NOT NULL AND s.office_id = e.office_id AND s.party_id = $2 AND s.entry_id = e.id
ORDER BY e.id LIMIT $3;

-- query stand_state_walk each
-- in  office_id @id, party_id @id, state @text, max @int
-- out entry_id @id
SELECT entry_id FROM stand WHERE office_id = $1 AND party_id = $2 AND state = $3 ORDER BY entry_id DESC LIMIT $4;

-- query stand_new_walk each
-- in  office_id @id, party_id @id, max @int
-- out entry_id @id
SELECT entry_id FROM stand WHERE office_id = $1 AND party_id = $2 ORDER BY entry_id DESC LIMIT $3;

-- --- what belongs to an entry ----------------------------------------------------------------------------------------------

-- query assist_ids many
-- in  office_id @id, entry_id @id
-- out id_row: id @id
-- whole office: of an entry that was seen
SELECT a.party_id FROM assist a CROSS JOIN party p        -- so that SQLite does not walk all parties to have them in order
WHERE a.office_id = $1 AND a.entry_id = $2 AND p.office_id = a.office_id AND p.id = a.party_id ORDER BY p.kind, p.ord, p.id;

-- query assist_add exec
-- in  office_id @id, entry_id @id, party_id @id
-- whole office: the writer has decided
INSERT INTO assist (office_id, entry_id, party_id) VALUES ($1, $2, $3);

-- query assist_clear exec
-- in  office_id @id, entry_id @id
-- whole office: the writer has decided
DELETE FROM assist WHERE office_id = $1 AND entry_id = $2;

-- query entry_list_ids many
-- in  office_id @id, entry_id @id
-- out id_row
-- whole office: of an entry that was seen
SELECT x.list_id FROM entry_list x JOIN list l ON l.office_id = x.office_id AND l.id = x.list_id
WHERE x.office_id = $1 AND x.entry_id = $2 ORDER BY l.ord, l.id;

-- query entry_list_put exec
-- in  office_id @id, entry_id @id, list_id @id
-- whole office: the writer has decided
INSERT INTO entry_list (office_id, entry_id, list_id) VALUES ($1, $2, $3);

-- query entry_list_clear exec
-- in  office_id @id, entry_id @id
-- whole office: the writer has decided
DELETE FROM entry_list WHERE office_id = $1 AND entry_id = $2;

-- query deadline_put exec
-- in  office_id @id, entry_id @id, whose @text, phrase @text, anchor @instant?, kind @text, due @instant, strict @instant, counted @text,
--     edition @text, confirmed_by @id?, days @int?
-- whole office: the writer has decided
INSERT INTO deadline (office_id, entry_id, whose, phrase, anchor, kind, due, strict, counted, edition, confirmed_by, days)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (office_id, entry_id, whose) DO UPDATE SET phrase = excluded.phrase, anchor = excluded.anchor, kind = excluded.kind,
    due = excluded.due, strict = excluded.strict, counted = excluded.counted, edition = excluded.edition,
    confirmed_by = excluded.confirmed_by, days = excluded.days;

-- The last bell moves with the deadline.
-- query deadline_move exec
-- in  office_id @id, entry_id @id, whose @text, due @instant, edition @text
-- whole office: the writer has decided
UPDATE deadline SET strict = strict + $4 - due, due = $4, edition = $5 WHERE office_id = $1 AND entry_id = $2 AND whose = $3;

-- What a new calendar may move: counted in working days, of an open entry, counted by another edition of the calendar.
-- query deadline_counted many
-- in  office_id @id, edition @text
-- out entry_id @id, number @text, title @text, whose @text, anchor @instant, days @int, confirmed_by @id?, due @instant?, unit_due @instant?
-- whole office: the calendar is the whole office's; what a page shows of these is fetched through the actor
SELECT e.id, e.number, e.title, d.whose, d.anchor, d.days, d.confirmed_by, e.due, e.unit_due
FROM deadline d JOIN entry e ON e.office_id = d.office_id AND e.id = d.entry_id
WHERE d.office_id = $1 AND d.counted = 'working' AND d.edition <> $2 AND d.anchor IS NOT NULL AND d.days IS NOT NULL
    AND e.state IN ('pending', 'active', 'returned', 'review', 'suspended')
ORDER BY e.id, d.whose;

-- query deadline_drop exec
-- in  office_id @id, entry_id @id, whose @text
-- whole office: the writer has decided
DELETE FROM deadline WHERE office_id = $1 AND entry_id = $2 AND whose = $3;

-- How ours came about, with the unit's left aside: it is a day or an instant as given.
-- query deadline_of one
-- in  office_id @id, entry_id @id
-- out phrase @text, anchor @instant?, kind @text, due @instant, strict @instant, counted @text, edition @text, confirmed_by @id?, days @int?
-- whole office: of an entry that was seen
SELECT phrase, anchor, kind, due, strict, counted, edition, confirmed_by, days FROM deadline WHERE office_id = $1 AND entry_id = $2 AND whose = 'ours';

-- query act_add exec
-- in  office_id @id, entry_id @id, n @int, journal_seq @int, at @instant, day @day, actor_id @id, deputy_of @id, verb @text,
--     recorded_for @text, from_state @text, to_state @text, text @text, change @text, corrects @int
-- whole office: the writer has decided
INSERT INTO act (office_id, entry_id, n, journal_seq, at, day, actor_id, deputy_of, verb, recorded_for, from_state, to_state, text, change,
    corrects)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- query act_list many
-- in  office_id @id, entry_id @id
-- out n @int, journal_seq @int, at @instant, day @day, actor_id @id, deputy_of @id, actor @text?, deputy @text?, verb @text,
--     recorded_for @text, from_state @text, to_state @text, text @text, change @text, corrects @int
-- whole office: of an entry that was seen
SELECT a.n, a.journal_seq, a.at, a.day, a.actor_id, a.deputy_of, m.name, d.name, a.verb, a.recorded_for, a.from_state, a.to_state, a.text,
    a.change, a.corrects
FROM act a
    LEFT JOIN member m ON m.office_id = a.office_id AND m.id = a.actor_id
    LEFT JOIN member d ON d.office_id = a.office_id AND d.id = a.deputy_of
WHERE a.office_id = $1 AND a.entry_id = $2 ORDER BY a.n;

-- --- names and months ---------------------------------------------------------------------------------------------------------

-- Those who may keep an entry; a liaison or leader named as its officer would see it.
-- query officer_find many
-- in  office_id @id, name @text, roles @int
-- out id @id, login @text
SELECT id, login FROM member
WHERE office_id = $1 AND (login = $2 OR name = $2) AND (roles & $3) <> 0 AND disabled = 0 AND login <> 'console' ORDER BY id;

-- query officer_of_id one
-- in  office_id @id, id @id
-- out name @text, party_id @id
SELECT name, party_id FROM member WHERE office_id = $1 AND id = $2;

-- query list_find one
-- in  office_id @id, name @text
-- out id @id
SELECT id FROM list WHERE office_id = $1 AND name = $2 AND active = 1 AND query IS NULL;

-- In use or retired, kept by hand or by a query: a name is one list's.
-- query list_taken one
-- in  office_id @id, name @text
-- out id @id
SELECT id FROM list WHERE office_id = $1 AND name = $2;

-- query list_in_use one
-- in  office_id @id, id @id
-- out active @flag
SELECT active FROM list WHERE office_id = $1 AND id = $2;

-- query list_all many
-- in  office_id @id
-- out id @id, name @text
SELECT id, name FROM list WHERE office_id = $1 AND active = 1 AND query IS NULL ORDER BY ord, id;

-- query list_name one
-- in  office_id @id, id @id
-- out name @text
SELECT name FROM list WHERE office_id = $1 AND id = $2;

-- query list_count one
-- in  office_id @id
-- out n @int
SELECT COUNT(*) FROM list WHERE office_id = $1;

-- query list_add exec
-- in  office_id @id, id @id, name @text, ord @int
INSERT INTO list (office_id, id, name, ord, active) VALUES ($1, $2, $3, $4, 1);

-- The last closed month, 0 when none is: its slice comes after this one, the rule about days does not.
-- query month_closed one
-- in  office_id @id
-- out period @int
SELECT COALESCE(MAX(period), 0) FROM closing WHERE office_id = $1;

-- query series_last one
-- in  office_id @id, kind @text, year @int
-- out last @int
SELECT last FROM series WHERE office_id = $1 AND kind = $2 AND year = $3;
