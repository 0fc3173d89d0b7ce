package org.larder.storage.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Index;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;

/**
 * In what one database differs from another. Stateless and free for any thread.
 *
 * <p>What all have to agree on: text compares as unsigned bytes of UTF-8, null comes before every
 * value when ascending, integers have 64 bits, booleans are 0 and 1.
 */
public interface Dialect {
  /** A name of a table or column, made safe for keywords. */
  String quote(String name);

  /** True if no collection may have this name, since the database wants it for itself. */
  boolean reserves(String table);

  /**
   * The type of a field's column; instants, decimals and booleans are integers. It depends on
   * nothing that a later version of the schema changes: on the field and those before it.
   */
  String columnType(CollectionSchema schema, Field field);

  /** What is appended to the definition of the key's column. */
  String primaryKey();

  /** What is appended to the definition of a table; begins with a space unless it is empty. */
  default String tableOptions() {
    return "";
  }

  /** The words that begin the definition of a view. */
  default String createView() {
    return "CREATE VIEW";
  }

  /**
   * True if tables and indexes are made inside transactions. Otherwise half a change may be found
   * later, and each step looks first what is there.
   */
  default boolean definesInTransactions() {
    return true;
  }

  /** The name of an index in the database. */
  default String indexName(CollectionSchema schema, Index index) {
    return Tables.indexName(schema, index);
  }

  /** The statement that makes an index if it is not there. */
  String createIndex(CollectionSchema schema, Index index);

  /**
   * What stands behind SELECT so that rows are found by an index and come in its order; ends with a
   * space unless it is empty, as for a database that sees by itself which index that is.
   */
  default String by(CollectionSchema schema, Index index) {
    return "";
  }

  /** The statement that removes an index. */
  String dropIndex(CollectionSchema schema, Index index);

  /**
   * The statement that writes a row.
   *
   * @param shape which fields it carries and what happens to a row that is there
   */
  Upsert upsert(Shape shape);

  /** How many rows {@link #block} writes; the default is more than any batch has. */
  default int blockRows() {
    return Integer.MAX_VALUE;
  }

  /**
   * One statement that writes many rows, for a driver that spends much on making one of a batch.
   *
   * @return as {@link #upsert} for {@link #blockRows} rows; empty if a batch does for this shape
   */
  default Optional<Upsert> block(Shape shape) {
    return Optional.empty();
  }

  /** How many rows go to the database at once. */
  default int stepRows() {
    return 200;
  }

  /** What makes a {@code SELECT} take hold of its rows against other programs. */
  default String forUpdate() {
    return "";
  }

  /** Lets the rows of a statement come one by one, where they would otherwise come all at once. */
  default void stream(PreparedStatement statement) throws SQLException {}

  /** A place for a value of that type in {@link #upsert} and in a delete. */
  String parameter(FieldType type, int number);

  /** Binds a field that has a value to a place made by {@link #parameter}. */
  void bind(PreparedStatement statement, int number, Row row, int ordinal) throws SQLException;

  /** A condition that a column equals a plain parameter, where null equals null. */
  String same(String column);

  /** A condition that a text column contains a plain parameter's text. */
  String contains(String column);

  /** Two sums whose first times 2^32 plus the second is the exact sum of an integer column. */
  String[] wideSum(String column);

  /** True if a plain sum of integers failed since it left 64 bits on the way. */
  boolean isOverflow(SQLException failure);

  /** An instant column as text of ISO 8601. */
  String isoTime(String column);

  /** A column of unscaled decimals as text with a point. */
  String decimalText(String column, int scale);

  /** True if the database cannot take one of the items that were written, now or ever. */
  boolean refuses(SQLException failure);

  /** What a failure means to the host. */
  StorageException translate(SQLException failure);
}
