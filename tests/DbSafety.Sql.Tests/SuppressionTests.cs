using DbSafety.Sql.Text;

namespace DbSafety.Sql.Tests;

public class SuppressionTests
{
    private const string Id = "DBS4003";

    [Theory]
    [InlineData("CREATE TABLE t (a int @REFERENCES u); -- dbsafety:disable DBS4003", true)]
    [InlineData("CREATE TABLE t (a int @REFERENCES u); -- DbSafety:Disable", true)]
    [InlineData("CREATE TABLE t (a int @REFERENCES u); -- dbsafety:disable DBS4006, DBS4003 deletes never happen", true)]
    [InlineData("CREATE TABLE t (a int @REFERENCES u); -- dbsafety:disable DBS4006", false)]
    [InlineData("CREATE TABLE t (a int @REFERENCES u); -- nothing", false)]
    [InlineData("CREATE TABLE t (\n  -- dbsafety:disable DBS4003\n  a int @REFERENCES u);", true)]
    [InlineData("CREATE TABLE t (\n  -- dbsafety:disable DBS4003\n  -- because\n  a int @REFERENCES u);", true)]
    [InlineData("CREATE TABLE t (\n  -- dbsafety:disable DBS4003\n  b int,\n  a int @REFERENCES u);", false)]
    [InlineData("-- dbsafety:disable DBS4003\n\nCREATE TABLE t (\n  a int @REFERENCES u);", true)]
    [InlineData("-- a schema\r\n-- dbsafety:disable DBS4003\r\n\r\nCREATE TABLE t (\r\n  a int @REFERENCES u);", true)]
    [InlineData("-- dbsafety:disable DBS4003\nCREATE TABLE s (x int);\nCREATE TABLE t (a int @REFERENCES u);", false)]
    [InlineData("SELECT 1;\n-- dbsafety:disable DBS4003\n\nCREATE TABLE t (a int @REFERENCES u);", false)]
    [InlineData("CREATE TABLE t (a int DEFAULT 'dbsafety:disable' @REFERENCES u);", false)]
    public void A_comment_silences_its_line_the_next_or_the_file(string text, bool expected)
    {
        var position = text.IndexOf('@');
        Assert.Equal(expected, SqlSuppressions.Silences(text.Remove(position, 1), position, Id));
    }
}
