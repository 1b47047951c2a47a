-- What a brand has chosen for people of a country who tell no language, as JSON: {"BE":"fr"}.
ALTER TABLE brand ADD COLUMN languages TEXT NOT NULL DEFAULT '{}';
