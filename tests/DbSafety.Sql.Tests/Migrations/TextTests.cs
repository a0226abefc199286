using System.Text;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests.Migrations;

/// <summary>What of a file runs, and where it stands.</summary>
public class TextTests
{
    /// <summary>Blanks are shown once, holes as <c>?</c>.</summary>
    [Theory]
    [InlineData("CREATE TABLE a (b int);", "CREATE TABLE a (b int);")]
    [InlineData("\uFEFFSELECT 1", " SELECT 1")]
    // The way back
    [InlineData("-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE a;\n", "-- +goose Up\nSELECT 1;\n \n \n")]
    [InlineData("-- +goose Down\nDROP TABLE a;\n-- +goose Up\nSELECT 1;", " \n \n-- +goose Up\nSELECT 1;")]
    [InlineData("-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\n-- +goose StatementBegin\nDROP TABLE a;\n-- +goose StatementEnd", "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n \n \n \n ")]
    [InlineData("-- migrate:up\nSELECT 1;\n-- migrate:down transaction:false\nDROP TABLE a;", "-- migrate:up\nSELECT 1;\n \n ")]
    [InlineData("-- +migrate Up\nSELECT 1;\n-- +migrate Down\nDROP TABLE a;", "-- +migrate Up\nSELECT 1;\n \n ")]
    [InlineData("SELECT 1;\n---- create above / drop below ----\nDROP TABLE a;", "SELECT 1;\n \n ")]
    [InlineData("-- Up Migration\nSELECT 1;\n-- Down Migration\nDROP TABLE a;", "-- Up Migration\nSELECT 1;\n \n ")]
    [InlineData("-- // create\nSELECT 1;\n-- //@UNDO\nDROP TABLE a;", "-- // create\nSELECT 1;\n \n ")]
    [InlineData("SELECT '\n-- +goose Down\n', $$\n-- +goose Down\n$$, \"\n-- +goose Down\n\" /*\n-- +goose Down\n*/;", "SELECT '\n-- +goose Down\n', $$\n-- +goose Down\n$$, \"\n-- +goose Down\n\" /*\n-- +goose Down\n*/;")]
    // Liquibase
    [InlineData("--liquibase formatted sql\n--changeset a:1 endDelimiter:/\nSELECT 1\n/\n--rollback DROP TABLE a;", "--liquibase formatted sql\n--changeset a:1 endDelimiter:/\nSELECT 1\n;\n--rollback DROP TABLE a;")]
    [InlineData("--liquibase formatted sql\n--changeset a:1 dbms:mysql,h2\nSELECT 1;\n--changeset a:2 dbms:postgresql\nSELECT 2;", "--liquibase formatted sql\n \n \n--changeset a:2 dbms:postgresql\nSELECT 2;")]
    // psql
    [InlineData("\\set ON_ERROR_STOP on\nSELECT 1;\n\\echo it's\nSELECT 2;", " \nSELECT 1;\n \nSELECT 2;")]
    [InlineData("COPY t (a) FROM stdin;\nit's\t1\n\\N\t--\n\\.\n\nSELECT 1;", "COPY t (a) FROM stdin;\n \n \n \n\nSELECT 1;")]
    [InlineData("COPY t FROM STDIN WITH (FORMAT csv);\r\n'x\r\n\\.\r\nSELECT 1;", "COPY t FROM STDIN WITH (FORMAT csv);\r\n \r\n \r\nSELECT 1;")]
    [InlineData("COPY t FROM '/data/stdin';\nSELECT 1;", "COPY t FROM '/data/stdin';\nSELECT 1;")]
    [InlineData("\\copy t from stdin\n'x\n\\.\nSELECT 1;", " \n \n \nSELECT 1;")]
    [InlineData("SELECT 1 \\gset\nSELECT 2;", "SELECT 1 ; \nSELECT 2;")]
    [InlineData("SELECT format('CREATE TABLE x ()') \\gexec\nSELECT 2;", "SELECT format('CREATE TABLE x ()') ;?; \nSELECT 2;")]
    [InlineData("\\if :x\nCREATE TABLE a ();\n\\else\nCREATE TABLE b ();\n\\endif\nSELECT 1;", "?; \n \n \n \n \nSELECT 1;")]
    [InlineData("\\if true\n\\if x\nSELECT 1;\n\\endif\nSELECT 2;\n", "?; \n \n \n \n \n")]
    [InlineData("SELECT 1\\; SELECT 2;", "SELECT 1 ; SELECT 2;")]
    [InlineData("\\set x 1 \\\\ SELECT 2;", " SELECT 2;")]
    [InlineData("SELECT '\\i x', E'\\'\\i y', \"\\i\", $a$\\i z$a$;", "SELECT '\\i x', E'\\'\\i y', \"\\i\", $a$\\i z$a$;")]
    [InlineData("CREATE TABLE a ();\n\\connect other\nSELECT 1;", "CREATE TABLE a ();\n?; \nSELECT 1;")]
    [InlineData("CREATE DATABASE x;\n\\connect x\nCREATE TABLE a ();\n\\c - me\n", "CREATE DATABASE x;\n \nCREATE TABLE a ();\n \n")]
    [InlineData("COPY t FROM stdin;\n1\n2\n", "COPY t FROM stdin;\n?\n;\n")]
    // Placeholders
    [InlineData("CREATE TABLE ${schema}.users (a int)", "CREATE TABLE ? .users (a int)")]
    [InlineData("CREATE TABLE ${x}_users (a int)", "CREATE TABLE ?_users (a int)")]
    [InlineData("CREATE TABLE app_${x} (a int)", "CREATE TABLE app_? (a int)")]
    [InlineData("CREATE TABLE a_${x}_b (a int)", "CREATE TABLE a_????_b (a int)")]
    [InlineData("CREATE TABLE \"${s}\".t (a text DEFAULT 'a ${b} c')", "CREATE TABLE \"????\".t (a text DEFAULT 'a ???? c')")]
    [InlineData("CREATE TABLE $schema$.t (a int)", "CREATE TABLE ? .t (a int)")]
    [InlineData("CREATE TABLE \"$s$\".t (a int)", "CREATE TABLE \"???\".t (a int)")]
    [InlineData("GRANT SELECT ON t TO $role$;", "GRANT SELECT ON t TO ? ;")]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $body$SELECT 1; ${x}$body$ LANGUAGE sql;", "CREATE FUNCTION f() RETURNS int AS $body$SELECT 1; ????$body$ LANGUAGE sql;")]
    [InlineData("DO $a$ BEGIN END $a$; DO $_$BEGIN END$_$", "DO $a$ BEGIN END $a$; DO $_$BEGIN END$_$")]
    [InlineData("SELECT :'name', :\"col\", a[1:n], b::int;", "SELECT '????', \"???\", a[1:n], b::int;")]
    [InlineData("\\set s app\nCREATE TABLE :s.t (a int); SELECT x::int, a[1:s];", " \nCREATE TABLE ? .t (a int); SELECT x::int, a[1:s];")]
    [InlineData("CREATE TABLE {{ identifier .Table }} (a int)", "CREATE TABLE ? (a int)")]
    [InlineData("CREATE TABLE {{ Schema }}.t (a int DEFAULT '{{1},{2}}')", "CREATE TABLE ? .t (a int DEFAULT '{{1},{2}}')")]
    public void What_runs(string text, string expected)
    {
        var source = MigrationText.Of(text).Source;
        Assert.Equal(text.Length, source.Text.Length);
        Assert.Equal(text.Select(c => c is '\n' or '\r'), source.Text.Select(c => c is '\n' or '\r'));
        Assert.Equal(source.Holes, source.Holes.Order());
        Assert.All(source.Holes, hole => Assert.Equal(SqlSource.HoleMark, source.Text[hole]));
        Assert.Equal(source.Holes.Length, source.Text.Count(c => c == SqlSource.HoleMark));
        Assert.Equal(Short(expected), Short(source.Text.Replace(SqlSource.HoleMark, '?')));

        static string Short(string text)
        {
            var result = new StringBuilder();
            foreach (var c in text)
            {
                if (c != ' ' || result.Length == 0 || result[^1] != ' ')
                {
                    result.Append(c);
                }
            }

            return result.ToString();
        }
    }

