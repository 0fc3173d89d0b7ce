package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.spi.StorageException;

/** Rows out of results; for one thread. */
final class RowReader {
  private final CollectionSchema schema;
  private final RowBuilder builder;

  RowReader(CollectionSchema schema) {
    this.schema = schema;
    builder = RowBuilder.ofStored(schema);
  }

  /** The columns that {@link #read} expects a result to begin with. */
  static String columns(Dialect dialect, CollectionSchema schema) {
    return schema.fields().stream()
            .map(field -> dialect.quote(field.name()))
            .collect(Collectors.joining(", "))
        + ", "
        + dialect.quote(Tables.VERSION);
  }

  Row read(ResultSet result) throws SQLException {
    int count = schema.fields().size();
    builder.clear();
    try {
      for (int i = 0; i < count; i++) {
        set(i, result);
      }
    } catch (InvalidRowException e) {
      throw new StorageException(
          HALT,
          "CORRUPT_STORE",
          "A stored row of %s cannot be read: %s %s".formatted(schema, e.field(), e.getMessage()),
          e);
    }
    return builder.build().withVersion(result.getLong(count + 1));
  }

  private void set(int ordinal, ResultSet result) throws SQLException, InvalidRowException {
    Field field = schema.field(ordinal);
    int column = ordinal + 1;
    switch (field.type()) {
      case STRING, TEXT -> {
        String text = result.getString(column);
        if (text == null) {
          builder.setNull(ordinal);
        } else {
          builder.setText(ordinal, text);
        }
      }
      case JSON -> {
        String json = result.getString(column);
        if (json == null) {
          builder.setNull(ordinal);
        } else {
          byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
          builder.setJson(ordinal, bytes, 0, bytes.length);
        }
      }
      case BYTES -> setBytes(ordinal, result.getBytes(column), result);
      case FLOAT64 -> {
        double value = result.getDouble(column);
        if (result.wasNull()) {
          builder.setNull(ordinal);
        } else {
          builder.setDouble(ordinal, value);
        }
      }
      default -> setInteger(field, ordinal, result.getLong(column), result.wasNull());
    }
  }

  private void setBytes(int ordinal, byte[] value, ResultSet result)
      throws SQLException, InvalidRowException {
    if (result.wasNull()) {
      builder.setNull(ordinal);
    } else {
      // Some drivers give null for bytes of no length.
      builder.setBytes(ordinal, value == null ? new byte[0] : value);
    }
  }

  private void setInteger(Field field, int ordinal, long value, boolean isNull)
      throws InvalidRowException {
    if (isNull) {
      builder.setNull(ordinal);
      return;
    }
    switch (field.type()) {
      case BOOL -> builder.setBoolean(ordinal, value != 0);
      case INSTANT -> builder.setMicros(ordinal, value);
      case DECIMAL -> builder.setDecimal(ordinal, BigDecimal.valueOf(value, field.size()));
      default -> builder.setLong(ordinal, value);
    }
  }

  /** A value of a field as it was stored, as an object of the field's Java type. */
  static Object value(Field field, ResultSet result, int column) throws SQLException {
    Object value =
        switch (field.type()) {
          case STRING, TEXT, JSON -> result.getString(column);
          case BYTES -> result.getBytes(column);
          case FLOAT64 -> result.getDouble(column);
          case BOOL -> result.getLong(column) != 0;
          case INT64 -> result.getLong(column);
          case INSTANT -> Row.instant(result.getLong(column));
          case DECIMAL -> BigDecimal.valueOf(result.getLong(column), field.size());
        };
    return result.wasNull() ? null : value;
  }
}
