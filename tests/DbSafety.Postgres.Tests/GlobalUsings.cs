global using DbSafety.Postgres.Tests.Fixture;
global using DbSafety.Postgres.Tests.Harness;
global using DbSafety.Postgres.Tests.Server;
global using Xunit;
