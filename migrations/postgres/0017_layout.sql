-- The tables that grow lie in months, and what waits for a stage lies beside them in small tables whose rows leave.
--
-- A row is written once where it stays: no index names what changes (a queue's flag, a message's state), so that PostgreSQL
-- can write a new state beside the old one without touching an index, and months that are over are never written again.

-- ---- What waits.

CREATE TABLE delivery_inbox (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
INSERT INTO delivery_inbox (id) SELECT id FROM delivery WHERE state = 'stored';
DROP INDEX delivery_waiting;

CREATE TABLE event_inbox (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
INSERT INTO event_inbox (id) SELECT id FROM event WHERE decided = 0;
DROP INDEX event_waiting;
ALTER TABLE event DROP COLUMN decided;

-- Receipts whose message is not known yet, or that nobody has looked at; the same one said twice is one.
CREATE TABLE receipt_inbox (
    id          TEXT COLLATE "C" NOT NULL,
    account_id  TEXT COLLATE "C" NOT NULL,
    sender_id   TEXT COLLATE "C" NOT NULL,
    attempt_id  TEXT COLLATE "C",
    provider_id TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    code        TEXT COLLATE "C",
    detail      TEXT COLLATE "C",
    look_at     BIGINT,           -- when to look at it again; null when its message was never found
    PRIMARY KEY (provider_id, kind, sender_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX receipt_inbox_waiting ON receipt_inbox (id) WHERE look_at IS NOT NULL;
INSERT INTO receipt_inbox (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, look_at)
    SELECT id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, look_at
    FROM receipt WHERE message_id IS NULL;

-- The receipts of messages. What makes one unique begins with the message, whose id says its month.
CREATE TABLE receipt_applied (
    id          TEXT COLLATE "C" NOT NULL,
    account_id  TEXT COLLATE "C" NOT NULL,
    sender_id   TEXT COLLATE "C" NOT NULL,
    attempt_id  TEXT COLLATE "C",
    provider_id TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('sent', 'delivered', 'read', 'failed')),
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    code        TEXT COLLATE "C",
    detail      TEXT COLLATE "C",
    message_id  TEXT COLLATE "C" NOT NULL
);
INSERT INTO receipt_applied (id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, message_id)
    SELECT id, account_id, sender_id, attempt_id, provider_id, kind, occurred_at, received_at, code, detail, message_id
    FROM receipt WHERE message_id IS NOT NULL;
DROP TABLE receipt;
ALTER TABLE receipt_applied RENAME TO receipt;

-- ---- Months.

-- The least id of a moment, as dispatch::id mints it: 48 bits of milliseconds, then 80 random ones, in Crockford's base 32.
CREATE FUNCTION least_id(prefix TEXT, at TIMESTAMPTZ) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    millis BIGINT := floor(extract(epoch FROM at) * 1000);
    digits TEXT := '';
BEGIN
    FOR i IN 1..10 LOOP
        digits := substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (millis & 31)::int + 1, 1) || digits;
        millis := millis >> 5;
    END LOOP;
    RETURN prefix || '_' || digits || repeat('0', 16);
END $$;

-- Which tables lie in months, by which column, and how full their pages are written at first: where rows change, the next
-- version finds room on the same page.
CREATE FUNCTION monthly() RETURNS TABLE (name TEXT, prefix TEXT, key TEXT, fill INT) LANGUAGE sql IMMUTABLE AS $$
    VALUES ('delivery', 'dlv', 'id', 60), ('event', 'evt', 'id', 100), ('decision', 'dec', 'id', 100),
        ('message', 'msg', 'id', 60), ('attempt', 'att', 'id', 90), ('receipt', 'msg', 'message_id', 100)
$$;

-- Makes the months that are missing up to and with the one of `until`. Whatever is older than the first month lies in
-- `_early`, whatever is newer than the last in `_late`, so that a clock that is wrong loses nothing; no partition is a
-- DEFAULT one, because lists are then read month by month in their order.
CREATE FUNCTION make_months(until TIMESTAMPTZ) RETURNS INT LANGUAGE plpgsql AS $$
DECLARE
    t RECORD;
    month TIMESTAMP;
    last TIMESTAMP := date_trunc('month', until AT TIME ZONE 'UTC');
    part TEXT;
    upper TEXT;
    kept TEXT;
    made INT := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7165003);
    FOR t IN SELECT * FROM monthly() LOOP
        SELECT to_timestamp(max(substr(c.relname, length(t.name) + 2)), 'YYYY_MM') AT TIME ZONE current_setting('TimeZone') INTO month
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass(t.name) AND c.relname ~ '_\d{4}_\d{2}$';
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO kept
            FROM pg_attribute WHERE attrelid = to_regclass(t.name) AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        month := month + interval '1 month';
        WHILE month <= last LOOP
            part := t.name || '_' || to_char(month, 'YYYY_MM');
            upper := least_id(t.prefix, (month + interval '1 month') AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', t.name, t.name || '_late');
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = %s)',
                part, t.name, least_id(t.prefix, month AT TIME ZONE 'UTC'), upper, t.fill);
            EXECUTE format('INSERT INTO %1$I (%2$s) SELECT %2$s FROM %3$I WHERE %4$I < %5$L', part, kept, t.name || '_late', t.key, upper);
            EXECUTE format('DELETE FROM %I WHERE %I < %L', t.name || '_late', t.key, upper);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (MAXVALUE)', t.name, t.name || '_late', upper);
            made := made + 1;
            month := month + interval '1 month';
        END LOOP;
    END LOOP;
    RETURN made;
