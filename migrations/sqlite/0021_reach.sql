-- Business portfolios: their numbers may write to so many people within a day, all together.
CREATE TABLE portfolio (
    account_id TEXT NOT NULL,
    id         TEXT NOT NULL, -- the platform's; that of the business account while nobody has told
    people     INTEGER,       -- null: nobody has told; -1: any number
    kept       INTEGER NOT NULL DEFAULT 10, -- of a hundred, for urgent news
    heard_at   INTEGER,       -- when the limit was told
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- Who was reached within the last day by a portfolio that has a limit.
CREATE TABLE reached (
    account_id   TEXT NOT NULL,
    portfolio_id TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    brand_id     TEXT NOT NULL, -- whose place it takes
    at           INTEGER NOT NULL, -- the last time
    kept         INTEGER NOT NULL, -- whether it is a place kept for urgent news
    attempt_id   TEXT, -- the only one so far: if nothing was sent, nobody was reached
    PRIMARY KEY (account_id, portfolio_id, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX reached_by_at ON reached (account_id, portfolio_id, at);

ALTER TABLE sender ADD COLUMN portfolio_id TEXT;
UPDATE sender SET portfolio_id = waba_id WHERE channel = 'whatsapp';
INSERT INTO portfolio (account_id, id) SELECT DISTINCT account_id, waba_id FROM sender WHERE channel = 'whatsapp';
-- What was learned of how fast it may go, for whoever sends next.
ALTER TABLE sender ADD COLUMN per_second INTEGER;
ALTER TABLE sender ADD COLUMN slowed TEXT;

-- The portfolio whose places a message waits for, and whether its news is urgent.
ALTER TABLE outbox ADD COLUMN reach TEXT;
ALTER TABLE outbox ADD COLUMN urgent INTEGER;
CREATE INDEX outbox_reach ON outbox (account_id, reach, brand_id, urgent, due_at) WHERE reach IS NOT NULL;

-- Whether somebody's conversation is open.
CREATE INDEX inbound_by_person ON inbound (sender_id, sender_from, received_at) WHERE sender_from IS NOT NULL;
