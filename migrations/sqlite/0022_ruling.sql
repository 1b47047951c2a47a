-- What the rules of a decision came to, once for all decisions that differ only in their person. `decision.rules` holds what
-- fills a ruling's open places; where `ruling` is NULL, `rules` and `others` hold everything, as before.
CREATE TABLE ruling (
    account_id TEXT NOT NULL,
    id         TEXT NOT NULL,   -- digest of the record
    record     TEXT NOT NULL,   -- JSON
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
ALTER TABLE decision ADD COLUMN ruling TEXT;
