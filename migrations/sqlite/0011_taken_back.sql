-- A person may take back what they had said, where nothing had been said before: that is no yes. (SQLite cannot
-- change a CHECK, so both tables move into new ones.)
CREATE TABLE consent_next (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    brand_id     TEXT NOT NULL,
    channel      TEXT NOT NULL,
    address      TEXT NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('tracking', 'marketing')),
    kind         TEXT NOT NULL CHECK (kind IN ('opt_in', 'opt_out', 'choice', 'taken_back')),
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
INSERT INTO consent_next SELECT * FROM consent;
DROP TABLE consent;
ALTER TABLE consent_next RENAME TO consent;
CREATE INDEX consent_by_account ON consent (account_id, id);
CREATE INDEX consent_by_address ON consent (account_id, address, id);

CREATE TABLE standing_next (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    purpose    TEXT NOT NULL CHECK (purpose IN ('tracking', 'marketing')),
    kind       TEXT NOT NULL CHECK (kind IN ('opt_in', 'opt_out', 'taken_back')),
    own        INTEGER NOT NULL, -- said by the person, not by the shop: only they can take it back
    since      INTEGER NOT NULL,
    PRIMARY KEY (brand_id, address, channel, purpose)
) STRICT, WITHOUT ROWID;
INSERT INTO standing_next SELECT * FROM standing;
DROP TABLE standing;
ALTER TABLE standing_next RENAME TO standing;
