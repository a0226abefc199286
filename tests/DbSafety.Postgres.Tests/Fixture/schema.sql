-- The schema that every test starts with: one column per type that a value may be pasted into.
CREATE TYPE mood AS ENUM ('happy', 'so so', 'don''t know');

CREATE TABLE samples (
    id      integer PRIMARY KEY,
    key     uuid,
    day     date,
    seen_at timestamptz,
    doc     jsonb,
    mood    mood,
    price   numeric(12, 3),
    qty     integer,
    total   bigint,
    name    text,
    label   varchar(60),
    tags    text[],
    keys    uuid[],
    marks   integer[],
    active  boolean,
    lasting interval,
    code    char(5)
);

CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);

CREATE SCHEMA app;
CREATE TABLE app.things (id integer PRIMARY KEY, name text NOT NULL);
