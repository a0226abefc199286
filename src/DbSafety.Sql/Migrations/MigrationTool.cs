namespace DbSafety.Sql.Migrations;

/// <summary>The tool that owns a folder of SQL files, as far as the names and the marks in the files tell.</summary>
public enum MigrationTool
{
    /// <summary>No tool and no numbers: the order is not told. Types come first, then tables, then the rest.</summary>
    Unordered,

    /// <summary>No tool that shows itself, but numbered files: <c>0001_x.sql</c>, <c>1-x.sql</c>, <c>Script0001 - x.sql</c>.</summary>
    Numbered,

    /// <summary>DbUp: scripts in the ordinal order of their full names. Its files look like those of <see cref="Numbered"/>; only the project tells.</summary>
    DbUp,

    /// <summary>Flyway, and tools that took over its names: <c>V1__x.sql</c>, <c>R__x.sql</c>.</summary>
    Flyway,

    /// <summary>Evolve: the names of Flyway, marks of its own (<c>-- evolve-tx-off</c>).</summary>
    Evolve,

    /// <summary>grate and RoundhousE: folders with fixed names (<c>up</c>, <c>runFirstAfterUp</c>, <c>views</c>, ..).</summary>
    Grate,

    /// <summary>SQL in the format of Liquibase: <c>--liquibase formatted sql</c>.</summary>
    Liquibase,

    /// <summary>goose: <c>-- +goose Up</c>.</summary>
    Goose,

    /// <summary>dbmate: <c>-- migrate:up</c>.</summary>
    Dbmate,

    /// <summary>sql-migrate: <c>-- +migrate Up</c>.</summary>
    SqlMigrate,

    /// <summary>tern: <c>---- create above / drop below ----</c>.</summary>
    Tern,

    /// <summary>node-pg-migrate: <c>-- Up Migration</c>.</summary>
    NodePgMigrate,

    /// <summary>MyBatis Migrations: <c>-- //@UNDO</c>.</summary>
    MyBatis,

    /// <summary>Pairs <c>x.up.sql</c> and <c>x.down.sql</c>: golang-migrate, sqlx and others.</summary>
    UpDown,

    /// <summary>diesel: <c>2023-01-02-030405_name/up.sql</c>.</summary>
    Diesel,

    /// <summary>Hasura: <c>1620000000000_name/up.sql</c>.</summary>
    Hasura,

    /// <summary>Prisma: <c>20230102030405_name/migration.sql</c>.</summary>
    Prisma,

    /// <summary>sqitch: <c>deploy</c>, <c>revert</c>, <c>verify</c>.</summary>
    Sqitch,
}
