-- Prices, the ledger, invoices. Money is micros (millionths of the currency unit).

-- What a delivered message costs an account. Dated: a new price is a new row.
CREATE TABLE rate (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_country TEXT COLLATE "C",
    plan            TEXT COLLATE "C" NOT NULL,
    channel         TEXT COLLATE "C" NOT NULL,
    currency        TEXT COLLATE "C" NOT NULL,
    micros          BIGINT NOT NULL,
    valid_from      BIGINT NOT NULL
);

-- PRC-01 to PRC-03 of the requirements, in force since 1 January 2025.
INSERT INTO rate (id, company_country, plan, channel, currency, micros, valid_from) VALUES
    ('whatsapp-lite-2025-01-01', NULL, 'lite', 'whatsapp', 'EUR', 160000, 1735689600000000),
    ('whatsapp-growth-2025-01-01', NULL, 'growth', 'whatsapp', 'EUR', 140000, 1735689600000000),
    ('whatsapp-premium-2025-01-01', NULL, 'premium', 'whatsapp', 'EUR', 120000, 1735689600000000);

CREATE TABLE invoice (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    number     TEXT COLLATE "C" NOT NULL,
    month      TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'open', 'paid', 'void')),
    currency   TEXT COLLATE "C" NOT NULL,
    micros     BIGINT NOT NULL,
    issued_at  BIGINT NOT NULL,
    UNIQUE (account_id, month),
    UNIQUE (account_id, number)
);

CREATE TABLE invoice_line (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL,
    invoice_id  TEXT COLLATE "C" NOT NULL REFERENCES invoice (id),
    position    BIGINT NOT NULL,
    brand_id    TEXT COLLATE "C" NOT NULL,
    channel     TEXT COLLATE "C" NOT NULL,
    country     TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('charge', 'reversal')),
    currency    TEXT COLLATE "C" NOT NULL,
    unit_micros BIGINT NOT NULL,
    quantity    BIGINT NOT NULL,
    micros      BIGINT NOT NULL
);
CREATE INDEX invoice_line_by_invoice ON invoice_line (invoice_id, position);

CREATE TABLE charge (
    message_id      TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL CHECK (kind IN ('charge', 'reversal')),
    id              TEXT COLLATE "C" NOT NULL UNIQUE,
    account_id      TEXT COLLATE "C" NOT NULL,
    brand_id        TEXT COLLATE "C" NOT NULL,
    channel         TEXT COLLATE "C" NOT NULL,
    country         TEXT COLLATE "C" NOT NULL,
    currency        TEXT COLLATE "C" NOT NULL,
    micros          BIGINT NOT NULL,
    rate_id         TEXT COLLATE "C" NOT NULL,
    plan            TEXT COLLATE "C" NOT NULL,
    charged_at      BIGINT NOT NULL,
    invoice_line_id TEXT COLLATE "C",
    PRIMARY KEY (message_id, kind)
);
CREATE INDEX charge_by_time ON charge (account_id, charged_at);
CREATE INDEX charge_unbilled ON charge (account_id, charged_at) WHERE invoice_line_id IS NULL;
CREATE INDEX charge_by_line ON charge (invoice_line_id) WHERE invoice_line_id IS NOT NULL;
