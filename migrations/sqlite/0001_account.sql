-- Accounts, people, sessions, keys. Times are microseconds since 1970 (UTC); ids sort by time.

CREATE TABLE account (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    company_country TEXT NOT NULL,
    plan            TEXT NOT NULL CHECK (plan IN ('free', 'lite', 'growth', 'premium')),
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    id            TEXT NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language      TEXT,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    account_id TEXT NOT NULL REFERENCES account (id),
    user_id    TEXT NOT NULL REFERENCES person (id),
    role       TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    since      INTEGER NOT NULL,
    PRIMARY KEY (account_id, user_id)
) STRICT;
CREATE INDEX member_by_user ON member (user_id);

CREATE TABLE invitation (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id),
    email       TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    token_hash  TEXT NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    accepted_at INTEGER
) STRICT;
CREATE INDEX invitation_by_account ON invitation (account_id);

-- The session's id is stored hashed: who reads this table cannot use what it finds.
CREATE TABLE session (
    id_hash    TEXT NOT NULL PRIMARY KEY,
    user_id    TEXT,
    agent      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    data       TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_key (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    name       TEXT NOT NULL,
    hint       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    scopes     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_key_by_account ON api_key (account_id);
