package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageException;

/**
 * The collections that a store has, as it noted them itself. For the one writer: works inside the
 * transaction of the connection that it is given, and never ends it.
 */
final class Catalog {
  private final Dialect dialect;
  private final Map<String, CollectionSchema> known = new HashMap<>();

  Catalog(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Forgets what is not sure to have been committed, and reads again. */
  void load(Connection connection) throws SQLException {
    known.clear();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT definition FROM _collection")) {
      while (rows.next()) {
        CollectionSchema schema = SchemaCodec.decode(rows.getBytes(1));
        known.put(schema.name(), schema);
      }
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          HALT, "CORRUPT_STORE", "The store's list of collections is damaged: " + e.getMessage());
    }
  }

  /** The collection in the newest version that the store has, which is at least the given one. */
  CollectionSchema require(CollectionSchema schema) {
    CollectionSchema stored = known.get(schema.name());
    if (stored == null || stored.version() < schema.version()) {
      throw new StorageException(
          HALT, "COLLECTION_UNKNOWN", "The store was not made ready for the collection " + schema);
    }
    return stored;
  }

  /** Makes a collection's table or brings it to this version. */
  void ensure(Connection connection, CollectionSchema schema) throws SQLException {
    CollectionSchema stored = known.get(schema.name());
    if (stored != null && stored.version() >= schema.version()) {
      compare(connection, stored);
      return;
    }
    if (dialect.reserves(schema.name())) {
      throw new StorageException(
          HALT, "NAME_RESERVED", "The store cannot have a collection named " + schema.name());
    }
    try (Statement statement = connection.createStatement()) {
      if (stored == null) {
        // A view for people gives way to a collection that happens to be named like it.
        statement.execute("DROP VIEW IF EXISTS " + dialect.quote(schema.name()));
        statement.execute(Tables.create(dialect, schema));
      } else {
        evolve(statement, stored, schema);
      }
      for (Index index : schema.indexes()) {
        statement.execute(dialect.createIndex(schema, index));
      }
      if (columns(connection, Tables.viewName(schema)).isEmpty()) {
        statement.execute(Tables.createView(dialect, schema));
      }
    }
    note(connection, schema);
    known.put(schema.name(), schema);
  }

  private void evolve(Statement statement, CollectionSchema stored, CollectionSchema schema)
      throws SQLException {
    try {
      schema.checkEvolvesFrom(stored);
    } catch (IllegalArgumentException e) {
      throw new StorageException(HALT, "SCHEMA_CONFLICT", e.getMessage(), e);
    }
    for (String sql : Tables.widen(dialect, stored, schema)) {
      statement.execute(sql);
    }
    for (Index index : stored.indexes()) {
      if (!schema.indexes().contains(index)) {
        statement.execute(dialect.dropIndex(stored, index));
      }
    }
    if (!known.containsKey(Tables.viewName(schema))) {
      statement.execute("DROP VIEW IF EXISTS " + dialect.quote(Tables.viewName(schema)));
    }
  }

  private void compare(Connection connection, CollectionSchema schema) throws SQLException {
    Set<String> columns = columns(connection, schema.name());
    List<String> missing = new ArrayList<>();
    for (Field field : schema.fields()) {
      if (!columns.contains(field.name())) {
        missing.add(field.name());
      }
    }
    if (!columns.contains(Tables.VERSION)) {
      missing.add(Tables.VERSION);
    }
    if (!missing.isEmpty()) {
      throw new StorageException(
          HALT,
          "SCHEMA_MISMATCH",
          "The table %s lacks the columns %s; was it changed by hand?"
              .formatted(
                  schema.name(), missing.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  private static Set<String> columns(Connection connection, String table) throws SQLException {
    Set<String> columns = new HashSet<>();
    // '_' in a pattern stands for any character, so the name of the table is compared again.
    try (ResultSet found = connection.getMetaData().getColumns(null, null, table, null)) {
      while (found.next()) {
        if (table.equalsIgnoreCase(found.getString("TABLE_NAME"))) {
          columns.add(found.getString("COLUMN_NAME"));
        }
      }
    }
    return columns;
  }

  private static void note(Connection connection, CollectionSchema schema) throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM _collection WHERE name = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO _collection (name, version, definition) VALUES (?, ?, ?)")) {
      delete.setString(1, schema.name());
      delete.executeUpdate();
      insert.setString(1, schema.name());
      insert.setInt(2, schema.version());
      insert.setBytes(3, SchemaCodec.encode(schema));
      insert.executeUpdate();
    }
  }
}
