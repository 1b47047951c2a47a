-- What brands write, and what the provider says of it.

-- Versions count per brand, status and language. A version that was submitted is never changed.
CREATE TABLE template_version (
    account_id   TEXT NOT NULL,
    brand_id     TEXT NOT NULL REFERENCES brand (id),
    status       TEXT NOT NULL,
    language     TEXT NOT NULL,
    version      INTEGER NOT NULL,
    name         TEXT NOT NULL,    -- at the provider
    category     TEXT NOT NULL CHECK (category IN ('utility', 'marketing')), -- as the merchant chose
    content      TEXT NOT NULL,    -- JSON
    revision     INTEGER NOT NULL, -- of the draft, for conflicts
    submitted_at INTEGER,          -- once to any sender
    edited_by    TEXT,
    edited_at    INTEGER NOT NULL,
    PRIMARY KEY (brand_id, status, language, version)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX template_version_by_name ON template_version (brand_id, name, language);

-- The provider's word on one text at one sender, of the library's texts too.
CREATE TABLE template_review (
    account_id   TEXT NOT NULL,
    sender_id    TEXT NOT NULL,
    name         TEXT NOT NULL,
    language     TEXT NOT NULL,
    review       TEXT NOT NULL CHECK (review IN ('draft', 'submitted', 'approved', 'rejected', 'paused', 'disabled')),
    provider_id  TEXT,
    category     TEXT CHECK (category IN ('utility', 'marketing')),
    impending    TEXT CHECK (impending IN ('utility', 'marketing')),
    impending_at INTEGER,
    reason       TEXT,
    quality      TEXT,
    submitted_at INTEGER,
    changed_at   INTEGER NOT NULL,
    try_at       INTEGER,          -- to be given to the provider then; null when it has been
    tries        INTEGER NOT NULL,
    PRIMARY KEY (sender_id, name, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX template_review_due ON template_review (try_at) WHERE try_at IS NOT NULL;
CREATE INDEX template_review_waiting ON template_review (sender_id) WHERE review = 'submitted';

-- When a sender's templates are asked for next.
CREATE TABLE template_poll (
    sender_id TEXT NOT NULL PRIMARY KEY,
    due_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened, by people and by the provider. Only ever appended.
CREATE TABLE template_change (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    brand_id   TEXT NOT NULL,
    status     TEXT NOT NULL,
    language   TEXT NOT NULL,
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    what       TEXT NOT NULL,
    user_id    TEXT,
    detail     TEXT NOT NULL
) STRICT;
CREATE INDEX template_change_by_text ON template_change (account_id, brand_id, status, language, id);
