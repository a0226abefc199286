namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>A query, and what is to be found about it.</summary>
/// <param name="Sql">The query.</param>
/// <param name="Advice">What is missing: kind and index; empty: nothing.</param>
/// <param name="Served">The index that serves, where nothing is missing; empty: there is none, and none is worth having.</param>
internal sealed record IndexShape(string Sql, string Advice, string Served = "");

/// <summary>The catalogue of shapes on <see cref="Shop"/>.</summary>
internal static class IndexShapes
{
    public static IReadOnlyList<IndexShape> All { get; } =
    [
        // One comparison.
        Served("SELECT * FROM users WHERE id = 5", "users_pkey"),
        Served("SELECT * FROM users WHERE email = 'a'", "users_email_key"),
        Served("SELECT * FROM users WHERE email IN ('a', 'b')", "users_email_key"),
        Served("SELECT * FROM users WHERE email = ANY ('{a,b}')", "users_email_key"),
        Missing("SELECT * FROM users WHERE email > 'a' AND score = 5", "Composite users (score, email)"),
        Served("SELECT * FROM users WHERE created_at BETWEEN '2020-01-01' AND '2020-01-02'", "users_created"),
        Served("SELECT * FROM users WHERE created_at > now() - interval '1 day'", "users_created"),
        Served("SELECT * FROM users WHERE created_at >= date '2020-01-01'", "users_created"),
        Served("SELECT * FROM users WHERE lower(name) = 'x'", "users_lower_name"),
        Served("SELECT * FROM users WHERE lower(users.\"name\") = lower('X')", "users_lower_name"),
        Served("SELECT * FROM users WHERE login = 'x'", "users_login"),
        Served("SELECT * FROM users WHERE nick LIKE 'abc%'", "users_nick_c"),
        Served("SELECT * FROM users WHERE (id, email) > (5, 'a')", "users_pkey"),
        Served("SELECT * FROM orders WHERE ref = '00000000-0000-0000-0000-000000000000'", "orders_ref"),
        Served("SELECT * FROM orders WHERE placed_on >= '2020-03-01'", "orders_placed"),
        Served("SELECT * FROM products WHERE sku LIKE 'AB%'", "products_sku"),
        Served("SELECT * FROM products WHERE sku = 'AB'", "products_sku"),
        Served("SELECT * FROM products WHERE title ILIKE '%abc%'", "products_title"),
        Served("SELECT * FROM orders WHERE note LIKE 'abc'", "orders_note"),
        Missing("SELECT * FROM orders WHERE status = 'x'", "Filter orders (status)"),
        Missing("SELECT * FROM users WHERE mood = 'ok'", "Filter users (mood)"),
        Missing("SELECT * FROM users WHERE external_id = '00000000-0000-0000-0000-000000000000'", "Filter users (external_id)"),
        Missing("SELECT * FROM users WHERE born < '1990-01-01'", "Filter users (born)"),
        Missing("SELECT * FROM users WHERE score IN (1, 2, 3)", "Filter users (score)"),
        Missing("SELECT * FROM logs WHERE level = 3 AND at > '2020-01-01'", "Filter logs (level, at)"),
        Missing("SELECT * FROM logs WHERE at > '2020-01-01' AND level = 3", "Filter logs (level, at)"),
        Missing("SELECT * FROM logs WHERE level = 3 ORDER BY at DESC LIMIT 10", "Filter logs (level, at DESC)"),
        Missing("SELECT * FROM logs WHERE level = 3 ORDER BY at DESC", "Filter logs (level)"),
        Missing("SELECT * FROM logs ORDER BY at LIMIT 10", "Composite logs (at)"),
        Missing("SELECT * FROM logs ORDER BY at DESC, level LIMIT 10", "Composite logs (at DESC, level)"),
        Missing("UPDATE logs SET message = 'x' WHERE level = 3", "Filter logs (level)"),
        Missing("DELETE FROM logs WHERE at < now() - interval '30 days'", "Filter logs (at)"),
        Missing("SELECT * FROM logs WHERE message LIKE 'abc%'", "Filter logs (message text_pattern_ops)"),
        Missing("SELECT * FROM logs WHERE message ~ '^abc'", "Filter logs (message text_pattern_ops)"),
        Missing("SELECT * FROM logs WHERE lower(message) = 'x'", "Filter logs (lower(message))"),
        Missing("SELECT * FROM logs WHERE level + 1 = 5", "Filter logs ((level + 1))"),
        Missing("SELECT * FROM logs WHERE words @@ to_tsquery('simple', 'word')", "Filter logs gin (words)"),
        Missing("SELECT * FROM logs WHERE valid @> 5", "Filter logs gist (valid)"),
        Missing("SELECT * FROM logs WHERE source = '10.0.0.1'", "Filter logs (source)"),
        Missing("SELECT * FROM users WHERE name = 'x'", "Filter users (name)"),
        Missing("SELECT * FROM orders WHERE created_at > '2020-01-01' OR status = 'x'", "Filter orders (status)"),
        Missing("SELECT * FROM logs WHERE (level = 1 AND at > '2020-01-01') OR (level = 2 AND message = 'x')", "Filter logs (level, at)"),

        // Not worth an index, or none can serve.
        Quiet("SELECT * FROM logs"),
        Quiet("SELECT * FROM users WHERE is_active"),
        Quiet("SELECT * FROM users WHERE NOT is_active"),
        Quiet("SELECT * FROM users WHERE deleted_at IS NULL"),
        Quiet("SELECT * FROM logs WHERE level <> 3"),
        Quiet("SELECT * FROM logs WHERE level NOT IN (1, 2)"),
        Quiet("SELECT * FROM logs WHERE message LIKE '%abc%'"),
        Quiet("SELECT * FROM logs WHERE message ILIKE 'abc%'"),
        Quiet("SELECT * FROM logs WHERE level = id"),
        Quiet("SELECT * FROM logs WHERE level = (random() * 10)::int"),
        Quiet("SELECT * FROM countries WHERE name = 'France'"),
        Quiet("SELECT * FROM logs WHERE level = 1 OR message LIKE '%x'"),
        Quiet("SELECT count(*) FROM logs l JOIN countries c ON c.name = l.message"),

        // OR by several indexes.
        Served("SELECT * FROM users WHERE id = 5 OR email = 'a'", "users_pkey"),
        Served("SELECT * FROM users WHERE (id = 5 AND score > 3) OR email = 'a'", "users_email_key"),

        // Partial indexes.
        Served("SELECT * FROM users WHERE tenant_id = 5 AND is_active", "users_active_tenant"),
        Served("SELECT * FROM users WHERE tenant_id = 5 AND is_active = true", "users_active_tenant"),
        Served("SELECT * FROM orders WHERE status = 'open' AND total > 5", "orders_open"),
        Missing("SELECT * FROM users WHERE tenant_id = 5", "Filter users (tenant_id)"),
        Missing("SELECT * FROM users WHERE tenant_id = 5 AND NOT is_active", "Filter users (tenant_id)"),
        Missing("SELECT * FROM orders WHERE status = 'paid' AND total > 5", "Filter orders (status, total)"),
        Missing("SELECT * FROM orders WHERE status IN ('open', 'paid') AND total > 5", "Filter orders (status, total)"),

        // JSONB and arrays.
        Served("SELECT * FROM users WHERE data @> '{\"k\": 1}'", "users_data"),
        Served("SELECT * FROM users WHERE data @? '$.k'", "users_data"),
        Served("SELECT * FROM users WHERE profile ->> 'kind' = 'x'", "users_kind"),
        Served("SELECT * FROM products WHERE tags @> ARRAY['x']", "products_tags"),
        Missing("SELECT * FROM users WHERE data ? 'k'", "Json users gin (data)"),
        Missing("SELECT * FROM users WHERE profile @> '{\"k\": 1}'", "Json users gin (profile)"),
        Missing("SELECT * FROM users WHERE data ->> 'k' = 'x'", "Json users ((data ->> 'k'))"),
        Missing("SELECT * FROM users WHERE (data ->> 'n')::int = 5", "Json users (((data ->> 'n')::integer))"),
        Missing("SELECT * FROM users WHERE data -> 'o' @> '{\"p\": 1}'", "Json users gin ((data -> 'o'))"),
        Missing("SELECT * FROM users WHERE tags @> ARRAY['x']", "Json users gin (tags)"),
        Missing("SELECT * FROM users WHERE tags && ARRAY['x', 'y']", "Json users gin (tags)"),
        Missing("SELECT * FROM orders WHERE labels @> ARRAY[5]", "Json orders gin (labels)"),
        Rewritten("SELECT * FROM products WHERE 'x' = ANY (tags)", "Json products: tags @> ARRAY['x']::text[]"),
        Rewritten("SELECT * FROM users WHERE jsonb_path_exists(data, '$.k')", "Json users: data @? '$.k'"),

        // The form of the condition.
        Missing("SELECT * FROM users WHERE lower(email) = 'a'", "Form users (lower(email))"),
        Missing("SELECT * FROM orders WHERE note LIKE 'abc%'", "Form orders (note text_pattern_ops)"),
        Missing("SELECT * FROM users WHERE code = 'x'::text", "Form users ((code::text))"),
        Missing("SELECT * FROM users WHERE login = 'x'::text", "Form users ((login::text))"),
        Missing("SELECT * FROM users WHERE upper(email) = 'A' AND is_active", "Form users (upper(email))"),
        Rewritten("SELECT * FROM users WHERE id = 5.0", "Form users: id = 5"),
        Rewritten("SELECT * FROM users WHERE id = 5::numeric", "Form users: id = 5"),
        Rewritten("SELECT * FROM users WHERE id + 1 = 5", "Form users: id = 4"),
        Rewritten("SELECT * FROM orders o WHERE o.created_at::date = '2020-02-01'", "Form orders: o.created_at >= DATE '2020-02-01' AND o.created_at < DATE '2020-02-02'"),
        Rewritten("SELECT * FROM users WHERE created_at::date = '2020-02-01'", "Form users: "),
        Rewritten("SELECT * FROM users WHERE date_trunc('day', created_at) = '2020-02-01'", "Form users: "),

        // Several columns.
        Served("SELECT * FROM orders WHERE shop_id = 5 AND created_at > '2020-01-01'", "orders_shop_created"),
        Served("SELECT * FROM orders WHERE shop_id = 5 ORDER BY created_at DESC LIMIT 10", "orders_shop_created"),
        Served("SELECT * FROM orders WHERE shop_id = 5 ORDER BY created_at LIMIT 10", "orders_shop_created"),
        Served("SELECT * FROM users WHERE id = 5 AND score = 3", "users_pkey"),
        Served("SELECT * FROM products WHERE maker_id = 5 AND price > 3 ORDER BY price LIMIT 5", "products_maker_price"),
        Missing("SELECT * FROM orders WHERE user_id = 5 AND status = 'x'", "Composite orders (user_id, status)"),
        Missing("SELECT * FROM orders WHERE user_id = 5 AND total > 3", "Composite orders (user_id, total)"),
        Missing("SELECT * FROM orders WHERE user_id = 5 ORDER BY created_at DESC LIMIT 20", "Composite orders (user_id, created_at DESC)"),
        Missing("SELECT * FROM orders WHERE user_id = 5 ORDER BY created_at, total DESC LIMIT 20", "Composite orders (user_id, created_at, total DESC)"),
        Missing("SELECT * FROM orders WHERE status = 'x' ORDER BY created_at DESC LIMIT 20", "Composite orders (status, created_at DESC)"),
        Served("SELECT * FROM orders WHERE user_id = 5 ORDER BY created_at DESC", "orders_user"),

        // Joins.
        Served("SELECT * FROM orders o JOIN users u ON u.id = o.user_id WHERE u.email = 'a'", "orders_user"),
        Served("SELECT * FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = 5", "users_pkey"),
        Missing("SELECT * FROM orders o JOIN items i ON i.order_id = o.id WHERE o.user_id = 5", "Filter items (order_id)"),
        Missing("SELECT * FROM orders o JOIN items i ON i.order_id = o.id WHERE o.id = 5", "Filter items (order_id)"),
        Missing("SELECT * FROM orders o JOIN items i ON i.order_id = o.id WHERE o.user_id = 5 AND i.product_id = 3", "Filter items (order_id, product_id)"),
        Missing("SELECT * FROM orders o LEFT JOIN items i ON i.order_id = o.id WHERE o.id = 5", "Filter items (order_id)"),
        Missing("SELECT * FROM orders o WHERE o.user_id = 5 AND EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)", "Filter items (order_id)"),
        Missing("SELECT o.*, (SELECT count(*) FROM items i WHERE i.order_id = o.id) FROM orders o WHERE o.user_id = 5", "Filter items (order_id)"),
        Missing("DELETE FROM items USING orders WHERE items.order_id = orders.id AND orders.user_id = 5", "Filter items (order_id)"),
        Served("SELECT * FROM items i JOIN orders o ON o.id = i.order_id JOIN users u ON u.id = o.user_id WHERE i.id = 5", "orders_pkey"),
        Quiet("SELECT * FROM items i JOIN orders o ON o.id = i.order_id"),
        Quiet("SELECT * FROM products p JOIN countries c ON c.code = p.country WHERE c.name = 'France'"),

        // Views, CTEs, partitions.
        Served("SELECT * FROM active_users WHERE email = 'a'", "users_email_key"),
        Served("SELECT * FROM active_users WHERE tenant_id = 5", "users_active_tenant"),
        Missing("SELECT * FROM active_users WHERE score = 5", "Filter users (score)"),
        Missing("WITH l AS (SELECT * FROM logs) SELECT * FROM l WHERE level = 3", "Filter logs (level)"),
        Quiet("WITH l AS MATERIALIZED (SELECT * FROM logs) SELECT * FROM l WHERE level = 3"),
        Served("SELECT * FROM events WHERE tenant_id = 5", "events_2020_tenant_id_idx"),
        Served("SELECT * FROM events_2020 WHERE tenant_id = 5", "events_2020_tenant_id_idx"),
        Missing("SELECT * FROM events WHERE kind = 'x'", "Filter events (kind)"),
    ];

    private static IndexShape Served(string sql, string index) => new(sql, "", index);

    private static IndexShape Missing(string sql, string advice) => new(sql, advice);

    private static IndexShape Rewritten(string sql, string advice) => new(sql, advice);

    private static IndexShape Quiet(string sql) => new(sql, "");
}
