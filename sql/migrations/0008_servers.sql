-- Several servers on one database, and offices that move between databases.
ALTER TABLE office ADD COLUMN chain_id @id NOT NULL DEFAULT 0;   -- the number its journal is hashed under: that of the database it began in; 0: its own
ALTER TABLE office ADD COLUMN directory_version @int NOT NULL DEFAULT 0;  -- grows with each batch that changes who and what there is: parties, members, seats, tokens, lists, settings
ALTER TABLE office ADD COLUMN job_at @instant;                   -- when its next piece of background work is due; NULL: none waits

CREATE TABLE server_batch (          -- the last batch each server committed: tells whether a COMMIT whose answer was lost happened, whoever wrote after it
    office_id @id NOT NULL,
    server @bytes NOT NULL,          -- random, for each opening of the store
    batches @int NOT NULL,
    at @instant NOT NULL,
    PRIMARY KEY (office_id, server)
) @key_order_end;
