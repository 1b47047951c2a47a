-- Each sender has a queue of its own, found without looking at the others', and one worker at a time that sends for it.
DROP INDEX outbox_by_due;
CREATE INDEX outbox_queue ON outbox (sender_id, due_at, message_id) WHERE phase = 'due';
CREATE INDEX outbox_taken ON outbox (phase, due_at, message_id) WHERE phase <> 'due';

CREATE TABLE sender_owner (
    sender_id TEXT NOT NULL PRIMARY KEY,
    worker    TEXT NOT NULL,
    until     INTEGER NOT NULL -- after this moment anybody may take it over
) STRICT, WITHOUT ROWID;
CREATE INDEX sender_owner_by_worker ON sender_owner (worker);
