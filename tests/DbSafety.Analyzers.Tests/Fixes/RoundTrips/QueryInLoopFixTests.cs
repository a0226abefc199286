using DbSafety.CodeFixes.RoundTrips;

namespace DbSafety.Analyzers.Tests.Fixes.RoundTrips;

/// <summary>A query per element becomes one query before the loop, and a look-up in it.</summary>
public sealed class QueryInLoopFixTests
{
    private static Task Fixes(string before, string after, string? sql = null) => RoundTripFixTest.Fixes(new QueryInLoopFixer(), before, after, sql, QueryInLoopFixer.Title);

    private static Task Refuses(string code, string? sql = null) => RoundTripFixTest.Refuses(new QueryInLoopFixer(), code, sql);

    private static string Loop(string body, string source = "orders") => $$"""
        foreach (var order in {{source}})
        {
            {{body.Replace("\n", "\n    ")}}
        }

        return log;
        """;

    private static string Single(string sql, string method = "QuerySingleAsync<Person>", string values = "new { id = order.UserId }") =>
        Loop($$"""
            var user = await db.{{method}}("{{sql}}", {{values}});
            log.Add("" + user);
            """);

    [Theory]
    [InlineData("QuerySingleOrDefault", ".SingleOrDefault()")]
    [InlineData("QuerySingle", ".Single()")]
    [InlineData("QueryFirstOrDefault", ".FirstOrDefault()")]
    [InlineData("QueryFirst", ".First()")]
    [InlineData("Query", "")]
    public async Task Rows_of_a_class(string method, string choice)
    {
        await Fixes(
            Loop($$"""
                var user = await db.{{method}}Async<Person>("SELECT id, name FROM users WHERE id = @id", new { id = order.UserId }, tx);
                log.Add("" + user);
                """),
            $$"""
            var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
            var usersById = (await db.QueryAsync<Person>("SELECT id, name FROM users WHERE id = ANY(@userIds)", new { userIds }, tx)).ToLookup(person => person.Id);
            foreach (var order in orders)
            {
                var user = usersById[order.UserId]{{choice}};
                log.Add("" + user);
            }

            return log;
            """);
        await Fixes(
            Loop($$"""
                var user = db.{{method}}<Person>("SELECT * FROM users u WHERE u.id = @id AND u.visits > @limit ORDER BY u.name", new { limit, id = order.UserId });
                log.Add("" + user);
                """),
            $$"""
            var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
            var usersById = db.Query<Person>("SELECT * FROM users u WHERE u.id = ANY(@userIds) AND u.visits > @limit ORDER BY u.name", new { limit, userIds }).ToLookup(person => person.Id);
            foreach (var order in orders)
            {
                var user = usersById[order.UserId]{{choice}};
                log.Add("" + user);
            }

            return log;
            """);
    }

    [Fact]
    public Task Rows_are_listed_and_the_key_may_be_the_element() => Fixes(
        """
        var all = new List<Line>();
        foreach (var id in ids)
            all.AddRange((await db.QueryAsync<Line>("SELECT OrderId, Amount FROM lines WHERE OrderId = @id ORDER BY Amount", new { id })).ToList());
        return all;
        """,
        """
        var all = new List<Line>();
        var distinctIds = ids.Distinct().ToArray();
        var linesByOrderid = (await db.QueryAsync<Line>("SELECT OrderId, Amount FROM lines WHERE OrderId = ANY(@distinctIds) ORDER BY Amount", new { distinctIds })).ToLookup(line => line.OrderId);
        foreach (var id in ids)
            all.AddRange(linesByOrderid[id].ToList());
        return all;
        """);

    [Fact]
    public Task Values() => Fixes(
        Loop("""
            var name = await db.QuerySingleOrDefaultAsync<string>("SELECT name FROM users WHERE id = @id AND active = 'y'", new { id = order.UserId });
            var first = db.ExecuteScalar<int>("SELECT visits FROM users WHERE id = @UserId", new { order.UserId });
            var count = await db.ExecuteScalarAsync<long>("SELECT count(*) FROM orders WHERE user_id = @id", new { id = order.UserId });
            var sum = await db.QuerySingleAsync<decimal?>("SELECT sum(total)::numeric FROM orders WHERE user_id = @id AND state = 'y'", new { id = order.UserId }).ConfigureAwait(false);
            log.Add(name + first + count + sum);
            """),
        """
        var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var namesById = (await db.QueryAsync<(string Name, int Id)>("SELECT name, id FROM users WHERE id = ANY(@userIds) AND active = 'y'", new { userIds })).ToLookup(row => row.Id, row => row.Name);
        var visitsById = db.Query<(int Visits, int Id)>("SELECT visits, id FROM users WHERE id = ANY(@userIds)", new { userIds }).ToLookup(row => row.Id, row => row.Visits);
        var countsByUserId = (await db.QueryAsync<(long Count, int UserId)>("SELECT count(*), user_id FROM orders WHERE user_id = ANY(@userIds) GROUP BY user_id", new { userIds })).ToLookup(row => row.UserId, row => row.Count);
        var sumsByUserId = (await db.QueryAsync<(decimal? Sum, int UserId)>("SELECT sum(total)::numeric, user_id FROM orders WHERE user_id = ANY(@userIds) AND state = 'y' GROUP BY user_id", new { userIds }).ConfigureAwait(false)).ToLookup(row => row.UserId, row => row.Sum);
        foreach (var order in orders)
        {
            var name = namesById[order.UserId].SingleOrDefault();
            var first = visitsById[order.UserId].FirstOrDefault();
            var count = countsByUserId[order.UserId].SingleOrDefault();
            var sum = sumsByUserId[order.UserId].SingleOrDefault();
            log.Add(name + first + count + sum);
        }

        return log;
        """);

