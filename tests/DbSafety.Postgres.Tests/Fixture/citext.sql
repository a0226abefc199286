-- Only where the server has the contrib extension.
CREATE EXTENSION citext;
ALTER TABLE samples ADD COLUMN email citext;
