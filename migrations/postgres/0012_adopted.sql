-- Versions that are one text to the provider share its name for them.
DROP INDEX template_version_by_name;
CREATE INDEX template_version_by_name ON template_version (brand_id, name, language, version);
