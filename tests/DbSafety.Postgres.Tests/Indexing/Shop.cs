namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>A schema with indexes that serve much, and not all.</summary>
internal static class Shop
{
    public const string Extensions = "CREATE EXTENSION citext; CREATE EXTENSION pg_trgm";

    public const string Sql = """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE TABLE users (
            id bigserial PRIMARY KEY, email text NOT NULL UNIQUE, name varchar(100), login citext, code char(8), is_active boolean, created_at timestamptz, born date, score numeric,
            tags text[], data jsonb, profile jsonb, tenant_id integer, external_id uuid, deleted_at timestamptz, mood mood, nick text);
        CREATE INDEX users_lower_name ON users (lower(name));
        CREATE INDEX users_login ON users (login);
        CREATE INDEX users_code ON users (code);
        CREATE INDEX users_data ON users USING gin (data jsonb_path_ops);
        CREATE INDEX users_active_tenant ON users (tenant_id) WHERE is_active;
        CREATE INDEX users_created ON users (created_at);
        CREATE INDEX users_nick_c ON users (nick COLLATE "C");
        CREATE INDEX users_kind ON users ((profile ->> 'kind'));
        CREATE TABLE orders (
            id bigint PRIMARY KEY, user_id bigint REFERENCES users (id), status text, total numeric, created_at timestamp, placed_on date, note text, shop_id integer, meta jsonb,
            labels integer[], ref uuid);
        CREATE INDEX orders_user ON orders (user_id);
        CREATE INDEX orders_shop_created ON orders (shop_id, created_at DESC);
        CREATE INDEX orders_note ON orders (note);
        CREATE INDEX orders_placed ON orders USING brin (placed_on);
        CREATE INDEX orders_open ON orders (total) WHERE status = 'open';
        CREATE INDEX orders_ref ON orders USING hash (ref);
        CREATE INDEX orders_created ON orders (created_at);
        CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id), product_id integer, quantity integer, note text);
        CREATE TABLE products (id integer PRIMARY KEY, sku varchar(20), title text, price numeric, tags text[], maker_id integer, country char(2));
        CREATE INDEX products_sku ON products (sku varchar_pattern_ops);
        CREATE INDEX products_title ON products USING gin (title gin_trgm_ops);
        CREATE INDEX products_tags ON products USING gin (tags);
        CREATE INDEX products_maker_price ON products (maker_id, price);
        CREATE TABLE logs (id bigint PRIMARY KEY, level integer, at timestamptz, message text, words tsvector, valid int4range, source inet);
        CREATE TABLE countries (code char(2) PRIMARY KEY, name text);
        INSERT INTO countries VALUES ('de', 'Germany'), ('fr', 'France');
        CREATE VIEW active_users AS SELECT id, email, name, tenant_id, score FROM users WHERE is_active;
        CREATE TABLE events (id bigint, tenant_id integer, at date NOT NULL, kind text) PARTITION BY RANGE (at);
        CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2040-01-01');
        CREATE INDEX events_tenant ON events (tenant_id);
        """;
}
