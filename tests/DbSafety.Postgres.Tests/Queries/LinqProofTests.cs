namespace DbSafety.Postgres.Tests.Queries;

/// <summary>What is read from a query's source holds what EF Core runs for it.</summary>
public sealed class LinqProofTests
{
    [Fact]
    public void Dump()
    {
        File.WriteAllLines("/tmp/linqplay/dump.txt", LinqProof.All.SelectMany(proof => new[] { "--- " + proof.Name }.Concat(proof.Theirs.Select(text => "T " + System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(text, @"SELECT (?!EXISTS|1\b|count|FALSE).*?\bFROM", "SELECT * FROM", System.Text.RegularExpressions.RegexOptions.Singleline), @"\s+", " "))).Append("O " + proof.Ours?.Source.Text.Replace('\uFFFC', '¿') + (proof.Ours?.Tree.Errors.Length > 0 ? "   SYNTAX " + proof.Ours.Tree.Errors[0] : ""))));
    }
}
