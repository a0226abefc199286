using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests.Definitions;

/// <summary>Functions, procedures, DO and triggers.</summary>
public class RoutineTests
{
    [Fact]
    public void Function_with_a_body_of_text()
    {
        var function = Sql.One<RoutineStatement>(
            "CREATE OR REPLACE FUNCTION s.f(a int DEFAULT 1, OUT b text, INOUT c numeric(10, 2) = 2, d t.x%TYPE, VARIADIC e text[]) RETURNS SETOF record "
            + "LANGUAGE PLpgSQL STABLE STRICT SECURITY DEFINER PARALLEL SAFE COST 10 ROWS 5 SET search_path = a, 'b' AS $f$ BEGIN RETURN; END $f$");
        Assert.Equal(("CREATE FUNCTION", "s", "f", "plpgsql", "STABLE"), (function.Verb, function.Name!.Schema, function.Name.Name, function.Language, function.Volatility));
        Assert.Equal(" BEGIN RETURN; END ", function.Body);
        Assert.Equal(["integer", "numeric", null, "text[]"], function.ArgumentTypes.Select(type => type.Name));
        Assert.True(function.Returns is { IsSetOf: true, Name: "record" });
    }

    [Fact]
    public void Bodies_that_are_parsed()
    {
        Assert.Equal("RETURN", Assert.Single(Sql.One<RoutineStatement>("CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b").Statements).Verb);
        var procedure = Sql.One<RoutineStatement>("CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (CASE WHEN true THEN 1 END); DELETE FROM t; END");
        Assert.Equal(["INSERT", "DELETE"], procedure.Statements.Select(statement => statement.Verb));
        Assert.Null(procedure.Language);
        Assert.Null(procedure.Body);
    }

    [Fact]
    public void Function_that_returns_a_table()
    {
        var function = Sql.One<RoutineStatement>("CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE 'sql' AS 'SELECT 1'");
        Assert.Null(function.Returns);
        Assert.Equal(("sql", "SELECT 1"), (function.Language, function.Body));
    }

    [Fact]
    public void Do()
    {
        var block = Sql.One<RoutineStatement>("DO $$ BEGIN END $$");
        Assert.Equal(("DO", "plpgsql", " BEGIN END "), (block.Verb, block.Language, block.Body));
        Assert.Equal("sql", Sql.One<RoutineStatement>("DO LANGUAGE sql 'x'").Language);
        Assert.Null(Sql.One<RoutineStatement>("DO $$ {x} $$").Body);
    }

    [Fact]
    public void Trigger()
    {
        var trigger = Sql.One<CreateTriggerStatement>(
            "CREATE OR REPLACE TRIGGER g BEFORE INSERT OR UPDATE OF a, b OR DELETE ON s.t REFERENCING OLD TABLE AS o NEW TABLE n FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION s.f('x', 1, y)");
        Assert.Equal(("g", "t", "BEFORE", true, "f"), (trigger.Name.Text, trigger.Table.Name, trigger.Timing, trigger.IsForEachRow, trigger.Function.Name));
        Assert.Equal(["INSERT", "UPDATE", "DELETE"], trigger.Events);
        Assert.Equal(["a", "b"], trigger.UpdateColumns.Select(name => name.Text));
        Assert.True(trigger is { IsReplace: true, IsConstraint: false, When: BinaryExpression });
        var constraint = Sql.One<CreateTriggerStatement>("CREATE CONSTRAINT TRIGGER g AFTER DELETE ON t FROM u DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE f()");
        Assert.True(constraint is { IsConstraint: true, IsForEachRow: true });
        Assert.Equal("INSTEAD OF", Sql.One<CreateTriggerStatement>("CREATE TRIGGER g INSTEAD OF UPDATE ON v EXECUTE FUNCTION f()").Timing);
    }

    [Fact]
    public void Alter()
    {
        var rename = Sql.One<RenameStatement>("ALTER FUNCTION s.f(int) RENAME TO g");
        Assert.Equal(("ALTER FUNCTION", "f", "g"), (rename.Verb, rename.Name.Name, rename.NewName.Text));
        Assert.True(Sql.One<RenameStatement>("ALTER ROUTINE f SET SCHEMA s").IsSetSchema);
        Assert.Equal("ALTER PROCEDURE", Sql.One<OtherStatement>("ALTER PROCEDURE p() SECURITY INVOKER SET SCHEMA 's' RESET ALL RESTRICT").Verb);
        var trigger = Sql.One<RenameStatement>("ALTER TRIGGER a ON t RENAME TO b");
        Assert.Equal(("a", "t", "b"), (trigger.Name.Name, trigger.Table!.Name, trigger.NewName.Text));
    }

    [Theory]
    [InlineData("CREATE FUNCTION f RETURNS int LANGUAGE sql AS 'x'")]
    [InlineData("CREATE FUNCTION f(a) RETURNS LANGUAGE sql AS 'x'")]
    [InlineData("CREATE FUNCTION f(a int b) RETURNS int LANGUAGE sql AS 'x'")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS x")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql FAST AS 'x'")]
    [InlineData("CREATE PROCEDURE p() RETURNS int LANGUAGE sql AS 'x'")]
    [InlineData("CREATE FUNCTION f() BEGIN ATOMIC SELECT 1 END")]
    [InlineData("CREATE FUNCTION f() BEGIN ATOMIC SELECT FROM WHERE; END")]
    [InlineData("CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;")]
    [InlineData("DO")]
    [InlineData("DO BEGIN END")]
    [InlineData("ALTER FUNCTION f(int)")]
    [InlineData("CREATE TRIGGER g ON t EXECUTE FUNCTION f()")]
    [InlineData("CREATE TRIGGER g BEFORE INSERT OR INSERT ON t EXECUTE FUNCTION f()")]
    [InlineData("CREATE TRIGGER g BEFORE INSERT ON t EXECUTE f()")]
    [InlineData("CREATE CONSTRAINT TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()")]
    [InlineData("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(a + 1)")]
    public void Errors(string sql) => Assert.NotEmpty(Sql.Parse(sql).Errors);

    [Theory]
    [InlineData("CREATE FUNCTION {f}({args}) RETURNS {t} LANGUAGE sql AS '{body}'")]
    [InlineData("CREATE FUNCTION f() {options} AS $$ x $$")]
    [InlineData("CREATE FUNCTION f() BEGIN ATOMIC {statements} END")]
    [InlineData("CREATE TRIGGER {g} {when} INSERT OR {event} ON {t} {each} EXECUTE FUNCTION {f}({a})")]
    [InlineData("ALTER FUNCTION f({args}) {option}")]
    public void Hole_is_no_error(string sql) => Assert.Empty(Sql.Parse(sql).Errors);
}
