-- How the parts of an entry stand; the entry itself was fetched through the actor.
-- query split_count one
-- in  office_id @id, parent_id @id
-- out split_count_row: n @int, latest @instant?
-- whole office: the parts of one entry, for its own section
SELECT COUNT(*), MAX(due) FROM entry WHERE office_id = $1 AND parent_id = $2;
