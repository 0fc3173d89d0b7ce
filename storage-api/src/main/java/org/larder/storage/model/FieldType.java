package org.larder.storage.model;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a field may hold, how it compares and which Java type stands for it outside a {@link Row}.
 */
public enum FieldType {
  /** Short text with a declared maximum of code points; may be a key, indexed and ordered. */
  STRING(1, String.class),
  /** Long text, at most {@link Limits#TEXT_BYTES} of UTF-8. */
  TEXT(2, String.class),
  /** A signed 64-bit integer. */
  INT64(3, Long.class),
  /** An IEEE 754 double; NaN and the infinities are refused. */
  FLOAT64(4, Double.class),
  /** An exact decimal with a declared scale, kept as an unscaled 64-bit integer. */
  DECIMAL(5, BigDecimal.class),
  /** True or false; false is the smaller. */
  BOOL(6, Boolean.class),
  /** A point in time in microseconds since 1970-01-01T00:00:00Z. */
  INSTANT(7, Instant.class),
  /** One JSON value, kept as the very text that came in; it neither compares nor indexes. */
  JSON(8, String.class),
  /** Raw bytes; they compare unsigned. */
  BYTES(9, byte[].class);

  private final int code;
  private final Class<?> javaType;

  FieldType(int code, Class<?> javaType) {
    this.code = code;
    this.javaType = javaType;
  }

  /** The number that stands for this type in stored schemas; it never changes. */
  public int code() {
    return code;
  }

  /**
   * The type of {@link Row#value(int)}, of a {@link Field#defaultValue()} and of a filter's
   * operand.
   */
  public Class<?> javaType() {
    return javaType;
  }

  /** True for types whose value in a {@link Row} is a run of bytes: text, JSON and raw bytes. */
  public boolean isBytes() {
    return this == STRING || this == TEXT || this == JSON || this == BYTES;
  }

  /** True for types whose value in a {@link Row} is read with {@link Row#getLong(int)}. */
  public boolean isLong() {
    return this == INT64 || this == DECIMAL || this == INSTANT;
  }

  /** True if values of this type have an order and may be filtered by range, sorted and indexed. */
  public boolean isOrdered() {
    return this != JSON;
  }

  /**
   * The type with that stored number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static FieldType ofCode(int code) {
    for (FieldType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("Unknown field type code " + code);
  }
}
