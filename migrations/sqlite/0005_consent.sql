-- Consent per purpose, with proof; what each person chose to hear; and what a message needs consent for.

-- The ledger moves, row by row, into a table that knows more (SQLite cannot change a CHECK).
CREATE TABLE consent_ledger (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    brand_id     TEXT NOT NULL,
    channel      TEXT NOT NULL,
    address      TEXT NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('tracking', 'marketing')),
    kind         TEXT NOT NULL CHECK (kind IN ('opt_in', 'opt_out', 'choice')),
    source       TEXT NOT NULL,
    origin       TEXT,             -- where the shop collected it, in its own words
    text         TEXT NOT NULL,
    text_version TEXT,
    proof        TEXT,             -- what shows it: an order, the provider's id of a message
    user_id      TEXT,             -- the member who wrote it down by hand
    statuses     TEXT,             -- of a choice: the news switched off
    at           INTEGER NOT NULL, -- when the person said it
    recorded_at  INTEGER NOT NULL
) STRICT;
-- What was said before purposes existed was said about the only messages there were.
INSERT INTO consent_ledger (id, account_id, brand_id, channel, address, purpose, kind, source, text, at, recorded_at)
    SELECT id, account_id, brand_id, channel, address, 'tracking', kind, source, text, at, at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_ledger RENAME TO consent;
CREATE INDEX consent_by_account ON consent (account_id, id);
CREATE INDEX consent_by_address ON consent (account_id, address, id);

CREATE TABLE standing_by_purpose (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    purpose    TEXT NOT NULL CHECK (purpose IN ('tracking', 'marketing')),
    kind       TEXT NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    own        INTEGER NOT NULL, -- said by the person, not by the shop: only they can take it back
    since      INTEGER NOT NULL,
    PRIMARY KEY (brand_id, address, channel, purpose)
) STRICT, WITHOUT ROWID;
INSERT INTO standing_by_purpose (account_id, brand_id, channel, address, purpose, kind, own, since)
    SELECT account_id, brand_id, channel, address, 'tracking', kind, 1, since FROM standing;
DROP TABLE standing;
ALTER TABLE standing_by_purpose RENAME TO standing;

-- The news a person switched off; what decisions read. Written with the ledger, in one commit.
CREATE TABLE choice (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    statuses   TEXT NOT NULL, -- space separated, in the order of the matrix
    since      INTEGER NOT NULL,
    PRIMARY KEY (brand_id, address, channel)
) STRICT, WITHOUT ROWID;

-- The template's category when the message was decided: what is advertising needs consent of its own.
ALTER TABLE message ADD COLUMN category TEXT NOT NULL DEFAULT 'utility';
