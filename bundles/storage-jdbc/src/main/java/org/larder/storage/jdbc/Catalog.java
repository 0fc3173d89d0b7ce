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
      requireItsFields(stored, schema);
      compare(connection, stored);
      return;
    }
    if (dialect.reserves(schema.name())) {
      throw new StorageException(
          HALT, "NAME_RESERVED", "The store cannot have a collection named " + schema.name());
    }
    try (Statement statement = connection.createStatement()) {
      if (stored == null) {
        create(connection, statement, schema);
      } else {
        evolve(connection, statement, stored, schema);
      }
      Set<String> made = indexes(connection, schema);
      for (Index index : schema.indexes()) {
        if (!made.contains(dialect.indexName(schema, index))) {
          statement.execute(dialect.createIndex(schema, index));
        }
      }
      if (columns(connection, Tables.viewName(schema)).isEmpty()) {
        statement.execute(Tables.createView(dialect, schema));
      }
    }
    note(connection, schema);
    known.put(schema.name(), schema);
  }

  /** Rows are written by the places of their fields, which another's schema may have elsewhere. */
  private static void requireItsFields(CollectionSchema stored, CollectionSchema schema) {
    int count = schema.fields().size();
    boolean fits = count <= stored.fields().size();
    for (int i = 0; fits && i < count; i++) {
      fits = stored.field(i).storesLike(schema.field(i));
    }
    if (!fits) {
      throw new StorageException(
          HALT,
          "SCHEMA_CONFLICT",
          "The store has %s with other fields than this node has in %s; it was written to under another schema"
              .formatted(stored, schema));
    }
  }

  private void create(Connection connection, Statement statement, CollectionSchema schema)
      throws SQLException {
    String table = dialect.quote(schema.name());
    boolean begun = false;
    if (dialect.definesInTransactions() || isView(connection, schema.name())) {
      // A view for people gives way to a collection that happens to be named like it.
      statement.execute("DROP VIEW IF EXISTS " + table);
    } else {
      begun = !columns(connection, schema.name()).isEmpty();
    }
    if (!begun) {
      statement.execute(Tables.create(dialect, schema));
      return;
    }
    compare(connection, schema);
    try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 1")) {
      if (rows.next()) {
        throw new StorageException(
            HALT,
            "SCHEMA_MISMATCH",
            "There is a table %s that is not of this store; move it out of the way"
                .formatted(schema.name()));
      }
    }
  }

  private static boolean isView(Connection connection, String name) throws SQLException {
    try (ResultSet found =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), null, name, new String[] {"VIEW"})) {
      while (found.next()) {
        if (name.equalsIgnoreCase(found.getString("TABLE_NAME"))) {
          return true;
        }
      }
    }
    return false;
  }

  private Set<String> indexes(Connection connection, CollectionSchema schema) throws SQLException {
    Set<String> names = new HashSet<>();
    if (!dialect.definesInTransactions()) {
      try (ResultSet found =
          connection
              .getMetaData()
              .getIndexInfo(connection.getCatalog(), null, schema.name(), false, true)) {
        while (found.next()) {
          names.add(found.getString("INDEX_NAME"));
        }
      }
    }
    return names;
  }

  private void evolve(
      Connection connection, Statement statement, CollectionSchema stored, CollectionSchema schema)
      throws SQLException {
    try {
      schema.checkEvolvesFrom(stored);
    } catch (IllegalArgumentException e) {
      throw new StorageException(HALT, "SCHEMA_CONFLICT", e.getMessage(), e);
    }
    Set<String> columns = columns(connection, schema.name());
    for (Field field : schema.fields()) {
      if (!columns.contains(field.name())) {
        statement.execute(Tables.widen(dialect, schema, field));
      }
    }
    dropIndexes(connection, statement, stored, schema);
    if (!known.containsKey(Tables.viewName(schema))) {
      statement.execute("DROP VIEW IF EXISTS " + dialect.quote(Tables.viewName(schema)));
    }
  }

  private void dropIndexes(
      Connection connection, Statement statement, CollectionSchema stored, CollectionSchema schema)
      throws SQLException {
    Set<String> made = indexes(connection, schema);
    for (Index index : stored.indexes()) {
      boolean there =
          dialect.definesInTransactions() || made.contains(dialect.indexName(stored, index));
      if (there && !schema.indexes().contains(index)) {
        statement.execute(dialect.dropIndex(stored, index));
      }
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
    try (ResultSet found =
        connection.getMetaData().getColumns(connection.getCatalog(), null, table, null)) {
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
