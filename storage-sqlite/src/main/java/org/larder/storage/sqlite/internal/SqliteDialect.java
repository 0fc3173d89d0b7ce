package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.stream.Collectors;
import org.larder.storage.jdbc.ConflictUpsert;
import org.larder.storage.jdbc.Dialect;
import org.larder.storage.jdbc.Shape;
import org.larder.storage.jdbc.Tables;
import org.larder.storage.jdbc.Upsert;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Index;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;
import org.sqlite.SQLiteErrorCode;

/** SQLite's SQL. Stateless and free for any thread. */
final class SqliteDialect implements Dialect {
  private static final int PRIMARY_CODE = 0xFF;

  @Override
  public String quote(String name) {
    return '"' + name + '"';
  }

  @Override
  public boolean reserves(String table) {
    return table.startsWith("sqlite_") || table.equals("schema_version");
  }

  @Override
  public String columnType(CollectionSchema schema, Field field) {
    return switch (field.type()) {
      case STRING, TEXT, JSON -> "TEXT";
      case FLOAT64 -> "REAL";
      case BYTES -> "BLOB";
      case INT64, DECIMAL, BOOL, INSTANT -> "BIGINT";
    };
  }

  /**
   * A rowid table with an index on the key: with random keys it takes more than twice the rows of a
   * table WITHOUT ROWID, whose wide rows are moved at each split of a page.
   */
  @Override
  public String primaryKey() {
    return "NOT NULL PRIMARY KEY";
  }

  @Override
  public String createIndex(CollectionSchema schema, Index index) {
    return "CREATE INDEX IF NOT EXISTS %s ON %s (%s)"
        .formatted(
            quote(Tables.indexName(schema, index)),
            quote(schema.name()),
            Tables.indexColumns(schema, index).stream()
                .map(this::quote)
                .collect(Collectors.joining(", ")));
  }

  @Override
  public String dropIndex(CollectionSchema schema, Index index) {
    return "DROP INDEX IF EXISTS " + quote(Tables.indexName(schema, index));
  }

  @Override
  public Upsert upsert(Shape shape) {
    return ConflictUpsert.of(this, shape);
  }

  /** Text is bound as the bytes that it is already: turning it to a string and back costs more. */
  @Override
  public String parameter(FieldType type, int number) {
    return switch (type) {
      case STRING, TEXT, JSON -> "CAST(?" + number + " AS TEXT)";
      default -> "?" + number;
    };
  }

  @Override
  public void bind(PreparedStatement statement, int number, Row row, int ordinal)
      throws SQLException {
    switch (row.schema().field(ordinal).type()) {
      case STRING, TEXT, JSON, BYTES -> statement.setBytes(number, row.copyBytes(ordinal));
      case INT64, DECIMAL, INSTANT -> statement.setLong(number, row.getLong(ordinal));
      case FLOAT64 -> statement.setDouble(number, row.getDouble(ordinal));
      case BOOL -> statement.setLong(number, row.getBoolean(ordinal) ? 1 : 0);
    }
  }

  @Override
  public String same(String column) {
    return column + " IS ?";
  }

  @Override
  public String contains(String column) {
    return "instr(" + column + ", ?) > 0";
  }

  @Override
  public String[] wideSum(String column) {
    return new String[] {"SUM(" + column + " >> 32)", "SUM(" + column + " & 4294967295)"};
  }

  @Override
  public boolean isOverflow(SQLException failure) {
    return String.valueOf(failure.getMessage()).contains("integer overflow");
  }

  @Override
  public String isoTime(String column) {
    String micros = "((%1$s %% 1000000 + 1000000) %% 1000000)".formatted(column);
    return "strftime('%%Y-%%m-%%dT%%H:%%M:%%S', (%1$s - %2$s) / 1000000, 'unixepoch') || printf('.%%06dZ', %2$s)"
        .formatted(column, micros);
  }

  @Override
  public String decimalText(String column, int scale) {
    if (scale == 0) {
      return column;
    }
    String one = "1" + "0".repeat(scale);
    return "CASE WHEN %1$s IS NULL THEN NULL ELSE (CASE WHEN %1$s < 0 THEN '-' ELSE '' END || printf('%%d.%%0%3$dd', abs(%1$s) / %2$s, abs(%1$s) %% %2$s)) END"
        .formatted(column, one, scale);
  }

  @Override
  public boolean refuses(SQLException failure) {
    return switch (code(failure)) {
      case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH -> true;
      default -> false;
    };
  }

  @Override
  public StorageException translate(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (code(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new StorageException(BUSY, "STORE_BUSY", "Another program has the database", failure);
      case SQLITE_INTERRUPT ->
          new StorageException(RETRY, "INTERRUPTED", "The statement was interrupted", failure);
      case SQLITE_FULL ->
          new StorageException(RETRY, "STORE_FULL", "The disk of the database is full", failure);
      case SQLITE_CORRUPT, SQLITE_NOTADB -> corrupt(message, failure);
      case SQLITE_IOERR,
          SQLITE_CANTOPEN,
          SQLITE_PERM,
          SQLITE_READONLY,
          SQLITE_NOMEM,
          SQLITE_PROTOCOL,
          SQLITE_SCHEMA,
          SQLITE_NOLFS ->
          new StorageException(
              RETRY, "STORE_UNAVAILABLE", "The database cannot be used: " + message, failure);
      default -> unclear(message, failure);
    };
  }

  private static StorageException unclear(String message, SQLException failure) {
    if (failure instanceof SQLTransientException) {
      return new StorageException(BUSY, "STORE_BUSY", "No reader is free: " + message, failure);
    }
    if (message.contains("no such table")) {
      return new StorageException(
          RETRY, "COLLECTION_UNKNOWN", "The store is not ready for this collection yet", failure);
    }
    return new StorageException(HALT, "STORE_ERROR", "SQLite says: " + message, failure);
  }

  /** What the operator is told about a damaged file. */
  static StorageException corrupt(String what, Throwable cause) {
    return new StorageException(
        HALT,
        "CORRUPT_STORE",
        "The database file is damaged ("
            + what
            + "). It was left as it is. Stop the node, keep a copy of the file, then restore a backup; or remove the file and seed the store again",
        cause);
  }

  private static SQLiteErrorCode code(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
  }
}
