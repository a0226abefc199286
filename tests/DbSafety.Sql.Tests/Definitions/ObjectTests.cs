using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests.Definitions;

/// <summary>DROP, types, domains, views, sequences, schemas, extensions, comments.</summary>
public class ObjectTests
{
    [Theory]
    [InlineData("DROP TABLE IF EXISTS a, s.b CASCADE", "DROP TABLE", "a b", true, true)]
    [InlineData("DROP MATERIALIZED VIEW v RESTRICT", "DROP MATERIALIZED VIEW", "v", false, false)]
    [InlineData("DROP FOREIGN TABLE t", "DROP FOREIGN TABLE", "t", false, false)]
    [InlineData("DROP TYPE IF EXISTS s.a, b", "DROP TYPE", "a b", true, false)]
    [InlineData("DROP DOMAIN d CASCADE", "DROP DOMAIN", "d", false, true)]
    [InlineData("DROP SCHEMA a, b CASCADE", "DROP SCHEMA", "a b", false, true)]
    [InlineData("DROP EXTENSION IF EXISTS e", "DROP EXTENSION", "e", true, false)]
    [InlineData("DROP TEXT SEARCH CONFIGURATION c", "DROP TEXT SEARCH CONFIGURATION", "c", false, false)]
    [InlineData("DROP AGGREGATE f(*), g(int ORDER BY text)", "DROP AGGREGATE", "f g", false, false)]
    [InlineData("DROP OPERATOR s.+ (int, NONE)", "DROP OPERATOR", "", false, false)]
    [InlineData("DROP OPERATOR CLASS c USING btree", "DROP OPERATOR CLASS", "c", false, false)]
    [InlineData("DROP CAST IF EXISTS (int AS text)", "DROP CAST", "", true, false)]
    [InlineData("DROP TRANSFORM FOR int LANGUAGE sql", "DROP TRANSFORM", "", false, false)]
    [InlineData("DROP FOREIGN DATA WRAPPER w", "DROP FOREIGN DATA WRAPPER", "w", false, false)]
    [InlineData("DROP PROCEDURAL LANGUAGE l", "DROP LANGUAGE", "l", false, false)]
    [InlineData("DROP DATABASE d WITH (FORCE)", "DROP DATABASE", "d", false, false)]
    [InlineData("DROP ROLE a, CURRENT_USER", "DROP ROLE", "a current_user", false, false)]
    [InlineData("DROP USER mapping", "DROP USER", "mapping", false, false)]
    [InlineData("DROP ACCESS METHOD m", "DROP ACCESS METHOD", "m", false, false)]
    public void Drop(string sql, string verb, string names, bool ifExists, bool isCascade)
    {
        var drop = Sql.One<DropStatement>(sql);
        Assert.Equal((verb, names, ifExists, isCascade), (drop.Verb, string.Join(" ", drop.Names.Select(name => name.Name)), drop.IfExists, drop.IsCascade));
    }

    [Fact]
    public void Drop_with_more()
    {
        var trigger = Sql.One<DropStatement>("DROP TRIGGER g ON s.t");
        Assert.Equal(("g", "t"), (trigger.Names[0].Name, trigger.Table!.Name));
        Assert.True(Sql.One<DropStatement>("DROP INDEX CONCURRENTLY IF EXISTS i").IsConcurrently);
        var functions = Sql.One<DropStatement>("DROP FUNCTION f(a int, OUT b text, VARIADIC c int[]), g");
        Assert.Equal(["integer", "integer[]"], functions.ArgumentTypes[0].Select(type => type.Name));
        Assert.True(functions.ArgumentTypes[1].IsDefault);
        Assert.Equal("DROP USER MAPPING", Sql.One<OtherStatement>("DROP USER MAPPING IF EXISTS FOR USER SERVER s").Verb);
        Assert.Equal(["a", "b"], Sql.One<OtherStatement>("DROP OWNED BY a, b CASCADE").Names.Select(name => name.Text));
    }