    [Fact]
    public Task A_value_that_is_null_still_throws() => Fixes(
        Single("SELECT price FROM users WHERE id = @id", "QuerySingleAsync<decimal>"),
        """
        var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var pricesById = (await db.QueryAsync<(decimal? Price, int Id)>("SELECT price, id FROM users WHERE id = ANY(@userIds)", new { userIds })).ToLookup(row => row.Id, row => row.Price);
        foreach (var order in orders)
        {
            var user = pricesById[order.UserId].Single().Value;
            log.Add("" + user);
        }

        return log;
        """);

    [Fact]
    public Task A_value_that_the_schema_knows() => Fixes(
        Single("SELECT price FROM users WHERE name = @name", "QuerySingleOrDefaultAsync<decimal>", "new { name = order.Code }"),
        """
        var orderCodes = orders.Select(order => order.Code).Distinct().ToArray();
        var pricesByName = (await db.QueryAsync<(decimal Price, string Name)>("SELECT price, name FROM users WHERE name = ANY(@orderCodes)", new { orderCodes })).ToLookup(row => row.Name, row => row.Price);
        foreach (var order in orders)
        {
            var user = pricesByName[order.Code].SingleOrDefault();
            log.Add("" + user);
        }

        return log;
        """,
        RoundTripFixTest.Schema);

    [Theory]
    [InlineData("lazy", "lazy.ToList()")]
    [InlineData("await db.QueryAsync<Order>(\"SELECT * FROM orders\")", "(await db.QueryAsync<Order>(\"SELECT * FROM orders\")).ToList()")]
    [InlineData("orders.Where(o => o.Id > limit)", "orders.Where(o => o.Id > limit).ToList()")]
    [InlineData("orders.ToArray()", "orders.ToArray()")]
    public Task A_source_is_read_once(string source, string list) => Fixes(
        Loop("""
            log.Add((await db.QueryFirstAsync<Product>("SELECT Id, Title, CouponId FROM products WHERE id = @id", new { id = order.Customer.Id })).Title);
            """, source),
        $$"""
        var orders2 = {{list}};
        var customerIds = orders2.Select(order => order.Customer.Id).Distinct().ToArray();
        var productsById = (await db.QueryAsync<Product>("SELECT Id, Title, CouponId FROM products WHERE id = ANY(@customerIds)", new { customerIds })).ToLookup(product => product.Id);
        foreach (var order in orders2)
        {
            log.Add(productsById[order.Customer.Id].First().Title);
        }

        return log;
        """);

