namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Many calls at once, also where their edits meet.</summary>
public sealed class FixAllTests
{
    private const string Parameters = "NpgsqlConnection db, NpgsqlDataSource source, IDbConnection any, string name, int id";

    [Fact]
    public Task Calls_of_all_families_in_one_member() => FixTest.Run(
        FixTest.Wrap("""
            var sql = $"DELETE FROM users WHERE id = {id}";
            db.Execute(sql);
            db.Execute(sql + $" AND lower(name) LIKE '{name}'");
            db.Execute($"DELETE FROM users WHERE id = {id} AND lower(name) LIKE '{db.QuerySingle<string>($"SELECT name FROM users WHERE id = {id}")}'");
            source.CreateCommand($"DELETE FROM users WHERE id = {id}").ExecuteNonQuery();
            source.CreateCommand($"DELETE FROM users WHERE lower(name) LIKE '{name}'").ExecuteNonQuery();
            using var first = any.CreateCommand();
            first.CommandText = $"DELETE FROM users WHERE id = {id}";
            first.ExecuteNonQuery();
            first.CommandText = $"DELETE FROM users WHERE id = {id} AND lower(name) LIKE '{name}'";
            first.ExecuteNonQuery();
            return null;
            """, Parameters, type: "object?"),
        FixTest.Wrap("""
            var sql = "DELETE FROM users WHERE id = @id";
            db.Execute(sql, new { id });
            db.Execute(sql + " AND lower(name) LIKE @name", new { id, name });
            db.Execute("DELETE FROM users WHERE id = @id AND lower(name) LIKE @value", new { id, value = db.QuerySingle<string>("SELECT name FROM users WHERE id = @id", new { id }) });
            using var command = source.CreateCommand("DELETE FROM users WHERE id = @id");
            command.Parameters.AddWithValue("id", id);
            command.ExecuteNonQuery();
            using var command2 = source.CreateCommand("DELETE FROM users WHERE lower(name) LIKE @name");
            command2.Parameters.AddWithValue("name", name);
            command2.ExecuteNonQuery();
            using var first = any.CreateCommand();
            first.CommandText = "DELETE FROM users WHERE id = @id";
            var idParameter = first.CreateParameter();
            idParameter.ParameterName = "@id";
            idParameter.Value = id;
            first.Parameters.Add(idParameter);
            first.ExecuteNonQuery();
            first.CommandText = "DELETE FROM users WHERE id = @id2 AND lower(name) LIKE @name";
            var id2Parameter = first.CreateParameter();
            id2Parameter.ParameterName = "@id2";
            id2Parameter.Value = id;
            first.Parameters.Add(id2Parameter);
            var nameParameter = first.CreateParameter();
            nameParameter.ParameterName = "@name";
            nameParameter.Value = name;
            first.Parameters.Add(nameParameter);
            first.ExecuteNonQuery();
            return null;
            """, Parameters, type: "object?"));

    [Fact]
    public Task Calls_in_many_members() => FixTest.Run(
        """
        using Dapper;
        using Npgsql;

        class A(NpgsqlConnection db)
        {
            public object One(int id) => db.Execute($"DELETE FROM users WHERE id = {id}");

            public object Two(int id)
            {
                int Go(int n) => db.Execute($"DELETE FROM users WHERE id = {n}");
                return Go(id) + Go(id + 1);
            }

            public object Three { get { var id = 3 * One(3).GetHashCode(); return db.Execute("DELETE FROM users WHERE id = " + id); } }
        }
        """,
        """
        using Dapper;
        using Npgsql;

        class A(NpgsqlConnection db)
        {
            public object One(int id) => db.Execute("DELETE FROM users WHERE id = @id", new { id });

            public object Two(int id)
            {
                int Go(int n) => db.Execute("DELETE FROM users WHERE id = @n", new { n });
                return Go(id) + Go(id + 1);
            }

            public object Three { get { var id = 3 * One(3).GetHashCode(); return db.Execute("DELETE FROM users WHERE id = @id", new { id }); } }
        }
        """);
}
