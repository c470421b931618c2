-- Documents of a period by the section's role in them. how: '%;drafted;%' …; two of them, so that drafting and taking part are one figure.

-- query document_rows many
-- in  office_id @id, from_day @day, to_day @day, how @text, or_how @text, genre @text?, list_id @id
-- out number @text, title @text, genre @text, day @day
-- whole office: the rows behind a figure of the summary
SELECT e.number, e.title, e.genre, e.day FROM entry e
WHERE e.office_id = $1 AND e.day >= $2 AND e.day <= $3 AND e.kind = 'document' AND e.role <> ''
    AND (';' || e.role || ';' LIKE $4 OR ';' || e.role || ';' LIKE $5)
    AND (CAST($6 AS @text) IS NULL OR e.genre = $6)
    AND ($7 = 0 OR EXISTS (SELECT 1 FROM entry_list x WHERE x.office_id = e.office_id AND x.entry_id = e.id AND x.list_id = $7))
ORDER BY e.day, e.id;

-- The genres of such documents, the first written first.
-- query document_genres many
-- in  office_id @id, from_day @day, to_day @day, how @text, or_how @text, list_id @id
-- out genre @text
-- whole office: the rows behind a figure of the summary
SELECT e.genre FROM entry e
WHERE e.office_id = $1 AND e.day >= $2 AND e.day <= $3 AND e.kind = 'document' AND e.role <> '' AND e.genre <> ''
    AND (';' || e.role || ';' LIKE $4 OR ';' || e.role || ';' LIKE $5)
    AND ($6 = 0 OR EXISTS (SELECT 1 FROM entry_list x WHERE x.office_id = e.office_id AND x.entry_id = e.id AND x.list_id = $6))
GROUP BY e.genre ORDER BY MIN(e.id);

-- query summary_list_id one
-- in  office_id @id, name @text
-- out id @id
SELECT id FROM list WHERE office_id = $1 AND name = $2;
