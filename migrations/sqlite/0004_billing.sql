-- Prices, the ledger, invoices. Money is micros (millionths of the currency unit).

-- What a delivered message costs an account. Dated: a new price is a new row.
CREATE TABLE rate (
    id              TEXT NOT NULL PRIMARY KEY,
    company_country TEXT,
    plan            TEXT NOT NULL,
    channel         TEXT NOT NULL,
    currency        TEXT NOT NULL,
    micros          INTEGER NOT NULL,
    valid_from      INTEGER NOT NULL
) STRICT;

-- PRC-01 to PRC-03 of the requirements, in force since 1 January 2025.
INSERT INTO rate (id, company_country, plan, channel, currency, micros, valid_from) VALUES
    ('whatsapp-lite-2025-01-01', NULL, 'lite', 'whatsapp', 'EUR', 160000, 1735689600000000),
    ('whatsapp-growth-2025-01-01', NULL, 'growth', 'whatsapp', 'EUR', 140000, 1735689600000000),
    ('whatsapp-premium-2025-01-01', NULL, 'premium', 'whatsapp', 'EUR', 120000, 1735689600000000);

CREATE TABLE invoice (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    number     TEXT NOT NULL,
    month      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'open', 'paid', 'void')),
    currency   TEXT NOT NULL,
    micros     INTEGER NOT NULL,
    issued_at  INTEGER NOT NULL,
    UNIQUE (account_id, month),
    UNIQUE (account_id, number)
) STRICT;

CREATE TABLE invoice_line (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL,
    invoice_id  TEXT NOT NULL REFERENCES invoice (id),
    position    INTEGER NOT NULL,
    brand_id    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    country     TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('charge', 'reversal')),
    currency    TEXT NOT NULL,
    unit_micros INTEGER NOT NULL,
    quantity    INTEGER NOT NULL,
    micros      INTEGER NOT NULL
) STRICT;
CREATE INDEX invoice_line_by_invoice ON invoice_line (invoice_id, position);

CREATE TABLE charge (
    message_id      TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('charge', 'reversal')),
    id              TEXT NOT NULL UNIQUE,
    account_id      TEXT NOT NULL,
    brand_id        TEXT NOT NULL,
    channel         TEXT NOT NULL,
    country         TEXT NOT NULL,
    currency        TEXT NOT NULL,
    micros          INTEGER NOT NULL,
    rate_id         TEXT NOT NULL,
    plan            TEXT NOT NULL,
    charged_at      INTEGER NOT NULL,
    invoice_line_id TEXT,
    PRIMARY KEY (message_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX charge_by_time ON charge (account_id, charged_at);
CREATE INDEX charge_unbilled ON charge (account_id, charged_at) WHERE invoice_line_id IS NULL;
CREATE INDEX charge_by_line ON charge (invoice_line_id) WHERE invoice_line_id IS NOT NULL;
