package org.larder.storage.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.query.Filter;

/**
 * Comparisons of a column with an operand. Decimals and instants are stored as integers; an operand
 * that lies between two of them, or beyond them all, is brought to the integer that gives the same
 * answer. For one statement.
 */
final class Comparisons {
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private final Dialect dialect;
  private final CollectionSchema schema;
  private final SqlText sql;

  Comparisons(Dialect dialect, CollectionSchema schema, SqlText sql) {
    this.dialect = dialect;
    this.schema = schema;
    this.sql = sql;
  }

  /** Adds a condition that is true or else false or unknown. */
  void add(Filter.Comparison comparison) {
    Field field = schema.field(comparison.field());
    String column = dialect.quote(field.name());
    Object operand = comparison.operand();
    switch (comparison.operator()) {
      case PREFIX -> prefix(column, (String) operand);
      case CONTAINS -> contains(column, (String) operand);
      default -> compare(field, column, comparison.operator(), operand);
    }
  }

  private void prefix(String column, String prefix) {
    if (prefix.isEmpty()) {
      sql.add(column + " IS NOT NULL");
      return;
    }
    sql.add(column + " >= ").value(prefix);
    behind(prefix).ifPresent(end -> sql.add(" AND " + column + " < ").value(end));
  }

  /** The least text that is greater than all that begins with the prefix. */
  static Optional<String> behind(String prefix) {
    int[] points = prefix.codePoints().toArray();
    for (int i = points.length - 1; i >= 0; i--) {
      if (points[i] < Character.MAX_CODE_POINT) {
        int next = points[i] + 1;
        boolean surrogate = next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE;
        points[i] = surrogate ? Character.MAX_SURROGATE + 1 : next;
        return Optional.of(new String(points, 0, i + 1));
      }
    }
    return Optional.empty();
  }

  private void contains(String column, String part) {
    if (part.isEmpty()) {
      sql.add(column + " IS NOT NULL");
    } else {
      sql.condition(dialect.contains(column), part);
    }
  }

  private void compare(Field field, String column, Filter.Operator operator, Object operand) {
    if (operand instanceof Double real && real.isInfinite()) {
      beyond(column, operator, real > 0);
      return;
    }
    if (!isScaled(field)) {
      sql.add(column + sign(operator)).value(Parameters.stored(field, operand));
      return;
    }
    BigDecimal exact = scaled(field, operand);
    BigInteger floor = exact.setScale(0, RoundingMode.FLOOR).toBigInteger();
    boolean whole = exact.compareTo(new BigDecimal(floor)) == 0;
    if (floor.compareTo(LEAST) < 0 || floor.compareTo(MOST) > 0) {
      beyond(column, operator, floor.signum() > 0);
    } else if (whole) {
      sql.add(column + sign(operator)).value(floor.longValueExact());
    } else {
      between(column, operator, floor.longValueExact());
    }
  }

  /** The operand lies above or below every stored value. */
  private void beyond(String column, Filter.Operator operator, boolean above) {
    boolean all =
        switch (operator) {
          case NE -> true;
          case LT, LE -> above;
          case GT, GE -> !above;
          default -> false;
        };
    sql.add(all ? column + " IS NOT NULL" : "1 = 0");
  }

  /** The operand lies between this integer and the next. */
  private void between(String column, Filter.Operator operator, long floor) {
    switch (operator) {
      case EQ -> sql.add("1 = 0");
      case NE -> sql.add(column + " IS NOT NULL");
      case LT, LE -> sql.add(column + " <= ").value(floor);
      default -> sql.add(column + " > ").value(floor);
    }
  }

  /** The stored form of an operand; empty if no stored value equals it. */
  static Optional<Object> equal(Field field, Object operand) {
    if (operand instanceof Double real && real.isInfinite()) {
      return Optional.empty();
    }
    if (!isScaled(field)) {
      return Optional.of(Parameters.stored(field, operand));
    }
    BigDecimal exact = scaled(field, operand);
    BigInteger floor = exact.setScale(0, RoundingMode.FLOOR).toBigInteger();
    boolean fits = floor.compareTo(LEAST) >= 0 && floor.compareTo(MOST) <= 0;
    return fits && exact.compareTo(new BigDecimal(floor)) == 0
        ? Optional.of(floor.longValueExact())
        : Optional.empty();
  }

  private static boolean isScaled(Field field) {
    return field.type() == FieldType.DECIMAL || field.type() == FieldType.INSTANT;
  }

  private static BigDecimal scaled(Field field, Object operand) {
    if (operand instanceof Instant instant) {
      return BigDecimal.valueOf(instant.getEpochSecond())
          .movePointRight(6)
          .add(BigDecimal.valueOf(instant.getNano(), 3));
    }
    return ((BigDecimal) operand).movePointRight(field.size());
  }

  private static String sign(Filter.Operator operator) {
    return switch (operator) {
      case EQ -> " = ";
      case NE -> " <> ";
      case LT -> " < ";
      case LE -> " <= ";
      case GT -> " > ";
      case GE -> " >= ";
      case PREFIX, CONTAINS -> throw new IllegalArgumentException("Not a sign: " + operator);
    };
  }
}
