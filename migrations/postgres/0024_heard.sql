-- What a provider said of an attempt stands in the attempt: `,[kind, occurred, received, code, detail]` each, the last two of
-- failures only. A row of its own for each receipt took more room than the message.
ALTER TABLE attempt ADD COLUMN receipts TEXT COLLATE "C";
UPDATE attempt SET receipts = said.receipts FROM (
    SELECT message_id, provider_id, string_agg(',' || CASE WHEN code IS NULL AND detail IS NULL
        THEN json_build_array(kind, occurred_at, received_at) ELSE json_build_array(kind, occurred_at, received_at, code, detail) END::text,
        '' ORDER BY received_at, id) AS receipts
    FROM receipt GROUP BY message_id, provider_id) said
WHERE said.message_id = attempt.message_id AND said.provider_id = attempt.provider_id;
DROP TABLE receipt;

CREATE OR REPLACE FUNCTION monthly() RETURNS TABLE (name TEXT, prefix TEXT, key TEXT, fill INT) LANGUAGE sql IMMUTABLE AS $$
    VALUES ('delivery', 'dlv', 'id', 60), ('event', 'evt', 'id', 100), ('decision', 'dec', 'id', 100),
        ('message', 'msg', 'id', 60), ('attempt', 'att', 'id', 60)
$$;

-- An attempt is written three times: when it begins, when it is answered, and when it is heard of.
DO $$
DECLARE
    part TEXT;
BEGIN
    FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'attempt'::regclass LOOP
        EXECUTE format('ALTER TABLE %s SET (fillfactor = 60)', part);
    END LOOP;
END $$;
