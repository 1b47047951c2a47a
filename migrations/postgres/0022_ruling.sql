-- What the rules of a decision came to, once for all decisions that differ only in their person. `decision.rules` holds what
-- fills a ruling's open places; where `ruling` is NULL, `rules` and `others` hold everything, as before.
CREATE TABLE ruling (
    account_id TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,   -- digest of the record
    record     TEXT COLLATE "C" NOT NULL,   -- JSON
    PRIMARY KEY (account_id, id)
);
ALTER TABLE decision ADD COLUMN ruling TEXT COLLATE "C";
