-- How often a brand writes, what it tells together and when a parcel is late, as JSON; empty for what nobody has set.
ALTER TABLE brand ADD COLUMN timing TEXT COLLATE "C" NOT NULL DEFAULT '{}';

-- Messages counted against a brand's cap, while it has one: by order (day 0), or by recipient and day of theirs.
CREATE TABLE tally (
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    day        BIGINT NOT NULL, -- days since 1970
    count      BIGINT NOT NULL,
    until      BIGINT NOT NULL, -- forgotten then
    PRIMARY KEY (brand_id, key, day)
);
CREATE INDEX tally_by_until ON tally (until);

-- Messages that wait for more of their order, and may be joined until then. What two workers want to begin at once, one begins.
CREATE TABLE gathering (
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL, -- the order and the recipient
    status     TEXT COLLATE "C" NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL,
    until      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, key, status)
);
CREATE INDEX gathering_by_until ON gathering (until);
