-- Lists, their own columns and values, saved views, bulk edits. Every query over entries joins stand with a party of the actor's, or says why it need not.

-- query list_rows many
-- in  office_id @id
-- out list_row: id @id, name @text, query @text?, ord @int, active @flag
SELECT id, name, query, ord, active FROM list WHERE office_id = $1 ORDER BY ord, id;

-- query list_of_id one
-- in  office_id @id, id @id
-- out list_row
SELECT id, name, query, ord, active FROM list WHERE office_id = $1 AND id = $2;

-- query list_of_name one
-- in  office_id @id, name @text
-- out list_row
SELECT id, name, query, ord, active FROM list WHERE office_id = $1 AND name = $2;

-- query list_insert exec
-- in  office_id @id, id @id, name @text, query @text?, ord @int
INSERT INTO list (office_id, id, name, query, ord, active) VALUES ($1, $2, $3, $4, $5, 1);

-- query list_update exec
-- in  office_id @id, id @id, name @text, query @text?, ord @int, active @flag
UPDATE list SET name = $3, query = $4, ord = $5, active = $6 WHERE office_id = $1 AND id = $2;

-- query list_member one
-- in  office_id @id, list_id @id
-- out entry_id @id
-- whole office: whether any is there, before a list by hand becomes one by query
SELECT entry_id FROM entry_list WHERE office_id = $1 AND list_id = $2 LIMIT 1;

-- What is open on any list, of one party: the index of what is open is walked once for all lists.
-- query list_open each
-- in  office_id @id, party_id @id
-- out list_id @id, entry_id @id, due @instant
SELECT x.list_id, s.entry_id, s.due FROM stand s CROSS JOIN entry_list x
WHERE s.office_id = $1 AND s.party_id = $2 AND s.open = 1 AND x.office_id = s.office_id AND x.entry_id = s.entry_id;

-- What was settled since a day.
-- query list_settled each
-- in  office_id @id, party_id @id, from_day @day
-- out list_id @id, entry_id @id
SELECT x.list_id, e.id FROM entry e CROSS JOIN stand s CROSS JOIN entry_list x
WHERE e.office_id = $1 AND e.settled_day >= $3 AND s.office_id = e.office_id AND s.party_id = $2 AND s.entry_id = e.id
    AND x.office_id = e.office_id AND x.entry_id = e.id;

-- --- own columns ---------------------------------------------------------------------------------------------------------------

-- query column_rows many
-- in  office_id @id, list_id @id
-- out column_row: id @id, name @text, type @text, choices @text, ord @int, active @flag
SELECT id, name, type, choices, ord, active FROM list_column WHERE office_id = $1 AND list_id = $2 ORDER BY ord, id;

-- query column_insert exec
-- in  office_id @id, list_id @id, id @id, name @text, type @text, choices @text, ord @int
INSERT INTO list_column (office_id, list_id, id, name, type, choices, ord, active) VALUES ($1, $2, $3, $4, $5, $6, $7, 1);

-- query column_update exec
-- in  office_id @id, list_id @id, id @id, name @text, choices @text, ord @int, active @flag
UPDATE list_column SET name = $4, choices = $5, ord = $6, active = $7 WHERE office_id = $1 AND list_id = $2 AND id = $3;

-- query value_rows many
-- in  office_id @id, list_id @id, entry_id @id
-- out column_id @id, value @text
-- whole office: of an entry that was seen
SELECT column_id, value FROM list_value WHERE office_id = $1 AND list_id = $2 AND entry_id = $3;

-- query list_value_put exec
-- in  office_id @id, list_id @id, entry_id @id, column_id @id, value @text
-- whole office: the writer has decided
INSERT INTO list_value (office_id, list_id, entry_id, column_id, value) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (office_id, list_id, entry_id, column_id) DO UPDATE SET value = excluded.value;

-- query value_drop exec
-- in  office_id @id, list_id @id, entry_id @id, column_id @id
-- whole office: the writer has decided
DELETE FROM list_value WHERE office_id = $1 AND list_id = $2 AND entry_id = $3 AND column_id = $4;

-- What a leader said of the result of an instruction, as the act of settling holds it.
-- query settle_change one
-- in  office_id @id, entry_id @id
-- out change @text
-- whole office: of an entry that was seen
SELECT change FROM act WHERE office_id = $1 AND entry_id = $2 AND verb = 'settle' ORDER BY n DESC LIMIT 1;

-- --- views ------------------------------------------------------------------------------------------------------------------------

-- query view_rows many
-- in  office_id @id, section_id @id, member_id @id
-- out view_row: id @id, owner_id @id, shared @flag, name @text, query @text, start @flag, active @flag
SELECT id, owner_id, shared, name, query, start, active FROM saved_view
WHERE office_id = $1 AND section_id = $2 AND (shared = 1 OR owner_id = $3) ORDER BY id;

-- query view_insert exec
-- in  office_id @id, id @id, section_id @id, owner_id @id, shared @flag, name @text, query @text, start @flag
INSERT INTO saved_view (office_id, id, section_id, owner_id, shared, name, query, start, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1);

-- query view_update exec
-- in  office_id @id, id @id, shared @flag, name @text, query @text, start @flag, active @flag
UPDATE saved_view SET shared = $3, name = $4, query = $5, start = $6, active = $7 WHERE office_id = $1 AND id = $2;

-- --- bulk edits -----------------------------------------------------------------------------------------------------------------------

-- query bulk_insert exec
-- in  office_id @id, id @id, member_id @id, at @instant, day @day, act @text, value @text, n @int
INSERT INTO bulk (office_id, id, member_id, at, day, act, value, n, undone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- query bulk_item_insert exec
-- in  office_id @id, bulk_id @id, entry_id @id, number @text, version @int, before @text
-- whole office: the writer has decided
INSERT INTO bulk_item (office_id, bulk_id, entry_id, number, version, before) VALUES ($1, $2, $3, $4, $5, $6);

-- query bulk_of_id one
-- in  office_id @id, id @id
-- out member_id @id, day @day, act @text, value @text, n @int, undone @flag
SELECT member_id, day, act, value, n, undone FROM bulk WHERE office_id = $1 AND id = $2;

-- query bulk_items many
-- in  office_id @id, bulk_id @id
-- out entry_id @id, number @text, version @int, before @text
-- whole office: each is fetched through the actor before anything is done to it
SELECT entry_id, number, version, before FROM bulk_item WHERE office_id = $1 AND bulk_id = $2 ORDER BY entry_id;

-- query bulk_undone exec
-- in  office_id @id, id @id
UPDATE bulk SET undone = 1 WHERE office_id = $1 AND id = $2;
