-- Text messages and mail beside WhatsApp: in which order channels are tried, who stands in, and what they cost.

-- JSON: an order for all news, and others for some; NULL is the ordinary one.
ALTER TABLE brand ADD COLUMN cascades TEXT;

-- JSON: what the other channels of the chain came to; NULL when there are none.
ALTER TABLE decision ADD COLUMN others TEXT;

-- JSON list of the messages ready to stand in, NULL when there are none; and which of them this is, 0 for the first channel.
ALTER TABLE message ADD COLUMN fallbacks TEXT;
ALTER TABLE message ADD COLUMN step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN channel TEXT NOT NULL DEFAULT 'whatsapp';
ALTER TABLE attempt ADD COLUMN step BIGINT NOT NULL DEFAULT 0;

-- What was accepted and should have arrived by then: the next channel stands in, or a mail counts as delivered. Rows
-- whose message has arrived are forgotten when they are due. The last two columns are the outbox row's, which is gone.
CREATE TABLE watch (
    message_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    attempt_id TEXT COLLATE "C" NOT NULL,
    step       BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    good_until BIGINT,
    subject    TEXT COLLATE "C"
);
CREATE INDEX watch_by_due ON watch (due_at);

INSERT INTO rate (id, company_country, plan, channel, currency, micros, valid_from) VALUES
    ('sms-lite-2025-01-01', NULL, 'lite', 'sms', 'EUR', 30000, 1735689600000000),
    ('sms-growth-2025-01-01', NULL, 'growth', 'sms', 'EUR', 20000, 1735689600000000),
    ('sms-premium-2025-01-01', NULL, 'premium', 'sms', 'EUR', 10000, 1735689600000000),
    ('email-lite-2025-01-01', NULL, 'lite', 'email', 'EUR', 3000, 1735689600000000),
    ('email-growth-2025-01-01', NULL, 'growth', 'email', 'EUR', 2000, 1735689600000000),
    ('email-premium-2025-01-01', NULL, 'premium', 'email', 'EUR', 1000, 1735689600000000);
