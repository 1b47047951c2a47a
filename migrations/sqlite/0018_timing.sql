-- How often a brand writes, what it tells together and when a parcel is late, as JSON; empty for what nobody has set.
ALTER TABLE brand ADD COLUMN timing TEXT NOT NULL DEFAULT '{}';

-- Messages counted against a brand's cap, while it has one: by order (day 0), or by recipient and day of theirs.
CREATE TABLE tally (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    key        TEXT NOT NULL,
    day        INTEGER NOT NULL, -- days since 1970
    count      INTEGER NOT NULL,
    until      INTEGER NOT NULL, -- forgotten then
    PRIMARY KEY (brand_id, key, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_by_until ON tally (until);

-- Messages that wait for more of their order, and may be joined until then. What two workers want to begin at once, one begins.
CREATE TABLE gathering (
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    key        TEXT NOT NULL, -- the order and the recipient
    status     TEXT NOT NULL,
    message_id TEXT NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (brand_id, key, status)
) STRICT, WITHOUT ROWID;
CREATE INDEX gathering_by_until ON gathering (until);
