-- Parcels under way of brands that want to know which are late, under each of their names.
CREATE TABLE lookout (
    account_id  TEXT NOT NULL,
    brand_id    TEXT NOT NULL,
    key         TEXT NOT NULL, -- as in progress
    event_id    TEXT NOT NULL, -- what was heard last
    expected    TEXT,          -- the day, 2026-11-27
    expected_at INTEGER,          -- look then; null when there is nothing to look for
    silent_at   INTEGER,
    knows       TEXT,          -- since this day the customer knows of a delay
    until       INTEGER NOT NULL, -- forgotten then
    PRIMARY KEY (brand_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX lookout_expected ON lookout (expected_at, key) WHERE expected_at IS NOT NULL;
CREATE INDEX lookout_silent ON lookout (silent_at, key) WHERE silent_at IS NOT NULL;
CREATE INDEX lookout_by_until ON lookout (until);
