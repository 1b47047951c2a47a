-- Who is at work until when, so that what a dead worker had leased need not wait until its leases run out.
CREATE TABLE worker (
    id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);
