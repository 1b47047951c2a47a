-- Why settings were changed: by hand, as a copy, to take something back. Activations are noted too.

ALTER TABLE setting_change ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'saved';
ALTER TABLE setting_change ADD COLUMN of_change TEXT COLLATE "C";
CREATE INDEX setting_change_by_channel ON setting_change (account_id, brand_id, channel, id);
