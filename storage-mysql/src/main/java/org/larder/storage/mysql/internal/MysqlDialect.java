package org.larder.storage.mysql.internal;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.zip.CRC32;
import org.larder.storage.jdbc.Dialect;
import org.larder.storage.jdbc.Shape;
import org.larder.storage.jdbc.Upsert;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Index;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;

/** The SQL of MySQL and MariaDB. Stateless and free for any thread. */
record MysqlDialect(ServerKind kind) implements Dialect {
  private static final int NAME_LENGTH = 64;
  private static final int BLOCK_ROWS = 500;
  private static final String EPOCH = "TIMESTAMP'1970-01-01 00:00:00'";

  @Override
  public String quote(String name) {
    return '`' + name + '`';
  }

  @Override
  public boolean reserves(String table) {
    return table.equals("schema_version");
  }

  @Override
  public String columnType(CollectionSchema schema, Field field) {
    return ColumnTypes.of(schema, field);
  }

  @Override
  public String primaryKey() {
    return "NOT NULL PRIMARY KEY";
  }

  @Override
  public String tableOptions() {
    return " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE "
        + kind.collation();
  }

  /** Whoever may ask the view may ask the table, and no account has to outlive the other. */
  @Override
  public String createView() {
    return "CREATE SQL SECURITY INVOKER VIEW";
  }

  @Override
  public boolean definesInTransactions() {
    return false;
  }

  /** Names of indexes are the table's own, but bounded. */
  @Override
  public String indexName(CollectionSchema schema, Index index) {
    String name = index.name();
    if (name.length() <= NAME_LENGTH && !name.equals("primary")) {
      return name;
    }
    CRC32 hash = new CRC32();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    String cut = name.substring(0, Math.min(name.length(), NAME_LENGTH - 9));
    return "%s$%08x".formatted(cut, hash.getValue());
  }

  @Override
  public String createIndex(CollectionSchema schema, Index index) {
    return "CREATE INDEX %s ON %s (%s)"
        .formatted(
            quote(indexName(schema, index)),
            quote(schema.name()),
            String.join(", ", ColumnTypes.indexed(schema, index, this)));
  }

  @Override
  public String dropIndex(CollectionSchema schema, Index index) {
    return "DROP INDEX " + quote(indexName(schema, index)) + " ON " + quote(schema.name());
  }

  /**
   * For a page MySQL prefers to read an index of the order alone, from its end and over rows that
   * do not pass, to a range of the one that has what passes: it takes those for evenly spread.
   */
  @Override
  public String by(CollectionSchema schema, Index index) {
    return kind == ServerKind.MYSQL
        ? "/*+ INDEX(%s %s) */ ".formatted(quote(schema.name()), quote(indexName(schema, index)))
        : "";
  }

  @Override
  public Upsert upsert(Shape shape) {
    return DuplicateKeyUpsert.of(this, shape);
  }

  @Override
  public int blockRows() {
    return BLOCK_ROWS;
  }

  /** The driver encodes each row of a batch twice to know how long the statement will be. */
  @Override
  public Optional<Upsert> block(Shape shape) {
    return DuplicateKeyUpsert.of(this, shape, BLOCK_ROWS);
  }

  @Override
  public int stepRows() {
    return 1000;
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  /** The driver's sign for rows that come one by one. */
  @Override
  public void stream(PreparedStatement statement) throws SQLException {
    statement.setFetchSize(Integer.MIN_VALUE);
  }

  @Override
  public String parameter(FieldType type, int number) {
    return "?";
  }

  @Override
  public void bind(PreparedStatement statement, int number, Row row, int ordinal)
      throws SQLException {
    switch (row.schema().field(ordinal).type()) {
      case STRING, TEXT, JSON -> statement.setString(number, row.getString(ordinal));
      case BYTES -> statement.setBytes(number, row.copyBytes(ordinal));
      case INT64, DECIMAL, INSTANT -> statement.setLong(number, row.getLong(ordinal));
      case FLOAT64 -> statement.setDouble(number, row.getDouble(ordinal));
      case BOOL -> statement.setLong(number, row.getBoolean(ordinal) ? 1 : 0);
    }
  }

  @Override
  public String same(String column) {
    return column + " <=> ?";
  }

  @Override
  public String contains(String column) {
    return "LOCATE(?, " + column + ") > 0";
  }

  /** A sum of integers is an exact decimal here; cut in two, each part fits 64 bits. */
  @Override
  public String[] wideSum(String column) {
    return new String[] {
      "SUM(" + column + ") DIV 4294967296", "SUM(" + column + ") MOD 4294967296"
    };
  }

  @Override
  public boolean isOverflow(SQLException failure) {
    return "22003".equals(failure.getSQLState());
  }

  @Override
  public String isoTime(String column) {
    return "DATE_FORMAT(TIMESTAMPADD(MICROSECOND, %s, %s), '%%Y-%%m-%%dT%%H:%%i:%%s.%%fZ')"
        .formatted(column, EPOCH);
  }

  /** A product is as exact as its factors; a quotient would be rounded. */
  @Override
  public String decimalText(String column, int scale) {
    return scale == 0
        ? column
        : "CAST(%s AS DECIMAL(20)) * 0.%s1".formatted(column, "0".repeat(scale - 1));
  }

  @Override
  public boolean refuses(SQLException failure) {
    return MysqlErrors.refuses(failure);
  }

  @Override
  public StorageException translate(SQLException failure) {
    return MysqlErrors.translate(failure);
  }
}
