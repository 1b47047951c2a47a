-- Brands, senders, connections and what each channel is set to.

CREATE TABLE brand (
    id              TEXT NOT NULL PRIMARY KEY,
    account_id      TEXT NOT NULL REFERENCES account (id),
    name            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('active', 'archived')),
    language        TEXT NOT NULL,
    whatsapp_number TEXT,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    UNIQUE (account_id, name)
) STRICT;

CREATE TABLE sender (
    id              TEXT NOT NULL PRIMARY KEY,
    account_id      TEXT NOT NULL REFERENCES account (id),
    brand_id        TEXT NOT NULL REFERENCES brand (id),
    channel         TEXT NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    phone_number_id TEXT NOT NULL,
    waba_id         TEXT NOT NULL,
    display_number  TEXT NOT NULL,
    access_token    TEXT NOT NULL, -- sealed
    app_secret      TEXT NOT NULL, -- sealed
    verify_token    TEXT NOT NULL, -- sealed
    state           TEXT NOT NULL CHECK (state IN ('ready', 'reconnect', 'paused')),
    sandbox         INTEGER NOT NULL,
    callback_url    TEXT,
    created_at      INTEGER NOT NULL,
    -- A brand's earlier senders are kept for their messages and receipts; the current one has none.
    replaced_at     INTEGER
) STRICT;
CREATE INDEX sender_by_brand ON sender (account_id, brand_id);
CREATE UNIQUE INDEX sender_in_use ON sender (brand_id, channel) WHERE replaced_at IS NULL;

CREATE TABLE connection (
    id               TEXT NOT NULL PRIMARY KEY,
    account_id       TEXT NOT NULL REFERENCES account (id),
    brand_id         TEXT NOT NULL REFERENCES brand (id),
    source           TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('active', 'removed')),
    auth             TEXT NOT NULL, -- 'hmac', or 'header:<name>'
    secrets          TEXT NOT NULL, -- JSON list of sealed texts, current first
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX connection_by_account ON connection (account_id, brand_id);

-- All that is kept of deliveries with a wrong signature.
CREATE TABLE refused_delivery (
    account_id    TEXT NOT NULL,
    connection_id TEXT NOT NULL PRIMARY KEY,
    count         INTEGER NOT NULL
) STRICT;

CREATE TABLE channel_setting (
    account_id    TEXT NOT NULL,
    brand_id      TEXT NOT NULL REFERENCES brand (id),
    channel       TEXT NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    state         TEXT NOT NULL CHECK (state IN ('off', 'on')),
    activated_at  INTEGER,
    consent_basis TEXT CHECK (consent_basis IN ('collected_by_shop', 'on_record')),
    version       INTEGER NOT NULL,
    PRIMARY KEY (brand_id, channel)
) STRICT;

CREATE TABLE country_setting (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL REFERENCES brand (id),
    channel    TEXT NOT NULL,
    country    TEXT NOT NULL,
    is_on      INTEGER NOT NULL,
    -- The statuses that are on, space separated in the order of the columns: a cell is never asked for alone.
    statuses   TEXT NOT NULL,
    PRIMARY KEY (brand_id, channel, country)
) STRICT;

-- Proof that prices and consent terms were accepted. Never changed.
CREATE TABLE acceptance (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    brand_id     TEXT NOT NULL,
    channel      TEXT NOT NULL,
    user_id      TEXT,
    ip           TEXT NOT NULL,
    basis        TEXT NOT NULL,
    text_version TEXT NOT NULL,
    rate_id      TEXT NOT NULL,
    accepted_at  INTEGER NOT NULL
) STRICT;

-- Who changed the matrix, when and how.
CREATE TABLE setting_change (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    user_id    TEXT,
    at         INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    changes    TEXT NOT NULL
) STRICT;
CREATE INDEX setting_change_by_brand ON setting_change (account_id, brand_id, id);