END $$;

-- Removes the months of a table that ended before a moment, and what lies before them. Answers how many months.
CREATE FUNCTION drop_months(of_table TEXT, before TIMESTAMPTZ) RETURNS INT LANGUAGE plpgsql AS $$
DECLARE
    t RECORD;
    part TEXT;
    gone INT := 0;
    first TIMESTAMP := date_trunc('month', before AT TIME ZONE 'UTC');
BEGIN
    PERFORM pg_advisory_xact_lock(7165003);
    SELECT * INTO STRICT t FROM monthly() WHERE name = of_table;
    FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(of_table) AND c.relname ~ '_\d{4}_\d{2}$'
            AND c.relname < of_table || '_' || to_char(first, 'YYYY_MM')
            -- One month stays whatever the clock says: new months follow it.
            AND EXISTS (SELECT 1 FROM pg_inherits j JOIN pg_class d ON d.oid = j.inhrelid
                WHERE j.inhparent = i.inhparent AND d.relname ~ '_\d{4}_\d{2}$' AND d.relname > c.relname)
        ORDER BY 1
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        gone := gone + 1;
    END LOOP;
    EXECUTE format('DELETE FROM %I WHERE %I < %L', of_table || '_early', t.key, least_id(t.prefix, first AT TIME ZONE 'UTC'));
    RETURN gone;
END $$;

-- Every table as it is now, with whatever columns it has, becomes one in months: from that of its oldest row, at most two
-- years back, to the one after next.
DO $$
DECLARE
    t RECORD;
    first TIMESTAMP;
    oldest BIGINT;
BEGIN
    SELECT min(received_at) INTO oldest FROM delivery;
    first := date_trunc('month', greatest(coalesce(to_timestamp(oldest / 1000000.0), now()), now() - interval '2 years') AT TIME ZONE 'UTC');
    first := least(first, date_trunc('month', now() AT TIME ZONE 'UTC'));
    FOR t IN SELECT * FROM monthly() LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', t.name, t.name || '_plain');
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE (%I)',
            t.name, t.name || '_plain', t.key);
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (MINVALUE) TO (%L)',
            t.name || '_early', t.name, least_id(t.prefix, first AT TIME ZONE 'UTC'));
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = %s)',
            t.name || '_' || to_char(first, 'YYYY_MM'), t.name,
            least_id(t.prefix, first AT TIME ZONE 'UTC'), least_id(t.prefix, (first + interval '1 month') AT TIME ZONE 'UTC'), t.fill);
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (MAXVALUE)',
            t.name || '_late', t.name, least_id(t.prefix, (first + interval '1 month') AT TIME ZONE 'UTC'));
    END LOOP;
    PERFORM make_months(now() + interval '2 months');
    FOR t IN SELECT * FROM monthly() LOOP
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', t.name, t.name || '_plain');
        EXECUTE format('DROP TABLE %I', t.name || '_plain');
    END LOOP;
END $$;

-- The few messages that are in trouble: derived, so that an index can name it and states still change without one.
ALTER TABLE message ADD COLUMN trouble BIGINT NOT NULL
    GENERATED ALWAYS AS (CASE WHEN state IN ('failed', 'unknown', 'held') THEN 1 ELSE 0 END) STORED;

ALTER TABLE delivery ADD PRIMARY KEY (id);
CREATE INDEX delivery_by_connection ON delivery (account_id, connection_id, id);
ALTER TABLE event ADD PRIMARY KEY (id);
CREATE INDEX event_by_account ON event (account_id, id);
CREATE INDEX event_by_delivery ON event (delivery_id);
CREATE INDEX event_by_order ON event (account_id, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX event_by_tracking ON event (account_id, tracking_number, id) WHERE tracking_number IS NOT NULL;
-- A decision is found by its event and by its message's own column, so neither delivery nor message needs an index here.
ALTER TABLE decision ADD PRIMARY KEY (id);
CREATE INDEX decision_by_account ON decision (account_id, id);
CREATE INDEX decision_by_event ON decision (event_id);
CREATE INDEX decision_by_order ON decision (account_id, order_number, id) WHERE order_number IS NOT NULL;
CREATE INDEX decision_by_tracking ON decision (account_id, tracking_number, id) WHERE tracking_number IS NOT NULL;
CREATE INDEX decision_by_phone ON decision (account_id, phone, id) WHERE phone IS NOT NULL;
CREATE INDEX decision_not_sent ON decision (account_id, reason, id) WHERE reason IS NOT NULL;
ALTER TABLE message ADD PRIMARY KEY (id);
CREATE INDEX message_by_account ON message (account_id, id);
CREATE INDEX message_in_trouble ON message (account_id, id) WHERE trouble = 1;
ALTER TABLE attempt ADD PRIMARY KEY (id);
CREATE INDEX attempt_by_message ON attempt (message_id);
CREATE INDEX attempt_by_provider ON attempt (provider_id) WHERE provider_id IS NOT NULL;
ALTER TABLE receipt ADD PRIMARY KEY (message_id, provider_id, kind);
