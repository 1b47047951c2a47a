-- Tries that say nothing against the message (too fast, a sender that could not be used): they do not use up the others.
ALTER TABLE outbox ADD COLUMN free INTEGER NOT NULL DEFAULT 0;
