-- A brand's face, its quiet hours, and how its senders are.

ALTER TABLE brand ADD COLUMN color TEXT COLLATE "C";
ALTER TABLE brand ADD COLUMN support_email TEXT COLLATE "C";
ALTER TABLE brand ADD COLUMN support_url TEXT COLLATE "C";
-- Kept while they are off, so that switching them on again asks nothing. Minutes of the recipient's day.
ALTER TABLE brand ADD COLUMN quiet_on BIGINT NOT NULL DEFAULT 0;
ALTER TABLE brand ADD COLUMN quiet_from BIGINT NOT NULL DEFAULT 1260;
ALTER TABLE brand ADD COLUMN quiet_until BIGINT NOT NULL DEFAULT 480;
ALTER TABLE brand ADD COLUMN quiet_days TEXT COLLATE "C" NOT NULL DEFAULT 'mon tue wed thu fri sat sun';
ALTER TABLE brand ADD COLUMN quiet_urgent TEXT COLLATE "C" NOT NULL DEFAULT 'out_for_delivery ready_for_pickup';

-- Apart from the brand, so that no list of brands reads pictures. `name` is its public address and changes with it.
CREATE TABLE brand_logo (
    brand_id   TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES brand (id),
    account_id TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL UNIQUE,
    png        BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

ALTER TABLE sender ADD COLUMN state_since BIGINT;
ALTER TABLE sender ADD COLUMN error_code TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN error_at BIGINT;
-- To the minute: not every callback is worth a write.
ALTER TABLE sender ADD COLUMN callback_at BIGINT;
ALTER TABLE sender ADD COLUMN verified_at BIGINT;
-- What the provider said when it was last asked, as JSON.
ALTER TABLE sender ADD COLUMN checked_at BIGINT;
ALTER TABLE sender ADD COLUMN checked TEXT COLLATE "C";

-- Of news that waits for its hour, null otherwise: until when it is recent enough, and the parcel's key in `progress`.
ALTER TABLE outbox ADD COLUMN good_until BIGINT;
ALTER TABLE outbox ADD COLUMN subject TEXT COLLATE "C";
