-- Messages that failed for a reason somebody can mend, and that nobody can have received: they wait to be sent again. A row
-- leaves with being sent again, or when it is looked at and cannot be told any more.
CREATE TABLE stranded (
    message_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    sender_id  TEXT NOT NULL,   -- from which it failed
    channel    TEXT NOT NULL,
    country    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    at         INTEGER NOT NULL, -- when it was given up
    good_until INTEGER,          -- the outbox row's, which is gone
    subject    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX stranded_by_account ON stranded (account_id, message_id);

-- Each time somebody asked for messages to be sent again: who, when, which, and how far it is.
CREATE TABLE replay (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    user_id    TEXT,             -- null for a key of the API
    at         INTEGER NOT NULL,
    filter     TEXT NOT NULL,    -- JSON
    total      INTEGER NOT NULL, -- how many there were to look at
    looked_at  INTEGER NOT NULL,
    sent       INTEGER NOT NULL,
    left_out   TEXT NOT NULL,    -- JSON: how many for each reason
    after      TEXT,             -- the last message that was looked at
    ended_at   INTEGER
) STRICT;
CREATE INDEX replay_by_account ON replay (account_id, id);
CREATE INDEX replay_running ON replay (id) WHERE ended_at IS NULL;

-- Which messages that sent again.
CREATE TABLE replayed (
    message_id TEXT NOT NULL,
    replay_id  TEXT NOT NULL,
    PRIMARY KEY (message_id, replay_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX replayed_by_replay ON replayed (replay_id);