    [Theory]
    [InlineData("DROP TABLE")]
    [InlineData("DROP TABLE a b")]
    [InlineData("DROP TABLE a CASCADE RESTRICT")]
    [InlineData("DROP TRIGGER g")]
    [InlineData("DROP SCHEMA a.b")]
    [InlineData("DROP OPERATOR + (int)")]
    [InlineData("DROP ROLE a CASCADE")]
    [InlineData("DROP COLUMN a")]
    [InlineData("DROP TABLES a")]
    [InlineData("CREATE TYPE t AS ENUM ('a' 'b')")]
    [InlineData("CREATE TYPE t AS (a)")]
    [InlineData("ALTER TYPE t ADD 'a'")]
    [InlineData("ALTER TYPE t ADD ATTRIBUTE a")]
    [InlineData("CREATE DOMAIN d")]
    [InlineData("ALTER DOMAIN d ADD COLUMN a int")]
    [InlineData("CREATE VIEW IF NOT EXISTS v AS SELECT 1")]
    [InlineData("CREATE VIEW v AS SELECT 1 WITH DATA")]
    [InlineData("CREATE RECURSIVE VIEW v AS SELECT 1")]
    [InlineData("CREATE TEMP MATERIALIZED VIEW v AS SELECT 1")]
    [InlineData("REFRESH VIEW v")]
    [InlineData("CREATE SEQUENCE s START")]
    [InlineData("CREATE SCHEMA s CREATE TYPE t")]
    [InlineData("CREATE SCHEMA IF NOT EXISTS s CREATE TABLE t (a int)")]
    [InlineData("CREATE EXTENSION e FOO")]
    [InlineData("COMMENT ON TABLE t IS x")]
    [InlineData("COMMENT ON TRIGGER g IS 'x'")]
    public void Errors(string sql) => Assert.NotEmpty(Sql.Parse(sql).Errors);

    [Fact]
    public void Types()
    {
        Assert.Equal(["a", "b'"], Sql.One<CreateTypeStatement>("CREATE TYPE s.t AS ENUM ('a', 'b''')").Labels);
        Assert.Empty(Sql.One<CreateTypeStatement>("CREATE TYPE t AS ENUM ()").Labels);
        Assert.True(Sql.One<CreateTypeStatement>("CREATE TYPE t AS ENUM ('a', {more})").IsIncomplete);
        Assert.True(Sql.One<CreateTypeStatement>("CREATE TYPE t AS ENUM ('a{x}')").IsIncomplete);
        var composite = Sql.One<CreateTypeStatement>("CREATE TYPE t AS (a int, b text COLLATE \"C\")");
        Assert.True(composite is { IsComposite: true, IsEnum: false, IsIncomplete: false });
        Assert.Equal([("a", "integer"), ("b", "text")], composite.Attributes.Select(attribute => (attribute.Name.Text, attribute.Type!.Name!)));
        Assert.False(Sql.One<CreateTypeStatement>("CREATE TYPE t AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = s.f)").IsComposite);
        Assert.False(Sql.One<CreateTypeStatement>("CREATE TYPE t (INPUT = f, OUTPUT = g, INTERNALLENGTH = VARIABLE)").IsEnum);
        Assert.False(Sql.One<CreateTypeStatement>("CREATE TYPE t").IsEnum);
    }

    [Fact]
    public void Alter_type()
    {
        var add = Sql.One<AlterTypeStatement>("ALTER TYPE t ADD VALUE IF NOT EXISTS 'b' AFTER 'a'");
        Assert.Equal(("b", "a", true), (add.AddedLabel, add.Neighbour, add.IsAfter));
        Assert.False(Sql.One<AlterTypeStatement>("ALTER TYPE t ADD VALUE 'b' BEFORE 'a'").IsAfter);
        var rename = Sql.One<AlterTypeStatement>("ALTER TYPE t RENAME VALUE 'a' TO 'b'");
        Assert.Equal(("a", "b"), (rename.RenamedLabel, rename.NewName));
        Assert.True(Sql.One<AlterTypeStatement>("ALTER TYPE t SET SCHEMA s") is { IsSetSchema: true, NewName: "s" });
        var attributes = Sql.One<AlterTypeStatement>("ALTER TYPE t ADD ATTRIBUTE a int CASCADE, DROP ATTRIBUTE IF EXISTS b, ALTER ATTRIBUTE c SET DATA TYPE text").Attributes;
        Assert.Equal([AlterTableActionKind.AddColumn, AlterTableActionKind.DropColumn, AlterTableActionKind.AlterType], attributes.Select(action => action.Kind));
        Assert.Equal("b", Assert.Single(Sql.One<AlterTypeStatement>("ALTER TYPE t RENAME ATTRIBUTE a TO b").Attributes).NewName!.Text);
    }

