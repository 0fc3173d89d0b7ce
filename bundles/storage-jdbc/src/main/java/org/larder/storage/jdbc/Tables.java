package org.larder.storage.jdbc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Index;

/**
 * The tables of collections: one plain table each, one column per field, and a view for people.
 * Stateless and free for any thread.
 */
public final class Tables {
  /** The column of a row's version. No field is named like it, since fields begin with a letter. */
  public static final String VERSION = "_version";

  private Tables() {}

  /** The name of an index: a sign that no collection's name has keeps it apart from tables. */
  public static String indexName(CollectionSchema schema, Index index) {
    return schema.name() + "$" + index.name();
  }

  /** The name of the view for people. */
  public static String viewName(CollectionSchema schema) {
    return schema.name() + "_v";
  }

  /**
   * The columns of an index: its fields, then the key, so that every order that the index serves is
   * total, then what it carries besides.
   */
  public static List<String> indexColumns(CollectionSchema schema, Index index) {
    Set<String> columns = new LinkedHashSet<>(index.fields());
    columns.add(schema.key().name());
    columns.addAll(index.include());
    return List.copyOf(columns);
  }

  static String create(Dialect dialect, CollectionSchema schema) {
    String columns =
        schema.fields().stream()
            .map(field -> column(dialect, schema, field) + keyClause(dialect, schema, field))
            .collect(Collectors.joining(", "));
    return "CREATE TABLE %s (%s, %s BIGINT NOT NULL)%s"
        .formatted(
            dialect.quote(schema.name()), columns, dialect.quote(VERSION), dialect.tableOptions());
  }

  private static String keyClause(Dialect dialect, CollectionSchema schema, Field field) {
    return field.equals(schema.key()) ? " " + dialect.primaryKey() : "";
  }

  private static String column(Dialect dialect, CollectionSchema schema, Field field) {
    return dialect.quote(field.name()) + " " + dialect.columnType(schema, field);
  }

  /** The statement that appends a field. */
  static String widen(Dialect dialect, CollectionSchema schema, Field field) {
    return "ALTER TABLE "
        + dialect.quote(schema.name())
        + " ADD COLUMN "
        + column(dialect, schema, field);
  }

  static String createView(Dialect dialect, CollectionSchema schema) {
    String columns =
        schema.fields().stream()
            .map(field -> readable(dialect, field))
            .collect(Collectors.joining(", "));
    return "%s %s AS SELECT %s FROM %s"
        .formatted(
            dialect.createView(),
            dialect.quote(viewName(schema)),
            columns,
            dialect.quote(schema.name()));
  }

  private static String readable(Dialect dialect, Field field) {
    String column = dialect.quote(field.name());
    if (field.type() == FieldType.INSTANT) {
      return dialect.isoTime(column) + " AS " + column;
    }
    if (field.type() == FieldType.DECIMAL) {
      return dialect.decimalText(column, field.size()) + " AS " + column;
    }
    return column;
  }
}
