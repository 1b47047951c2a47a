-- Files of headers. `name` is the public address and changes with the file; none is taken away, because a message
-- that was sent may be opened years later.
CREATE TABLE header_media (
    name       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL REFERENCES brand (id),
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('image/png', 'image/jpeg', 'application/pdf')),
    file       TEXT COLLATE "C" NOT NULL, -- what customers read
    bytes      BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX header_media_by_brand ON header_media (account_id, brand_id, name);
