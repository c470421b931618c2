-- Background work: one row for each thing that waits or is being done. store/job.h has the rules.
CREATE TABLE job (
    office_id @id NOT NULL,
    kind @text NOT NULL,
    subject @id NOT NULL,            -- what it is about; 0: the office itself
    due_at @instant NOT NULL,        -- when it was to be done
    next_at @instant NOT NULL,       -- when a server looks at it next: due_at, later after a failure; while claimed, the end of the lease
    claim @bytes,                    -- random, of the server that does it now; NULL: it waits
    again_at @instant,               -- asked for once more while it was being done
    tries @int NOT NULL,             -- claims since it was asked for
    last_error @text NOT NULL,       -- a sentence; '' when the last try did not fail
    PRIMARY KEY (office_id, kind, subject)
) @key_order_end;
CREATE INDEX job_next ON job (office_id, next_at);
CREATE INDEX office_job ON office (job_at) WHERE job_at IS NOT NULL;

-- Offices that are there already: swept at once, then each night.
INSERT INTO job (office_id, kind, subject, due_at, next_at, tries, last_error) SELECT id, 'sweep', 0, 0, 0, 0, '' FROM office;
UPDATE office SET job_at = 0;