    [Fact]
    public void A_text_with_nothing_to_blank_is_not_copied()
    {
        const string Text = "-- +goose Up\nCREATE TABLE a (b text DEFAULT '$1'); /* x */ DO $$ BEGIN END $$;";
        Assert.Same(Text, MigrationText.Of(Text).Source.Text);
        Assert.Same(Text, Assert.Single(MigrationSets.Of([new MigrationFile("a.sql", Text)])[0].Scripts).Source.Text);
    }

    [Fact]
    public void The_sources_of_a_text_stay_the_same_objects()
    {
        var file = new MigrationFile("a.sql", "CREATE TABLE a (b int);\n\\i b.sql\nCREATE TABLE c (d int);");
        var one = MigrationSets.Of([file])[0].Scripts;
        var two = MigrationSets.Of([file])[0].Scripts;
        Assert.Equal(3, one.Length);
        Assert.All(one.Zip(two), pair => Assert.Same(pair.First.Source, pair.Second.Source));
    }

    [Fact]
    public void Positions_are_those_of_the_file()
    {
        const string Text = "\\set x\r\n-- +goose Down\r\nDROP TABLE a;\r\n-- +goose Up\r\nCOPY a FROM stdin;\r\n1\r\n\\.\r\nCREATE TABLE ${s}.b (c int);";
        var tree = SqlParser.Parse(MigrationText.Of(Text).Source);
        Assert.Empty(tree.Errors);
        Assert.Equal(Text.IndexOf("CREATE", StringComparison.Ordinal), tree.Statements[^1].Span.Start);
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (1);", false)]
    [InlineData("SELECT 1; -- CREATE", false)]
    [InlineData("SELECT 'x; CREATE TABLE y'; UPDATE a SET b = 'ALTER';", false)]
    [InlineData("SELECT (SELECT 1) INTO x FROM y", true)]
    [InlineData("INSERT INTO x SELECT 1", false)]
    [InlineData("do $$ begin end $$", true)]
    [InlineData("CREATE ROLE me; CREATE DATABASE x;", false)]
    [InlineData("create or replace view v as select 1", true)]
    [InlineData("COMMENT ON TABLE t IS 'x'", true)]
    [InlineData("-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE x;", false)]
    [InlineData("${everything};", true)]
    public void Definitions(string text, bool expected) => Assert.Equal(expected, MigrationText.Of(text).HasDefinitions);

    [Theory]
    [InlineData("CREATE TABLE a (x int); CREATE TABLE IF NOT EXISTS S.B (x int); create unlogged table \"C\".\"d E\" (x int);", "a b d E")]
    [InlineData("CREATE TEMP TABLE a (x int); CREATE FUNCTION f() RETURNS TABLE (x int) AS $$ CREATE TABLE y () $$; CREATE PUBLICATION p FOR TABLE q;", "")]
    [InlineData("CREATE TABLE ${s}.a (x int); CREATE TABLE p_${x} (a int); CREATE TABLE c(x int)", "c")]
    public void Tables(string text, string expected) => Assert.Equal(expected, string.Join(" ", MigrationText.Of(text).Tables));

    /// <summary>Whatever is fed, the pass ends, and the text keeps its length and its lines.</summary>
    [Fact]
    public void Garbage_is_read_to_its_end()
    {
        string[] pieces =
        [
            "'", "\"", "$", "$$", "$a$", "${", "${x}", "\\", "\\if", "\\endif", "\\gexec", "\\i x", "\\.", "COPY t FROM stdin;", "\n", "\r\n", "--", "-- +goose Up", "-- +goose Down", "/*", "*/",
            ":", ":'", ":\"", "::", "[", "]", "(", ")", ";", "{{", "}}", "CREATE TABLE ", "GO", "\uFFFC", "a", "1", "E'", " ", "--changeset a:1 endDelimiter:/", "--liquibase formatted sql", "/", "\0", "\uFEFF",
        ];
        var random = new Random(7);
        for (var i = 0; i < 20000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var read = MigrationText.Of(text);
            Assert.Equal(text.Length, read.Source.Text.Length);
            Assert.Equal(text.Count(c => c == '\n'), read.Source.Text.Count(c => c == '\n'));
            Assert.Equal(read.Source.Holes, read.Source.Holes.Distinct().Order());
            Assert.All(read.Source.Holes, hole => Assert.Equal(SqlSource.HoleMark, read.Source.Text[hole]));
            MigrationSets.Of([new MigrationFile("a.sql", read), new MigrationFile("x", "CREATE TABLE a ();")]);
        }
    }

    [Theory]
    [InlineData("COPY t (a, b) FROM stdin;\n{0}\\.\nCREATE TABLE a (b int);\n", "1\tit's -- $$ /* \\N\n")]
    [InlineData("{0}", "CREATE TABLE a (b text DEFAULT 'x'); -- it's\nCREATE INDEX ON a (b);\n")]
    [InlineData("{0}", "COPY t FROM stdin;\n1\n\\.\n")]
    [InlineData("{0}", "$a")]
    [InlineData("{0}", "$a$ ")]
    [InlineData("{0}", ":'")]
    [InlineData("{0}", "${")]
    [InlineData("{0}", "{{a")]
    [InlineData("{0}", "go ")]
    [InlineData("{0}", "-")]
    [InlineData("{0}", "E'\\")]
    [InlineData("{0}", "\\i x\n")]
    [InlineData("{0}", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n")]
    [InlineData("{0}", "(`[a].[b]")]
    [InlineData("{0}", "/*")]
    [InlineData("{0}", "COPY t FROM stdin;\n")]
    public void The_work_grows_with_the_length(string frame, string piece)
    {
        var text = frame.Replace("{0}", string.Concat(Enumerable.Repeat(piece, 5_000_000 / piece.Length)), StringComparison.Ordinal);
        var read = MigrationText.Of(text);
        Assert.InRange(read.Work, 1, text.Length * 2L);
    }

    [Fact]
    public void An_idempotent_script_of_EF_Core_runs_once()
    {
        const string Body = """

            BEGIN
                IF NOT EXISTS(SELECT 1 FROM app."__EFMigrationsHistory" WHERE "MigrationId" = '2023_A') THEN
                CREATE TABLE IF NOT EXISTS a (id int);
                END IF;
                IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '2023_B') THEN
                CREATE INDEX i ON a (id);
                END IF;
            END 
            """;
        var source = new SqlSource(Body);
        Assert.Equal(["CREATE TABLE IF NOT EXISTS a (id int);", "CREATE INDEX i ON a (id);"], HistoryGuards.Find(source).Select(span => source.ToString(span).Trim()));
        Assert.Empty(HistoryGuards.Find(new SqlSource("BEGIN IF NOT EXISTS(SELECT 1 FROM x WHERE \"MigrationId\" = '1' AND b) THEN CREATE TABLE a (); END IF; END")));
        Assert.Empty(HistoryGuards.Find(new SqlSource("IF NOT EXISTS(SELECT 1 FROM x WHERE \"MigrationId\" = '1') THEN")));
    }
}
