using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DbSafety.Postgres.Tests.Queries;

/// <summary>Notes what a context would run, and runs nothing: no server is needed.</summary>
internal sealed class CapturedCommands : DbCommandInterceptor
{
    public List<string> Texts { get; } = [];

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Texts.Add(command.CommandText);
        return InterceptionResult<DbDataReader>.SuppressWithResult(new DataTable().CreateDataReader());
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Texts.Add(command.CommandText);
        return InterceptionResult<int>.SuppressWithResult(0);
    }

    /// <summary>Keeps the connection closed.</summary>
    public sealed class NoConnection : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

        public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();
    }
}