    [Fact]
    public Task A_local_of_the_loop_is_taken_for_what_it_is() => Fixes(
        Loop(""""
            // whose is it?
            var id = order.UserId;
            if (order.Total > 0)
            {
                var product = await db.QueryFirstOrDefaultAsync<Product>(new CommandDefinition("""
                    SELECT id, title, couponid
                    FROM products
                    WHERE id = @id
                    """, new { id }, cancellationToken: ct));
                log.Add(product?.Title ?? "");
            }
            """"),
        """"
        var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var productsById = (await db.QueryAsync<Product>(new CommandDefinition("""
            SELECT id, title, couponid
            FROM products
            WHERE id = ANY(@userIds)
            """, new { userIds }, cancellationToken: ct))).ToLookup(product => product.Id);
        foreach (var order in orders)
        {
            // whose is it?
            var id = order.UserId;
            if (order.Total > 0)
            {
                var product = productsById[id].FirstOrDefault();
                log.Add(product?.Title ?? "");
            }
        }

        return log;
        """");

    [Theory]
    [InlineData("SELECT id, name FROM users WHERE id = @id LIMIT 1")]
    [InlineData("SELECT id, name FROM users WHERE id = @id OFFSET 2")]
    [InlineData("SELECT id, name FROM users WHERE id = @id FOR UPDATE")]
    [InlineData("SELECT DISTINCT id, name FROM users WHERE id = @id")]
    [InlineData("SELECT id, max(name) AS name FROM users WHERE id = @id GROUP BY id")]
    [InlineData("SELECT id, row_number() OVER (ORDER BY name) AS visits FROM users WHERE id = @id")]
    [InlineData("SELECT id, f(name) AS name FROM users WHERE id = @id")]
    [InlineData("SELECT name FROM users WHERE id = @id")]
    [InlineData("SELECT id + 1 AS id, name FROM users WHERE id = @id")]
    [InlineData("SELECT id, name FROM users WHERE id > @id")]
    [InlineData("SELECT id, name FROM users WHERE id = @id OR name = 'x'")]
    [InlineData("SELECT id, name FROM users WHERE id = @id AND visits <> @id")]
    [InlineData("SELECT id, name FROM users WHERE id = @id UNION SELECT 1, 'x'")]
    [InlineData("SELECT u.*, o.* FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = @id")]
    [InlineData("SELECT u.id, o.id, u.name FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = @id")]
    [InlineData("SELECT o.id, u.name FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = @id")]
    [InlineData("SELECT id, name FROM users WHERE lower(id) = @id")]
    [InlineData("SELECT id, name FROM users WHERE id = @id::int")]
    [InlineData("WITH u AS (SELECT * FROM users) SELECT id, name FROM u WHERE id = @id")]
    [InlineData("SELECT id, name FROM users WHERE id = @id; SELECT 1")]
    public Task Other_statements(string sql) => Refuses(Single(sql));

    [Theory]
    [InlineData("QuerySingleAsync<Odd>", "SELECT id FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<Odd>", "SELECT code FROM users WHERE code = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<Odd>", "SELECT userid FROM users WHERE userid = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT id, name FROM users WHERE name = @id", "new { id = order.Name }")]
    [InlineData("QuerySingleAsync<Order>", "SELECT * FROM users WHERE total = @id", "new { id = order.Total }")]
    [InlineData("QuerySingleAsync<Order>", "SELECT * FROM users WHERE at = @id", "new { id = order.At }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id", "new { id = order.CouponId }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id", "new { id = order.CouponId!.Value }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id", "new { id = (int)order.Total }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id", "new { id = int.Parse(order.Code) }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id AND name = @name", "new { id = order.UserId, name = order.Name }")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id", "order")]
    [InlineData("QuerySingleAsync<Person>", "SELECT * FROM users WHERE id = @id", "new { id = order.UserId }, commandTimeout: order.Id")]
    [InlineData("QuerySingleAsync<object>", "SELECT * FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync", "SELECT * FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<Status>", "SELECT state FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleOrDefaultAsync<decimal>", "SELECT price FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QueryAsync<int>", "SELECT count(*) FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<decimal>", "SELECT sum(price) FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<decimal?>", "SELECT sum(price) + 1 FROM users WHERE id = @id", "new { id = order.UserId }")]
    [InlineData("QuerySingleAsync<decimal?>", "SELECT f(price) FROM users WHERE id = @id", "new { id = order.UserId }")]
    public Task Other_keys_and_rows(string method, string sql, string values) => Refuses(Single(sql, method, values));

    [Theory]
    [InlineData("SELECT * FROM users WHERE nick = @id")]
    [InlineData("SELECT price FROM users WHERE code = @id")]
    public Task Text_that_the_database_compares_otherwise(string sql) => Refuses(Single(sql, "QuerySingleAsync<decimal?>", "new { id = order.Code }"), RoundTripFixTest.Schema);

    private const string Query = "await db.QuerySingleAsync<Person>(\"SELECT id, name FROM users WHERE id = @id\", new { id = order.UserId })";

    [Theory]
    [InlineData("var user = " + Query + "; await db.ExecuteAsync(\"UPDATE users SET visits = 1\"); log.Add(user.Name);")]
    [InlineData("var user = " + Query + "; user.Visits++; log.Add(user.Name);")]
    [InlineData("var user = " + Query + "; user.Name = \"x\"; log.Add(user.Name);")]
    [InlineData("var user = " + Query + "; user.Visit(); log.Add(user.Name);")]
    [InlineData("var user = " + Query + "; if (check(user)) log.Add(user.Name);")]
    [InlineData("try { log.Add((" + Query + ").Name); } catch (DbException) { }")]
    [InlineData("order.UserId = 3; log.Add((" + Query + ").Name);")]
    [InlineData("await using var other = new NpgsqlConnection(\"\"); var user = " + "await other.QuerySingleAsync<Person>(\"SELECT id, name FROM users WHERE id = @id\", new { id = order.UserId }); log.Add(user.Name);")]
    [InlineData("var user = " + "await db.QuerySingleAsync<Person>(\"SELECT id, name FROM users WHERE id = @id\", new { id = order.UserId }, order.Id > 0 ? tx : null); log.Add(user.Name);")]
    [InlineData(Query + ";")]
    public Task Other_things_in_the_loop(string body) => Refuses(Loop(body));

    [Theory]
    [InlineData("if (order.Customer.Parent != null) log.Add((await db.QuerySingleAsync<Person>(\"SELECT id, name FROM users WHERE id = @id\", new { id = order.Customer.Parent.Id })).Name);")]
    [InlineData("if (order.Customer.Parent == null) continue; log.Add((await db.QuerySingleAsync<Person>(\"SELECT id, name FROM users WHERE id = @id\", new { id = order.Customer.Parent.Id })).Name);")]
    public Task A_key_that_is_not_always_there(string body) => Refuses(Loop(body));

    [Fact]
    public Task Several_loops_and_a_loop_in_a_loop() => Fixes(
        """
        foreach (var order in orders)
        {
            var user = db.QueryFirst<Person>("SELECT id, name FROM users WHERE id = @id", new { id = order.UserId });
            log.Add(user.Name);
        }

        foreach (var order in orders)
        {
            foreach (var id in ids)
            {
                log.Add(order.Code + db.QueryFirst<Person>("SELECT id, name FROM users WHERE id = @id AND visits > @limit", new { id, limit }).Name);
            }
        }

        return log;
        """,
        """
        var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var usersById = db.Query<Person>("SELECT id, name FROM users WHERE id = ANY(@userIds)", new { userIds }).ToLookup(person => person.Id);
        foreach (var order in orders)
        {
            var user = usersById[order.UserId].First();
            log.Add(user.Name);
        }

        foreach (var order in orders)
        {
            var distinctIds = ids.Distinct().ToArray();
            var usersById2 = db.Query<Person>("SELECT id, name FROM users WHERE id = ANY(@distinctIds) AND visits > @limit", new { distinctIds, limit }).ToLookup(person => person.Id);
            foreach (var id in ids)
            {
                log.Add(order.Code + usersById2[id].First().Name);
            }
        }

        return log;
        """);

    private static string Old(string usings, string statements) => $$"""
        {{usings}}

        namespace Shop
        {
            public class Person { public int Id { get; set; } }

            public class Case
            {
                public void Run(NpgsqlConnection db, List<int> ids, bool isAll)
                {
                    var sql = "SELECT id FROM users " +
                        "WHERE id = @id";
                    if (isAll)
                    {
                        {{statements.Replace("\n", "\n                ")}}
                    }
                }
            }
        }
        """;

    [Fact]
    public Task An_old_language_without_LINQ_and_a_text_in_a_variable() => FixTest.Run(
        Old("using System;\nusing System.Collections.Generic;\nusing Dapper;\nusing Npgsql;", """
            foreach (int id in ids)
            {
                Console.WriteLine(db.QuerySingle<Person>(sql, new { id = id }, null, 30));
            }
            """),
        Old("using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing Dapper;\nusing Npgsql;", """
            var distinctIds = ids.Distinct().ToArray();
            var usersById = db.Query<Person>(sql, new { distinctIds }, null, commandTimeout: 30).ToLookup(person => person.Id);
            foreach (int id in ids)
            {
                Console.WriteLine(usersById[id].Single());
            }
            """).Replace("= @id\";\n            if", "= ANY(@distinctIds)\";\n            if"),
        Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp7_3, fixer: new QueryInLoopFixer());

    [Fact]
    public Task A_text_that_others_use_too() => Refuses("""
        var sql = "SELECT id, name FROM users WHERE id = @id";
        log.Add(db.QuerySingle<Person>(sql, new { id = 1 }).Name);
        foreach (var order in orders)
        {
            log.Add(db.QuerySingle<Person>(sql, new { id = order.UserId }).Name);
        }

        return log;
        """);

    [Fact]
    public Task A_lazy_source_that_need_not_end() => Refuses(Loop("if (order.Id > limit) break; log.Add((" + Query + ").Name);", "lazy"));

    [Fact]
    public Task A_lazy_source_that_looks_at_what_the_loop_does() => Refuses("""
        var seen = new HashSet<int>();
        foreach (var order in orders.Where(o => !seen.Contains(o.UserId)))
        {
            var user = await db.QuerySingleAsync<Person>("SELECT id, name FROM users WHERE id = @id", new { id = order.UserId });
            seen.Add(user.Id);
        }

        return log;
        """);
}