    [Fact]
    public void Domains()
    {
        var domain = Sql.One<CreateDomainStatement>("CREATE DOMAIN s.d AS varchar(10) COLLATE \"C\" DEFAULT 'x' CONSTRAINT c CHECK (VALUE <> '') NOT NULL");
        Assert.Equal(("character varying", "C", true), (domain.Type.Name, domain.Collation!.Name, domain.IsNotNull));
        Assert.Equal([ConstraintKind.Default, ConstraintKind.Check, ConstraintKind.NotNull], domain.Constraints.Select(constraint => constraint.Kind));
        Assert.Equal(AlterTableActionKind.AddConstraint, Sql.One<AlterDomainStatement>("ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID").Action.Kind);
        Assert.Equal(AlterTableActionKind.SetNotNull, Sql.One<AlterDomainStatement>("ALTER DOMAIN d SET NOT NULL").Action.Kind);
        Assert.Equal("e", Sql.One<AlterDomainStatement>("ALTER DOMAIN d RENAME TO e").Action.NewName!.Text);
    }

    [Fact]
    public void Views()
    {
        var view = Sql.One<WrapperStatement>("CREATE OR REPLACE TEMP VIEW v (a, b) WITH (security_barrier) AS SELECT 1, 2 WITH CASCADED CHECK OPTION");
        Assert.Equal(("CREATE VIEW", 2, true), (view.Verb, view.Columns.Length, view.IsTemporary));
        var materialized = Sql.One<WrapperStatement>("CREATE MATERIALIZED VIEW IF NOT EXISTS v (a) USING heap WITH (fillfactor = 70) TABLESPACE s AS SELECT 1 WITH NO DATA");
        Assert.Equal(("CREATE MATERIALIZED VIEW", 1, true), (materialized.Verb, materialized.Columns.Length, materialized.IfNotExists));
        Assert.Single(Sql.One<WrapperStatement>("CREATE RECURSIVE VIEW v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v").Columns);
        Assert.Equal("REFRESH", Sql.One<OtherStatement>("REFRESH MATERIALIZED VIEW CONCURRENTLY s.v WITH NO DATA").Verb);
    }

    [Fact]
    public void Schemas_sequences_and_extensions()
    {
        var schema = Sql.One<CreateSchemaStatement>("CREATE SCHEMA s AUTHORIZATION r CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1 CREATE INDEX ON t (a)");
        Assert.Equal("s", schema.Name!.Text);
        Assert.Equal(["CREATE TABLE", "CREATE VIEW", "CREATE INDEX"], schema.Elements.Select(element => element.Verb));
        Assert.Null(Sql.One<CreateSchemaStatement>("CREATE SCHEMA AUTHORIZATION CURRENT_USER").Name);
        Assert.Equal("CREATE SEQUENCE", Sql.One<OtherStatement>("CREATE SEQUENCE IF NOT EXISTS s.q AS bigint INCREMENT BY 2 NO MAXVALUE START WITH 10 CACHE 5 CYCLE OWNED BY t.a").Verb);
        Assert.Equal("e", Assert.Single(Sql.One<OtherStatement>("CREATE EXTENSION IF NOT EXISTS e WITH SCHEMA s VERSION '1.0' CASCADE").Names).Text);
        Assert.True(Sql.One<RenameStatement>("ALTER EXTENSION e SET SCHEMA s") is { IsSetSchema: true, NewName.Text: "s" });
        Assert.Equal("b", Sql.One<RenameStatement>("ALTER SCHEMA a RENAME TO b").NewName.Text);
        Assert.Equal("ALTER EXTENSION", Sql.One<OtherStatement>("ALTER EXTENSION e ADD FUNCTION f(int)").Verb);
    }

    [Theory]
    [InlineData("COMMENT ON TABLE s.t IS 'x'", "TABLE", "t", null, "x")]
    [InlineData("COMMENT ON COLUMN t.a IS NULL", "COLUMN", "a", null, null)]
    [InlineData("COMMENT ON CONSTRAINT c ON t IS 'x'", "CONSTRAINT", "c", "t", "x")]
    [InlineData("COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'", "DOMAIN CONSTRAINT", "c", "d", "x")]
    [InlineData("COMMENT ON FUNCTION f(int, text) IS 'x'", "FUNCTION", null, null, "x")]
    [InlineData("COMMENT ON CAST (int AS text) IS 'x'", "CAST", null, null, "x")]
    [InlineData("COMMENT ON OPERATOR + (int, int) IS 'x'", "OPERATOR", null, null, "x")]
    [InlineData("COMMENT ON LARGE OBJECT 42 IS 'x'", "LARGE OBJECT", null, null, "x")]
    [InlineData("COMMENT ON TYPE s.t IS '{x}'", "TYPE", "t", null, null)]
    public void Comment(string sql, string kind, string? name, string? table, string? text)
    {
        var comment = Sql.One<CommentStatement>(sql);
        Assert.Equal((kind, name, table, text), (comment.Kind, comment.Name?.Name, comment.Table?.Name, comment.Text));
    }
}
