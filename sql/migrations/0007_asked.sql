-- Extensions that wait for an answer: few at any time, and asked for with every page of today.
CREATE INDEX entry_asked ON entry (office_id, id) WHERE asked_due IS NOT NULL;
