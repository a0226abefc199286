using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests.Queries;

/// <summary>
/// A compact form of what a query asks of its tables: <c>users?: id = 5</c>. Behind the name: <c>!</c> locked or written, <c>?</c> uncertain, <c>+</c> preserved, <c>-</c> looked up,
/// <c>/1</c> its level, where not 0. Values: constants as they are, <c>@p</c>, <c>[1]</c> another use, <c>[]</c> another relation, <c>~</c> stable, <c>*</c> volatile, <c>{}</c> unknown.
/// </summary>
internal static class QueryText
{
    public const string Schema = """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE DOMAIN email AS varchar(320);
        CREATE TABLE users (id bigint PRIMARY KEY, email varchar(320), name text, mood mood, contact email, age int, is_active boolean, tags text[], data jsonb, created_at timestamptz);
        CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total numeric, status text, note text, created_at timestamptz, day date);
        CREATE TABLE items (id bigint, order_id bigint, product_id int, count int);
        CREATE TABLE products (id int, title text, price numeric);
        CREATE TABLE app.logs (id bigint, at timestamptz, "Level" int);
        CREATE TABLE half (id int, LIKE nothing);
        """;

    public static SchemaCatalog Catalog { get; } = SchemaReader.Read([Sql.Parse(Schema)]);

    public static string Of(string sql, SchemaCatalog? catalog = null)
    {
        var tree = Sql.Parse(sql);
        Assert.Empty(tree.Errors);
        return string.Join("; ", QueryReader.Read(Assert.Single(tree.Statements), catalog ?? Catalog).Uses.Select(Of));
    }

    /// <summary>The catalog with views.</summary>
    public static SchemaCatalog WithViews(params (string Name, string Query)[] views) =>
        SchemaReader.Read([Sql.Parse(Schema), Sql.Parse(string.Join(";", views.Select(view => $"CREATE VIEW {view.Name} AS {view.Query}")))]);

    private static string Of(TableUse use)
    {
        var name = use.Table.Name + (use.IsTarget ? "!" : "") + (use.IsUncertain ? "?" : "") + (use.Role switch { TableRole.Preserved => "+", TableRole.LookedUp => "-", _ => "" })
            + (use.Level == 0 ? "" : "/" + use.Level);
        var filter = use.Filter is null ? "" : ": " + string.Join(" AND ", use.Conjuncts.Select(condition => Of(condition, true)));
        var order = use.Order.IsEmpty ? "" : " ORDER " + string.Join(", ", use.Order.Select(Of));
        return name + filter + order + (use.IsLimited ? " LIMIT" : "");
    }

    private static string Of(SortKey key) => Of(key.Key) + (key.IsDescending ? " DESC" : "") + (key.IsNullsFirst == key.IsDescending ? "" : key.IsNullsFirst ? " FIRST" : " LAST");

    private static string Of(Condition condition, bool isTop) => condition switch
    {
        AllOf all => (isTop ? "" : "(") + string.Join(" AND ", all.Conditions.Select(part => Of(part, false))) + (isTop ? "" : ")"),
        AnyOf any => "(" + string.Join(" OR ", any.Conditions.Select(part => Of(part, false))) + ")",
        Comparison { Keys.Length: 1 } comparison => (Of(comparison.Key) + " " + comparison.Operator + " " + (comparison.Operator is "IN" or "NOT IN"
            ? "(" + string.Join(", ", comparison.Values.Select(Of)) + ")" : string.Join(", ", comparison.Values.Select(Of)))).TrimEnd(),
        Comparison rows => "(" + string.Join(", ", rows.Keys.Select(Of)) + ") " + rows.Operator + " (" + string.Join(", ", rows.Values.Select(Of)) + ")",
        OtherCondition other => "other(" + string.Join(",", other.Columns) + ")",
        _ => "unknown",
    };

    private static string Of(QueryKey key) => (key.Column ?? "<" + key.Text + ">") + (key.Collation is null ? "" : " COLLATE " + key.Collation);

    private static string Of(QueryValue value) => value.Kind switch
    {
        QueryValueKind.Constant => (value.Text ?? "null") + Type(value),
        QueryValueKind.Parameter => "@" + value.Text + Type(value),
        QueryValueKind.OtherTable => "[" + string.Join(",", value.Uses) + "]",
        QueryValueKind.Stable => "~" + Type(value),
        QueryValueKind.Volatile => "*",
        _ => "{}",
    } + (value.IsArray && value.Type is null ? "[]" : "");

    private static string Type(QueryValue value) => value.Type switch
    {
        null or "boolean" => "",
        "timestamp with time zone" => ":timestamptz",
        var type => ":" + type,
    };
}
