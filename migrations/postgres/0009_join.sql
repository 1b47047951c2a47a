-- Signing up on a brand's page: what was agreed to there and waits for a message from the number.

-- Nobody is named here: of the number only a fingerprint under a key of ours, which tells whether a message came
-- from it. Rows are marked once, when the message comes, and removed when they have expired.
CREATE TABLE join_request (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id   TEXT COLLATE "C" NOT NULL,
    brand_id     TEXT COLLATE "C" NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    number_mark  TEXT COLLATE "C" NOT NULL,
    agreed       TEXT COLLATE "C" NOT NULL, -- JSON: the purposes, each with the words beside its box
    text_version TEXT COLLATE "C" NOT NULL,
    asked_at     BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    confirmed_at BIGINT
);
CREATE INDEX join_request_by_code ON join_request (brand_id, code);
CREATE INDEX join_request_by_expiry ON join_request (expires_at);

-- The shop's own privacy policy, named by the notice that customers can read.
ALTER TABLE brand ADD COLUMN privacy_url TEXT COLLATE "C";
