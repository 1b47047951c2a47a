-- Brands, senders, connections and what each channel is set to.

CREATE TABLE brand (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id      TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    name            TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'archived')),
    language        TEXT COLLATE "C" NOT NULL,
    whatsapp_number TEXT COLLATE "C",
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

CREATE TABLE sender (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id      TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    brand_id        TEXT COLLATE "C" NOT NULL REFERENCES brand (id),
    channel         TEXT COLLATE "C" NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    phone_number_id TEXT COLLATE "C" NOT NULL,
    waba_id         TEXT COLLATE "C" NOT NULL,
    display_number  TEXT COLLATE "C" NOT NULL,
    access_token    TEXT COLLATE "C" NOT NULL, -- sealed
    app_secret      TEXT COLLATE "C" NOT NULL, -- sealed
    verify_token    TEXT COLLATE "C" NOT NULL, -- sealed
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN ('ready', 'reconnect', 'paused')),
    sandbox         BIGINT NOT NULL,
    callback_url    TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    -- A brand's earlier senders are kept for their messages and receipts; the current one has none.
    replaced_at     BIGINT
);
CREATE INDEX sender_by_brand ON sender (account_id, brand_id);
CREATE UNIQUE INDEX sender_in_use ON sender (brand_id, channel) WHERE replaced_at IS NULL;

CREATE TABLE connection (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id       TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    brand_id         TEXT COLLATE "C" NOT NULL REFERENCES brand (id),
    source           TEXT COLLATE "C" NOT NULL,
    state            TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'removed')),
    auth             TEXT COLLATE "C" NOT NULL, -- 'hmac', or 'header:<name>'
    secrets          TEXT COLLATE "C" NOT NULL, -- JSON list of sealed texts, current first
    created_at       BIGINT NOT NULL
);
CREATE INDEX connection_by_account ON connection (account_id, brand_id);

-- All that is kept of deliveries with a wrong signature.
CREATE TABLE refused_delivery (
    account_id    TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    count         BIGINT NOT NULL
);

CREATE TABLE channel_setting (
    account_id    TEXT COLLATE "C" NOT NULL,
    brand_id      TEXT COLLATE "C" NOT NULL REFERENCES brand (id),
    channel       TEXT COLLATE "C" NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    state         TEXT COLLATE "C" NOT NULL CHECK (state IN ('off', 'on')),
    activated_at  BIGINT,
    consent_basis TEXT COLLATE "C" CHECK (consent_basis IN ('collected_by_shop', 'on_record')),
    version       BIGINT NOT NULL,
    PRIMARY KEY (brand_id, channel)
);

CREATE TABLE country_setting (
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL REFERENCES brand (id),
    channel    TEXT COLLATE "C" NOT NULL,
    country    TEXT COLLATE "C" NOT NULL,
    is_on      BIGINT NOT NULL,
    -- The statuses that are on, space separated in the order of the columns: a cell is never asked for alone.
    statuses   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (brand_id, channel, country)
);

-- Proof that prices and consent terms were accepted. Never changed.
CREATE TABLE acceptance (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id   TEXT COLLATE "C" NOT NULL,
    brand_id     TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    user_id      TEXT COLLATE "C",
    ip           TEXT COLLATE "C" NOT NULL,
    basis        TEXT COLLATE "C" NOT NULL,
    text_version TEXT COLLATE "C" NOT NULL,
    rate_id      TEXT COLLATE "C" NOT NULL,
    accepted_at  BIGINT NOT NULL
);

-- Who changed the matrix, when and how.
CREATE TABLE setting_change (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C",
    at         BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    changes    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX setting_change_by_brand ON setting_change (account_id, brand_id, id);
