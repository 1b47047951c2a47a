-- What brands write, and what the provider says of it.

-- Versions count per brand, status and language. A version that was submitted is never changed.
CREATE TABLE template_version (
    account_id   TEXT COLLATE "C" NOT NULL,
    brand_id     TEXT COLLATE "C" NOT NULL REFERENCES brand (id),
    status       TEXT COLLATE "C" NOT NULL,
    language     TEXT COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,    -- at the provider
    category     TEXT COLLATE "C" NOT NULL CHECK (category IN ('utility', 'marketing')), -- as the merchant chose
    content      TEXT COLLATE "C" NOT NULL,    -- JSON
    revision     BIGINT NOT NULL, -- of the draft, for conflicts
    submitted_at BIGINT,          -- once to any sender
    edited_by    TEXT COLLATE "C",
    edited_at    BIGINT NOT NULL,
    PRIMARY KEY (brand_id, status, language, version)
);
CREATE UNIQUE INDEX template_version_by_name ON template_version (brand_id, name, language);

-- The provider's word on one text at one sender, of the library's texts too.
CREATE TABLE template_review (
    account_id   TEXT COLLATE "C" NOT NULL,
    sender_id    TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    language     TEXT COLLATE "C" NOT NULL,
    review       TEXT COLLATE "C" NOT NULL CHECK (review IN ('draft', 'submitted', 'approved', 'rejected', 'paused', 'disabled')),
    provider_id  TEXT COLLATE "C",
    category     TEXT COLLATE "C" CHECK (category IN ('utility', 'marketing')),
    impending    TEXT COLLATE "C" CHECK (impending IN ('utility', 'marketing')),
    impending_at BIGINT,
    reason       TEXT COLLATE "C",
    quality      TEXT COLLATE "C",
    submitted_at BIGINT,
    changed_at   BIGINT NOT NULL,
    try_at       BIGINT,          -- to be given to the provider then; null when it has been
    tries        BIGINT NOT NULL,
    PRIMARY KEY (sender_id, name, language)
);
CREATE INDEX template_review_due ON template_review (try_at) WHERE try_at IS NOT NULL;
CREATE INDEX template_review_waiting ON template_review (sender_id) WHERE review = 'submitted';

-- When a sender's templates are asked for next.
CREATE TABLE template_poll (
    sender_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    due_at    BIGINT NOT NULL
);

-- What happened, by people and by the provider. Only ever appended.
CREATE TABLE template_change (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    brand_id   TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL,
    language   TEXT COLLATE "C" NOT NULL,
    version    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    what       TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C",
    detail     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX template_change_by_text ON template_change (account_id, brand_id, status, language, id);
