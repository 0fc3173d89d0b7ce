package org.larder.storage.jdbc;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.larder.storage.model.Field;
import org.larder.storage.model.Row;

/** Values as a database has them: integers, doubles, text, bytes and null. */
final class Parameters {
  private Parameters() {}

  /** A value of the field's Java type as it is stored; null stays null. */
  static Object stored(Field field, Object value) {
    if (value instanceof Boolean bool) {
      return bool ? 1L : 0L;
    }
    if (value instanceof Instant instant) {
      return Row.micros(instant);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.setScale(field.size()).unscaledValue().longValueExact();
    }
    return value;
  }

  static void bind(PreparedStatement statement, int number, Object stored) throws SQLException {
    if (stored == null) {
      statement.setNull(number, Types.NULL);
    } else if (stored instanceof Long integer) {
      statement.setLong(number, integer);
    } else if (stored instanceof Double real) {
      statement.setDouble(number, real);
    } else if (stored instanceof byte[] bytes) {
      statement.setBytes(number, bytes);
    } else {
      statement.setString(number, (String) stored);
    }
  }
}
