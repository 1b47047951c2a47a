-- Files of headers. `name` is the public address and changes with the file; none is taken away, because a message
-- that was sent may be opened years later.
CREATE TABLE header_media (
    name       TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL REFERENCES brand (id),
    kind       TEXT NOT NULL CHECK (kind IN ('image/png', 'image/jpeg', 'application/pdf')),
    file       TEXT NOT NULL, -- what customers read
    bytes      BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX header_media_by_brand ON header_media (account_id, brand_id, name);
