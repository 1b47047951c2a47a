-- A person may take back what they had said, where nothing had been said before: that is no yes. The constraints
-- bear the names that the tables had when they were made.
ALTER TABLE consent DROP CONSTRAINT consent_ledger_kind_check,
    ADD CONSTRAINT consent_kind_check CHECK (kind IN ('opt_in', 'opt_out', 'choice', 'taken_back'));
ALTER TABLE standing DROP CONSTRAINT standing_by_purpose_kind_check,
    ADD CONSTRAINT standing_kind_check CHECK (kind IN ('opt_in', 'opt_out', 'taken_back'));
