-- A deadline counted in working days keeps how many, so that it can be counted again by a newer calendar without its phrase being read.
ALTER TABLE deadline ADD COLUMN days @int;
CREATE INDEX deadline_working ON deadline (office_id, entry_id) WHERE counted = 'working';
