-- A brand's face, its quiet hours, and how its senders are.

ALTER TABLE brand ADD COLUMN color TEXT;
ALTER TABLE brand ADD COLUMN support_email TEXT;
ALTER TABLE brand ADD COLUMN support_url TEXT;
-- Kept while they are off, so that switching them on again asks nothing. Minutes of the recipient's day.
ALTER TABLE brand ADD COLUMN quiet_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE brand ADD COLUMN quiet_from INTEGER NOT NULL DEFAULT 1260;
ALTER TABLE brand ADD COLUMN quiet_until INTEGER NOT NULL DEFAULT 480;
ALTER TABLE brand ADD COLUMN quiet_days TEXT NOT NULL DEFAULT 'mon tue wed thu fri sat sun';
ALTER TABLE brand ADD COLUMN quiet_urgent TEXT NOT NULL DEFAULT 'out_for_delivery ready_for_pickup';

-- Apart from the brand, so that no list of brands reads pictures. `name` is its public address and changes with it.
CREATE TABLE brand_logo (
    brand_id   TEXT NOT NULL PRIMARY KEY REFERENCES brand (id),
    account_id TEXT NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    png        BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

ALTER TABLE sender ADD COLUMN state_since INTEGER;
ALTER TABLE sender ADD COLUMN error_code TEXT;
ALTER TABLE sender ADD COLUMN error_at INTEGER;
-- To the minute: not every callback is worth a write.
ALTER TABLE sender ADD COLUMN callback_at INTEGER;
ALTER TABLE sender ADD COLUMN verified_at INTEGER;
-- What the provider said when it was last asked, as JSON.
ALTER TABLE sender ADD COLUMN checked_at INTEGER;
ALTER TABLE sender ADD COLUMN checked TEXT;

-- Of news that waits for its hour, null otherwise: until when it is recent enough, and the parcel's key in `progress`.
ALTER TABLE outbox ADD COLUMN good_until INTEGER;
ALTER TABLE outbox ADD COLUMN subject TEXT;
