-- Consent per purpose, with proof; what each person chose to hear; and what a message needs consent for.

-- The ledger moves, row by row, into a table that knows more (SQLite cannot change a CHECK).
CREATE TABLE consent_ledger (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id   TEXT COLLATE "C" NOT NULL,
    brand_id     TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    address      TEXT COLLATE "C" NOT NULL,
    purpose      TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('tracking', 'marketing')),
    kind         TEXT COLLATE "C" NOT NULL CHECK (kind IN ('opt_in', 'opt_out', 'choice')),
    source       TEXT COLLATE "C" NOT NULL,
    origin       TEXT COLLATE "C",             -- where the shop collected it, in its own words
    text         TEXT COLLATE "C" NOT NULL,
    text_version TEXT COLLATE "C",
    proof        TEXT COLLATE "C",             -- what shows it: an order, the provider's id of a message
    user_id      TEXT COLLATE "C",             -- the member who wrote it down by hand
    statuses     TEXT COLLATE "C",             -- of a choice: the news switched off
    at           BIGINT NOT NULL, -- when the person said it
    recorded_at  BIGINT NOT NULL
);
-- What was said before purposes existed was said about the only messages there were.
INSERT INTO consent_ledger (id, account_id, brand_id, channel, address, purpose, kind, source, text, at, recorded_at)
    SELECT id, account_id, brand_id, channel, address, 'tracking', kind, source, text, at, at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_ledger RENAME TO consent;
CREATE INDEX consent_by_account ON consent (account_id, id);
CREATE INDEX consent_by_address ON consent (account_id, address, id);

CREATE TABLE standing_by_purpose (
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    purpose    TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('tracking', 'marketing')),
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    own        BIGINT NOT NULL, -- said by the person, not by the shop: only they can take it back
    since      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, address, channel, purpose)
);
INSERT INTO standing_by_purpose (account_id, brand_id, channel, address, purpose, kind, own, since)
    SELECT account_id, brand_id, channel, address, 'tracking', kind, 1, since FROM standing;
DROP TABLE standing;
ALTER TABLE standing_by_purpose RENAME TO standing;

-- The news a person switched off; what decisions read. Written with the ledger, in one commit.
CREATE TABLE choice (
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    statuses   TEXT COLLATE "C" NOT NULL, -- space separated, in the order of the matrix
    since      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, address, channel)
);

-- The template's category when the message was decided: what is advertising needs consent of its own.
ALTER TABLE message ADD COLUMN category TEXT COLLATE "C" NOT NULL DEFAULT 'utility';
