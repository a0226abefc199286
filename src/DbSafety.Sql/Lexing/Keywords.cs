namespace DbSafety.Sql.Lexing;

/// <summary>How PostgreSQL restricts a keyword as a name (PostgreSQL 16 manual, appendix C).</summary>
public enum KeywordCategory
{
    /// <summary>Not a keyword.</summary>
    None,

    /// <summary>Free for every name.</summary>
    Unreserved,

    /// <summary>Not for functions and types ("cannot be function or type").</summary>
    ColumnName,

    /// <summary>For functions and types only ("reserved, can be function or type").</summary>
    TypeOrFunctionName,

    /// <summary>Only for a column label behind AS.</summary>
    Reserved,
}

/// <summary>PostgreSQL's keywords and their categories, version 16.</summary>
public static class Keywords
{
    private const string Reserved = "all analyse analyze and any asc asymmetric both case cast check collate column constraint current_catalog current_date "
        + "current_role current_time current_timestamp current_user default deferrable desc distinct do else end false foreign in "
        + "initially lateral leading localtime localtimestamp not null only or placing primary references select session_user some "
        + "symmetric system_user table then trailing true unique user using variadic when";

    private const string ReservedNeedsAs = "array as create except fetch for from grant group having intersect into limit offset on order returning to union where "
        + "window with";

    private const string TypeOrFunction = "authorization binary collation concurrently cross current_schema freeze full ilike inner is join left like natural outer "
        + "right similar tablesample verbose";

    private const string TypeOrFunctionNeedsAs = "isnull notnull overlaps";

    private const string Column = "between bigint bit boolean coalesce dec decimal exists extract float greatest grouping inout int integer interval "
        + "json_array json_arrayagg json_object json_objectagg least national nchar none normalize nullif numeric out overlay "
        + "position real row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement "
        + "xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

    private const string ColumnNeedsAs = "char character precision";

    private const string Unreserved = "abort absent absolute access action add admin after aggregate also alter always asensitive assertion assignment at "
        + "atomic attach attribute backward before begin breadth by cache call called cascade cascaded catalog chain "
        + "characteristics checkpoint class close cluster columns comment comments commit committed compression configuration "
        + "conflict connection constraints content continue conversion copy cost csv cube current cursor cycle data database "
        + "deallocate declare defaults deferred definer delete delimiter delimiters depends depth detach dictionary disable discard "
        + "document domain double drop each enable encoding encrypted enum escape event exclude excluding exclusive execute explain "
        + "expression extension external family finalize first following force format forward function functions generated global "
        + "granted groups handler header hold identity if immediate immutable implicit import include including increment indent "
        + "index indexes inherit inherits inline input insensitive insert instead invoker isolation key keys label language large "
        + "last leakproof level listen load local location lock locked logged mapping match matched materialized maxvalue merge "
        + "method minvalue mode move name names new next nfc nfd nfkc nfkd no normalized nothing notify nowait nulls object of off "
        + "oids old operator option options ordinality others overriding owned owner parallel parameter parser partial partition "
        + "passing password path plans policy preceding prepare prepared preserve prior privileges procedural procedure procedures "
        + "program publication quote range read reassign recursive ref referencing refresh reindex relative release rename "
        + "repeatable replace replica reset restart restrict return returns revoke role rollback rollup routine routines rows rule "
        + "savepoint scalar schema schemas scroll search security sequence sequences serializable server session set sets share "
        + "show simple skip snapshot sql stable standalone start statement statistics stdin stdout storage stored strict strip "
        + "subscription support sysid system tables tablespace temp template temporary text ties transaction transform trigger "
        + "truncate trusted type types uescape unbounded uncommitted unencrypted unknown unlisten unlogged until update vacuum "
        + "valid validate validator value version view views volatile whitespace work wrapper write xml yes zone";

    private const string UnreservedNeedsAs = "day filter hour minute month over second varying within without year";

    private static readonly Dictionary<string, Entry> Table = Load();

    /// <summary>Finds a keyword.</summary>
    /// <param name="lowerCaseWord">The word in lower case.</param>
    /// <param name="keyword">The keyword, or null where the word is none.</param>
    /// <param name="category">Its category.</param>
    /// <param name="isBareLabel">Whether it can be a column label without AS.</param>
    public static bool TryFind(string lowerCaseWord, out string? keyword, out KeywordCategory category, out bool isBareLabel)
    {
        var found = Table.TryGetValue(lowerCaseWord, out var entry);
        keyword = entry.Word;
        category = entry.Category;
        isBareLabel = !found || entry.IsBareLabel;
        return found;
    }

    private static Dictionary<string, Entry> Load()
    {
        var table = new Dictionary<string, Entry>(StringComparer.Ordinal);
        Add(Reserved, KeywordCategory.Reserved, true);
        Add(ReservedNeedsAs, KeywordCategory.Reserved, false);
        Add(TypeOrFunction, KeywordCategory.TypeOrFunctionName, true);
        Add(TypeOrFunctionNeedsAs, KeywordCategory.TypeOrFunctionName, false);
        Add(Column, KeywordCategory.ColumnName, true);
        Add(ColumnNeedsAs, KeywordCategory.ColumnName, false);
        Add(Unreserved, KeywordCategory.Unreserved, true);
        Add(UnreservedNeedsAs, KeywordCategory.Unreserved, false);
        return table;

        void Add(string words, KeywordCategory category, bool isBareLabel)
        {
            foreach (var word in words.Split(' '))
            {
                table[word] = new Entry(string.Intern(word), category, isBareLabel);
            }
        }
    }

    private readonly record struct Entry(string Word, KeywordCategory Category, bool IsBareLabel);
}
