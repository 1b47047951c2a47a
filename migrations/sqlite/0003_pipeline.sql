-- From deliveries to receipts. What must be unique for ever (seen_event, told) and what is looked up by
-- key (contact, progress, suppression) are small tables of their own, so that the big ones can be
-- partitioned and thinned out later.

CREATE TABLE delivery (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    received_at   INTEGER NOT NULL,
    body          BLOB NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('stored', 'understood', 'ignored', 'failed')),
    reason        TEXT,
    replays       INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_waiting ON delivery (id) WHERE state = 'stored';
CREATE INDEX delivery_by_connection ON delivery (account_id, connection_id, id);

CREATE TABLE seen_event (
    connection_id TEXT NOT NULL,
    dedup_key     TEXT NOT NULL,
    event_id      TEXT NOT NULL,
    PRIMARY KEY (connection_id, dedup_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
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
    facts           TEXT NOT NULL, -- the rest of what the source told, as JSON
    decided         INTEGER NOT NULL
) STRICT;
CREATE INDEX event_waiting ON event (id) WHERE decided = 0;
CREATE INDEX event_by_account ON event (account_id, id);
CREATE INDEX event_by_delivery ON event (delivery_id);
CREATE INDEX event_by_order ON event (account_id, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX event_by_tracking ON event (account_id, tracking_number, id) WHERE tracking_number IS NOT NULL;

-- Who an order or parcel belongs to, for events that do not say.
CREATE TABLE contact (
    account_id  TEXT NOT NULL,
    brand_id    TEXT NOT NULL,
    key         TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    facts       TEXT NOT NULL,
    PRIMARY KEY (brand_id, key)
) STRICT, WITHOUT ROWID;

-- The furthest news of a parcel.
CREATE TABLE progress (
    account_id  TEXT NOT NULL,
    brand_id    TEXT NOT NULL,
    key         TEXT NOT NULL,
    final       INTEGER NOT NULL,
    status      TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (brand_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
    id              TEXT NOT NULL PRIMARY KEY,
    account_id      TEXT NOT NULL,
    brand_id        TEXT NOT NULL,
    event_id        TEXT NOT NULL,
    delivery_id     TEXT NOT NULL,
    channel         TEXT NOT NULL,
    verdict         TEXT NOT NULL CHECK (verdict IN ('send', 'hold', 'skip')),
    reason          TEXT,
    rules           TEXT NOT NULL, -- JSON: [code, result, saw] each
    message_id      TEXT,
    decided_at      INTEGER NOT NULL,
    -- What the log shows and searches, so that it reads one table and its messages.
    status          TEXT NOT NULL,
    country         TEXT,
    order_number    TEXT,
    tracking_number TEXT,
    phone           TEXT
) STRICT;
CREATE INDEX decision_by_account ON decision (account_id, id);
CREATE INDEX decision_by_event ON decision (event_id);
CREATE INDEX decision_by_delivery ON decision (delivery_id);
CREATE INDEX decision_by_message ON decision (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX decision_by_order ON decision (account_id, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX decision_by_tracking ON decision (account_id, tracking_number, id) WHERE tracking_number IS NOT NULL;
CREATE INDEX decision_by_phone ON decision (account_id, phone, id) WHERE phone IS NOT NULL;
CREATE INDEX decision_not_sent ON decision (account_id, reason, id) WHERE reason IS NOT NULL;

-- Told once, whatever the channel.
CREATE TABLE told (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    status     TEXT NOT NULL,
    key        TEXT NOT NULL,
    event_id   TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (brand_id, key, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id               TEXT NOT NULL PRIMARY KEY,
    account_id       TEXT NOT NULL,
    brand_id         TEXT NOT NULL,
    decision_id      TEXT NOT NULL,
    sender_id        TEXT NOT NULL,
    channel          TEXT NOT NULL,
    country          TEXT NOT NULL,
    tracking_status  TEXT NOT NULL,
    recipient        TEXT NOT NULL,
    template         TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    language         TEXT NOT NULL,
    rendered         TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'unknown', 'accepted', 'sent',
                                                    'delivered', 'read', 'failed', 'cancelled')),
    rank             INTEGER NOT NULL, -- of the state; receipts only raise it
    failure          TEXT,
    charged          INTEGER NOT NULL,
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX message_by_account ON message (account_id, id);
CREATE INDEX message_in_trouble ON message (account_id, id) WHERE state IN ('failed', 'unknown', 'held');

-- Messages on their way out: small, because a row leaves when its message has.
CREATE TABLE outbox (
    message_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    sender_id  TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    -- due: may be claimed from due_at; leased: until due_at; unknown: settled by a receipt or at due_at.
    phase      TEXT NOT NULL CHECK (phase IN ('due', 'leased', 'unknown')),
    due_at     INTEGER NOT NULL,
    worker     TEXT,
    attempts   INTEGER NOT NULL,
    attempt_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (phase, due_at, message_id);

CREATE TABLE attempt (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    sender_id   TEXT NOT NULL,
    number      INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    outcome     TEXT CHECK (outcome IN ('accepted', 'retry', 'fallback', 'refused', 'unknown')),
    provider_id TEXT,
    code        TEXT,
    detail      TEXT
) STRICT;
CREATE INDEX attempt_by_message ON attempt (message_id);
CREATE INDEX attempt_by_provider ON attempt (provider_id) WHERE provider_id IS NOT NULL;

CREATE TABLE receipt (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL,
    sender_id   TEXT NOT NULL,
    attempt_id  TEXT,
    provider_id TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    code        TEXT,
    detail      TEXT,
    message_id  TEXT,              -- once applied
    look_at     INTEGER,           -- not applied: look again then; null when done with
    UNIQUE (provider_id, kind, sender_id)
) STRICT;
CREATE INDEX receipt_waiting ON receipt (look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX receipt_by_message ON receipt (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE inbound (
    provider_id TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL,
    sender_id   TEXT NOT NULL,
    sender_from TEXT,
    text        TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

-- The consent ledger: only ever appended.
CREATE TABLE consent (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    source     TEXT NOT NULL,
    text       TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_by_address ON consent (account_id, brand_id, address, id);

-- Where each address stands now: what decisions read. Written with the ledger, in one commit.
CREATE TABLE standing (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    since      INTEGER NOT NULL,
    PRIMARY KEY (brand_id, address, channel)
) STRICT, WITHOUT ROWID;
