using System.Diagnostics;
using System.Runtime.Versioning;

namespace DbSafety.Postgres.Tests.Server;

/// <summary>
/// A throw-away server in a temporary folder, reachable through a private unix socket only. A guard process owns it: the guard stops
/// the server and deletes the folder when its standard input closes, which the kernel does however this process ends, SIGKILL included.
/// </summary>
internal sealed class PrivateServer : IDisposable
{
    // $1 the binaries, $2 the folder, the rest: how to become a user that PostgreSQL accepts (nothing where we are one).
    private const string Guard = """
        trap '' INT TERM HUP
        bin=$1; dir=$2; shift 2
        cd "$dir" || exit 1
        finish() {
            "$@" "$bin/pg_ctl" stop -D "$dir/data" -m immediate -w >>"$dir/log" 2>&1 </dev/null
        }
        init() {
            locale=$1; shift
            "$@" "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale="$locale" --lc-messages=C --no-sync >"$dir/log" 2>&1 </dev/null
        }
        init C.UTF-8 "$@" || init C "$@" || { cat "$dir/log"; cd /; rm -rf "$dir"; exit 1; }
        if "$@" "$bin/pg_ctl" start -D "$dir/data" -l "$dir/server.log" -w -t 60 \
            -o "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c timezone=UTC -c log_line_prefix='%d>' -c log_parameter_max_length=0 -c listen_addresses='' -c unix_socket_directories='$dir'" \
            >>"$dir/log" 2>&1 </dev/null
        then
            echo ready
            cat >/dev/null
        else
            cat "$dir/log" "$dir/server.log"
        fi
        finish "$@"
        cd /
        rm -rf "$dir"
        """;

    private readonly Process guard;

    private PrivateServer(Process guard, string folder)
    {
        this.guard = guard;
        ConnectionString = $"Host={folder};Username=postgres;Database=postgres";
        Log = Path.Combine(folder, "server.log");
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>To the maintenance database.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// The server's log. Each entry begins with the name of its database and <c>&gt;</c>; further lines of an entry begin with a tab. The server writes
    /// it itself, without a collector: what a client has an answer to is in the file.
    /// </summary>
    public string Log { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="absence">Why there is none to start; null where one was started.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is installed, yet does not start: that is a fault to see, not a reason to skip.</exception>
    public static PrivateServer? TryStart(out string? absence)
    {
        if (OperatingSystem.IsWindows())
        {
            absence = "this fixture starts no server on Windows";
            return null;
        }

        if (PostgresBinaries.Find() is not { } binaries)
        {
            absence = "no complete PostgreSQL (initdb, pg_ctl, postgres) was found on PATH or in /usr/lib/postgresql";
            return null;
        }

        if (BecomeAcceptedUser() is not { } prefix)
        {
            absence = "PostgreSQL refuses to run as root, and there is no user 'postgres' that runuser or su can switch to";
            return null;
        }

        absence = null;
        return Start(binaries, prefix);
    }

    [UnsupportedOSPlatform("windows")]
    private static PrivateServer Start(string binaries, string[] prefix)
    {
        var folder = CreateFolder(prefix);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Guard, "dbsafety-postgres-guard", binaries, folder, .. prefix])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var guard = Process.Start(start)!;
        if (guard.StandardOutput.ReadLine() is var line && line != "ready")
        {
            var log = line + Environment.NewLine + guard.StandardOutput.ReadToEnd();
            guard.Dispose();
            throw new InvalidOperationException(
                $"The PostgreSQL in {binaries} does not start; set {PostgresServer.Variable} to use another one. {log}");
        }

        return new PrivateServer(guard, folder);
    }

    /// <summary>The command that runs another as a user that PostgreSQL accepts: empty unless we are root; null where there is none.</summary>
    private static string[]? BecomeAcceptedUser()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        string[][] ways =
        [
            ["runuser", "-u", "postgres", "--"],
            ["su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", "postgres"],
        ];
        return ways.FirstOrDefault(way => PostgresBinaries.Output(way[0], [.. way[1..], "id", "-u"]) is { } id && id != "0");
    }

    [UnsupportedOSPlatform("windows")]
    private static string CreateFolder(string[] prefix)
    {
        // A socket's path may have about 100 bytes, and a private TMPDIR of root is closed to the user postgres.
        foreach (var parent in new[] { Path.GetTempPath(), "/tmp", "/var/tmp" })
        {
            var folder = Path.Combine(parent, "dbsafety-pg-" + Guid.NewGuid().ToString("N")[..12]);
            if (folder.Length > 80 || !Directory.Exists(parent))
            {
                continue;
            }

            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (prefix is []
                || (PostgresBinaries.Output("chown", "postgres", folder) is not null
                    && PostgresBinaries.Output(prefix[0], [.. prefix[1..], "test", "-w", folder]) is not null))
            {
                return folder;
            }

            Directory.Delete(folder);
        }

        throw new InvalidOperationException($"No temporary folder is open to the server; set {PostgresServer.Variable}.");
    }

    /// <summary>Stops the server, deletes its folder, and returns when both are done.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Stop();
        guard.Dispose();
    }

    private void OnProcessExit(object? sender, EventArgs e) => Stop();

    private void Stop()
    {
        guard.StandardInput.Close();
        guard.WaitForExit(TimeSpan.FromSeconds(20));
    }
}
