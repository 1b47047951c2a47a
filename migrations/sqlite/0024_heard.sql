-- What a provider said of an attempt stands in the attempt: `,[kind, occurred, received, code, detail]` each, the last two of
-- failures only. A row of its own for each receipt took more room than the message.
ALTER TABLE attempt ADD COLUMN receipts TEXT;
UPDATE attempt SET receipts = (
    SELECT group_concat(',' || CASE WHEN code IS NULL AND detail IS NULL THEN json_array(kind, occurred_at, received_at)
        ELSE json_array(kind, occurred_at, received_at, code, detail) END, '')
    FROM (SELECT * FROM receipt r WHERE r.message_id = attempt.message_id AND r.provider_id = attempt.provider_id ORDER BY r.received_at, r.id));
DROP TABLE receipt;
