-- From deliveries to receipts. What must be unique for ever (seen_event, told) and what is looked up by
-- key (contact, progress, suppression) are small tables of their own, so that the big ones can be
-- partitioned and thinned out later.

CREATE TABLE delivery (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id    TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    received_at   BIGINT NOT NULL,
    body          BYTEA NOT NULL,
    state         TEXT COLLATE "C" NOT NULL CHECK (state IN ('stored', 'understood', 'ignored', 'failed')),
    reason        TEXT COLLATE "C",
    replays       BIGINT NOT NULL
);
CREATE INDEX delivery_waiting ON delivery (id) WHERE state = 'stored';
CREATE INDEX delivery_by_connection ON delivery (account_id, connection_id, id);

CREATE TABLE seen_event (
    connection_id TEXT COLLATE "C" NOT NULL,
    dedup_key     TEXT COLLATE "C" NOT NULL,
    event_id      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection_id, dedup_key)
);

CREATE TABLE event (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id      TEXT COLLATE "C" NOT NULL,
    brand_id        TEXT COLLATE "C" NOT NULL,
    connection_id   TEXT COLLATE "C" NOT NULL,
    delivery_id     TEXT COLLATE "C" NOT NULL,
    source          TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    source_status   TEXT COLLATE "C",
    direction       TEXT COLLATE "C" NOT NULL CHECK (direction IN ('outbound', 'return')),
    test            BIGINT NOT NULL,
    occurred_at     BIGINT NOT NULL,
    received_at     BIGINT NOT NULL,
    order_number    TEXT COLLATE "C",
    tracking_number TEXT COLLATE "C",
    country         TEXT COLLATE "C",
    phone           TEXT COLLATE "C",
    facts           TEXT COLLATE "C" NOT NULL, -- the rest of what the source told, as JSON
    decided         BIGINT NOT NULL
);
CREATE INDEX event_waiting ON event (id) WHERE decided = 0;
CREATE INDEX event_by_account ON event (account_id, id);
CREATE INDEX event_by_delivery ON event (delivery_id);
CREATE INDEX event_by_order ON event (account_id, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX event_by_tracking ON event (account_id, tracking_number, id) WHERE tracking_number IS NOT NULL;

-- Who an order or parcel belongs to, for events that do not say.
CREATE TABLE contact (
    account_id  TEXT COLLATE "C" NOT NULL,
    brand_id    TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    facts       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (brand_id, key)
);

-- The furthest news of a parcel.
CREATE TABLE progress (
    account_id  TEXT COLLATE "C" NOT NULL,
    brand_id    TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    final       BIGINT NOT NULL,
    status      TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id, key)
);

CREATE TABLE decision (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id      TEXT COLLATE "C" NOT NULL,
    brand_id        TEXT COLLATE "C" NOT NULL,
    event_id        TEXT COLLATE "C" NOT NULL,
    delivery_id     TEXT COLLATE "C" NOT NULL,
    channel         TEXT COLLATE "C" NOT NULL,
    verdict         TEXT COLLATE "C" NOT NULL CHECK (verdict IN ('send', 'hold', 'skip')),
    reason          TEXT COLLATE "C",
    rules           TEXT COLLATE "C" NOT NULL, -- JSON: [code, result, saw] each
    message_id      TEXT COLLATE "C",
    decided_at      BIGINT NOT NULL,
    -- What the log shows and searches, so that it reads one table and its messages.
    status          TEXT COLLATE "C" NOT NULL,
    country         TEXT COLLATE "C",
    order_number    TEXT COLLATE "C",
    tracking_number TEXT COLLATE "C",
    phone           TEXT COLLATE "C"
);
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
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    event_id   TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (brand_id, key, status)
);

CREATE TABLE message (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id       TEXT COLLATE "C" NOT NULL,
    brand_id         TEXT COLLATE "C" NOT NULL,
    decision_id      TEXT COLLATE "C" NOT NULL,
    sender_id        TEXT COLLATE "C" NOT NULL,
    channel          TEXT COLLATE "C" NOT NULL,
    country          TEXT COLLATE "C" NOT NULL,
    tracking_status  TEXT COLLATE "C" NOT NULL,
    recipient        TEXT COLLATE "C" NOT NULL,
    template         TEXT COLLATE "C" NOT NULL,
    template_version BIGINT NOT NULL,
    language         TEXT COLLATE "C" NOT NULL,
    rendered         TEXT COLLATE "C" NOT NULL,
    state            TEXT COLLATE "C" NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'unknown', 'accepted', 'sent',
                                                    'delivered', 'read', 'failed', 'cancelled')),
    rank             BIGINT NOT NULL, -- of the state; receipts only raise it
    failure          TEXT COLLATE "C",
    charged          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL
);
CREATE INDEX message_by_account ON message (account_id, id);
CREATE INDEX message_in_trouble ON message (account_id, id) WHERE state IN ('failed', 'unknown', 'held');

-- Messages on their way out: small, because a row leaves when its message has.
CREATE TABLE outbox (
    message_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    sender_id  TEXT COLLATE "C" NOT NULL,
    recipient  TEXT COLLATE "C" NOT NULL,
    -- due: may be claimed from due_at; leased: until due_at; unknown: settled by a receipt or at due_at.
    phase      TEXT COLLATE "C" NOT NULL CHECK (phase IN ('due', 'leased', 'unknown')),
    due_at     BIGINT NOT NULL,
    worker     TEXT COLLATE "C",
    attempts   BIGINT NOT NULL,
    attempt_id TEXT COLLATE "C"
);
CREATE INDEX outbox_by_due ON outbox (phase, due_at, message_id);

CREATE TABLE attempt (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL,
    message_id  TEXT COLLATE "C" NOT NULL,
    sender_id   TEXT COLLATE "C" NOT NULL,
    number      BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT,
    outcome     TEXT COLLATE "C" CHECK (outcome IN ('accepted', 'retry', 'fallback', 'refused', 'unknown')),
    provider_id TEXT COLLATE "C",
    code        TEXT COLLATE "C",
    detail      TEXT COLLATE "C"
);
CREATE INDEX attempt_by_message ON attempt (message_id);
CREATE INDEX attempt_by_provider ON attempt (provider_id) WHERE provider_id IS NOT NULL;

CREATE TABLE receipt (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL,
    sender_id   TEXT COLLATE "C" NOT NULL,
    attempt_id  TEXT COLLATE "C",
    provider_id TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    code        TEXT COLLATE "C",
    detail      TEXT COLLATE "C",
    message_id  TEXT COLLATE "C",              -- once applied
    look_at     BIGINT,           -- not applied: look again then; null when done with
    UNIQUE (provider_id, kind, sender_id)
);
CREATE INDEX receipt_waiting ON receipt (look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX receipt_by_message ON receipt (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE inbound (
    provider_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL,
    sender_id   TEXT COLLATE "C" NOT NULL,
    sender_from TEXT COLLATE "C",
    text        TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL
);

-- The consent ledger: only ever appended.
CREATE TABLE consent (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    source     TEXT COLLATE "C" NOT NULL,
    text       TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX consent_by_address ON consent (account_id, brand_id, address, id);

-- Where each address stands now: what decisions read. Written with the ledger, in one commit.
CREATE TABLE standing (
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    since      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, address, channel)
);
