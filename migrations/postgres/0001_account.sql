-- Accounts, people, sessions, keys. Times are microseconds since 1970 (UTC); ids sort by time.

CREATE TABLE account (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name            TEXT COLLATE "C" NOT NULL,
    company_country TEXT COLLATE "C" NOT NULL,
    plan            TEXT COLLATE "C" NOT NULL CHECK (plan IN ('free', 'lite', 'growth', 'premium')),
    created_at      BIGINT NOT NULL
);

CREATE TABLE person (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    email         TEXT COLLATE "C" NOT NULL UNIQUE,
    name          TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    language      TEXT COLLATE "C",
    created_at    BIGINT NOT NULL
);

CREATE TABLE member (
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    since      BIGINT NOT NULL,
    PRIMARY KEY (account_id, user_id)
);
CREATE INDEX member_by_user ON member (user_id);

CREATE TABLE invitation (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    email       TEXT COLLATE "C" NOT NULL,
    role        TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    token_hash  TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    accepted_at BIGINT
);
CREATE INDEX invitation_by_account ON invitation (account_id);

-- The session's id is stored hashed: who reads this table cannot use what it finds.
CREATE TABLE session (
    id_hash    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id    TEXT COLLATE "C",
    agent      TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    data       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_key (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    name       TEXT COLLATE "C" NOT NULL,
    hint       TEXT COLLATE "C" NOT NULL,
    hash       TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes     TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_key_by_account ON api_key (account_id);
