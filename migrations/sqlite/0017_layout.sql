-- What waits for a stage lies beside the tables that grow, in small tables whose rows leave. SQLite keeps those plain: it has
-- no partitions, and one writer that removes what is old in small steps is all it could use them for.

CREATE TABLE delivery_inbox (
    id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO delivery_inbox (id) SELECT id FROM delivery WHERE state = 'stored';
DROP INDEX delivery_waiting;

CREATE TABLE event_inbox (
    id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO event_inbox (id) SELECT id FROM event WHERE decided = 0;
CREATE TABLE event_known (
    id              TEXT NOT NULL PRIMARY KEY,
    account_id      TEXT NOT NULL,
    brand_id        TEXT NOT NULL,
    connection_id   TEXT NOT NULL,
    delivery_id     TEXT NOT NULL,
    source          TEXT NOT NULL,
    status          TEXT NOT NULL,
    source_status   TEXT,
    direction       TEXT NOT NULL CHECK (direction IN ('outbound', 'return')),
    test            INTEGER NOT NULL,
    occurred_at     INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    order_number    TEXT,
    tracking_number TEXT,
    country         TEXT,
    phone           TEXT,
    facts           TEXT NOT NULL -- the rest of what the source told, as JSON
) STRICT;
INSERT INTO event_known (id, account_id, brand_id, connection_id, delivery_id, source, status, source_status, direction, test,
        occurred_at, received_at, order_number, tracking_number, country, phone, facts)
    SELECT id, account_id, brand_id, connection_id, delivery_id, source, status, source_status, direction, test,
        occurred_at, received_at, order_number, tracking_number, country, phone, facts FROM event;
DROP TABLE event;
ALTER TABLE event_known RENAME TO event;
CREATE INDEX event_by_account ON event (account_id, id);
CREATE INDEX event_by_delivery ON event (delivery_id);
CREATE INDEX event_by_order ON event (account_id, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX event_by_tracking ON event (account_id, tracking_number, id) WHERE tracking_number IS NOT NULL;

-- Receipts whose message is not known yet, or that nobody has looked at; the same one said twice is one.
CREATE TABLE receipt_inbox (
    id          TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    sender_id   TEXT NOT NULL,
    attempt_id  TEXT,
    provider_id TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    code        TEXT,
    detail      TEXT,
    look_at     INTEGER,          -- when to look at it again; null when its message was never found
    PRIMARY KEY (provider_id, kind, sender_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_inbox_waiting ON receipt_inbox (id) WHERE look_at IS NOT NULL;
INSERT INTO receipt_inbox (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, look_at)
    SELECT id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, look_at
    FROM receipt WHERE message_id IS NULL;

-- The receipts of messages, found by them.
CREATE TABLE receipt_applied (
    id          TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    sender_id   TEXT NOT NULL,
    attempt_id  TEXT,
    provider_id TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    code        TEXT,
    detail      TEXT,
    message_id  TEXT NOT NULL,
    PRIMARY KEY (message_id, provider_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO receipt_applied (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, message_id)
    SELECT id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, message_id
    FROM receipt WHERE message_id IS NOT NULL;
DROP TABLE receipt;
ALTER TABLE receipt_applied RENAME TO receipt;

-- A decision is found by its event and by its message's own column, so neither delivery nor message needs an index here.
DROP INDEX decision_by_delivery;
DROP INDEX decision_by_message;

-- The few messages that are in trouble.
DROP INDEX message_in_trouble;
ALTER TABLE message ADD COLUMN trouble INTEGER NOT NULL
    GENERATED ALWAYS AS (CASE WHEN state IN ('failed', 'unknown', 'held') THEN 1 ELSE 0 END) VIRTUAL;
CREATE INDEX message_in_trouble ON message (account_id, id) WHERE trouble = 1;
