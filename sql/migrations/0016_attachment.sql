-- Attachments: files beside an entry or another slice's object. The bytes are blobs; this is who put which under what name, and who took it away again.
CREATE TABLE attachment (
    office_id @id NOT NULL,
    id @id NOT NULL,
    owner @text NOT NULL,            -- 'entry', or what other slices call theirs
    owner_id @id NOT NULL,
    name @text NOT NULL,
    type @text NOT NULL,             -- by content: 'pdf', 'png' … (format/sniff.h)
    size @int NOT NULL,
    sha256 @bytes NOT NULL,
    scan @flag NOT NULL,             -- of the paper original
    at @instant NOT NULL,
    actor_id @id NOT NULL,
    deputy_of @id NOT NULL,
    removed_at @instant,             -- its bytes are let go then; the line stays
    removed_by @id NOT NULL,         -- 0: nobody
    reason @text NOT NULL,
    PRIMARY KEY (office_id, id)
) @table_end;
CREATE INDEX attachment_owner ON attachment (office_id, owner, owner_id, id);
