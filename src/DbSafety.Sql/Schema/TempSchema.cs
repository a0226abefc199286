#pragma warning disable
namespace DbSafety.Sql.Schema;
public sealed class SchemaCatalog { public static SchemaCatalog Empty = new(); public string? ColumnType(Syntax.ColumnTarget t) => null; public bool IsEnum(string s) => false; }
public static class SchemaReader { public static SchemaCatalog Read(IEnumerable<Syntax.SqlTree> t) => SchemaCatalog.Empty; }
