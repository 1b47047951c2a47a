-- Messages that failed for a reason somebody can mend, and that nobody can have received: they wait to be sent again. A row
-- leaves with being sent again, or when it is looked at and cannot be told any more.
CREATE TABLE stranded (
    message_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    sender_id  TEXT COLLATE "C" NOT NULL,   -- from which it failed
    channel    TEXT COLLATE "C" NOT NULL,
    country    TEXT COLLATE "C" NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL, -- when it was given up
    good_until BIGINT,          -- the outbox row's, which is gone
    subject    TEXT COLLATE "C"
);
CREATE INDEX stranded_by_account ON stranded (account_id, message_id);

-- Each time somebody asked for messages to be sent again: who, when, which, and how far it is.
CREATE TABLE replay (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C",             -- null for a key of the API
    at         BIGINT NOT NULL,
    filter     TEXT COLLATE "C" NOT NULL,    -- JSON
    total      BIGINT NOT NULL, -- how many there were to look at
    looked_at  BIGINT NOT NULL,
    sent       BIGINT NOT NULL,
    left_out   TEXT COLLATE "C" NOT NULL,    -- JSON: how many for each reason
    after      TEXT COLLATE "C",             -- the last message that was looked at
    ended_at   BIGINT
);
CREATE INDEX replay_by_account ON replay (account_id, id);
CREATE INDEX replay_running ON replay (id) WHERE ended_at IS NULL;

-- Which messages that sent again.
CREATE TABLE replayed (
    message_id TEXT COLLATE "C" NOT NULL,
    replay_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (message_id, replay_id)
);
CREATE INDEX replayed_by_replay ON replayed (replay_id);
