package org.larder.storage.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One typed field of a collection. Immutable: the methods that are named after a property return a
 * changed copy.
 *
 * <pre>{@code
 * Field.string("status", 20).oneOf("pending", "completed").required()
 * Field.int64("total_tasks").atLeast(0).withDefault(0L).merging(MergeRule.MAX)
 * }</pre>
 */
public final class Field {
  private final String name;
  private final FieldType type;
  private final int size;
  private boolean required;
  private MergeRule mergeRule = MergeRule.REPLACE;
  private Object defaultValue;
  private BigDecimal minimum;
  private BigDecimal maximum;
  private List<String> allowed = List.of();

  private Field(String name, FieldType type, int size) {
    this.name = Limits.checkName(name);
    this.type = Objects.requireNonNull(type, "type");
    this.size = size;
  }

  private Field(Field other) {
    this(other.name, other.type, other.size);
    required = other.required;
    mergeRule = other.mergeRule;
    defaultValue = other.defaultValue;
    minimum = other.minimum;
    maximum = other.maximum;
    allowed = other.allowed;
  }

  /**
   * Short text.
   *
   * @param maxCodePoints 1 to {@link Limits#STRING_CODE_POINTS}
   */
  public static Field string(String name, int maxCodePoints) {
    if (maxCodePoints < 1 || maxCodePoints > Limits.STRING_CODE_POINTS) {
      throw new IllegalArgumentException(name + ": a string holds 1 to 1024 code points");
    }
    return new Field(name, FieldType.STRING, maxCodePoints);
  }

  /**
   * An exact decimal.
   *
   * @param scale digits after the point, 0 to {@link Limits#DECIMAL_DIGITS}
   */
  public static Field decimal(String name, int scale) {
    if (scale < 0 || scale > Limits.DECIMAL_DIGITS) {
      throw new IllegalArgumentException(name + ": a decimal's scale is 0 to 18");
    }
    return new Field(name, FieldType.DECIMAL, scale);
  }

  /** A 64-bit integer. */
  public static Field int64(String name) {
    return new Field(name, FieldType.INT64, 0);
  }

  /** A point in time, in microseconds. */
  public static Field instant(String name) {
    return new Field(name, FieldType.INSTANT, 0);
  }

  /** Long text. */
  public static Field text(String name) {
    return new Field(name, FieldType.TEXT, 0);
  }

  /** One JSON value. */
  public static Field json(String name) {
    return new Field(name, FieldType.JSON, 0);
  }

  /**
   * A field of any type.
   *
   * @param size code points of a string, scale of a decimal, 0 for the other types
   */
  public static Field of(String name, FieldType type, int size) {
    return switch (type) {
      case STRING -> string(name, size);
      case DECIMAL -> decimal(name, size);
      default -> new Field(name, type, 0);
    };
  }

  /** Every item must carry this field, and not as null. */
  public Field required() {
    Field copy = new Field(this);
    copy.required = true;
    return copy;
  }

  /** How a merge treats this field; {@link MergeRule#REPLACE} unless said. */
  public Field merging(MergeRule rule) {
    if (rule == MergeRule.MAX && !type.isOrdered()) {
      throw new IllegalArgumentException(name + ": " + type + " has no maximum");
    }
    Field copy = new Field(this);
    copy.mergeRule = Objects.requireNonNull(rule, "rule");
    return copy;
  }

  /**
   * What a new row gets where nothing was carried; null unless said.
   *
   * @param value of the type's {@link FieldType#javaType()}; for text, numbers and booleans only
   */
  public Field withDefault(Object value) {
    if (!type.javaType().isInstance(value) || type == FieldType.BYTES || type == FieldType.JSON) {
      throw new IllegalArgumentException(name + ": not a default for " + type + ": " + value);
    }
    Field copy = new Field(this);
    copy.defaultValue = value;
    return copy;
  }

  /** Bounds of a number, both inclusive; null leaves a side open. */
  public Field between(BigDecimal least, BigDecimal most) {
    if (type != FieldType.INT64 && type != FieldType.FLOAT64 && type != FieldType.DECIMAL) {
      throw new IllegalArgumentException(name + ": only numbers have bounds");
    }
    Field copy = new Field(this);
    copy.minimum = least;
    copy.maximum = most;
    return copy;
  }

  /** Bounds of a number, both inclusive. */
  public Field between(long least, long most) {
    return between(BigDecimal.valueOf(least), BigDecimal.valueOf(most));
  }

  /** The least value of a number, inclusive. */
  public Field atLeast(long least) {
    return between(BigDecimal.valueOf(least), null);
  }

  /** The only values that a string may have. */
  public Field oneOf(String... values) {
    if (type != FieldType.STRING) {
      throw new IllegalArgumentException(name + ": only strings have a list of allowed values");
    }
    Field copy = new Field(this);
    copy.allowed = List.of(values);
    return copy;
  }

  /** The field's name, unique in its collection, valid by {@link Limits#checkName}. */
  public String name() {
    return name;
  }

  /** The field's type. */
  public FieldType type() {
    return type;
  }

  /** Code points of a string, scale of a decimal, 0 for the other types. */
  public int size() {
    return size;
  }

  /** True if every item must carry the field. */
  public boolean isRequired() {
    return required;
  }

  /** How a merge treats the field. */
  public MergeRule mergeRule() {
    return mergeRule;
  }

  /** What a new row gets where nothing was carried; empty for null. */
  public Optional<Object> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** Least value of a number, inclusive. */
  public Optional<BigDecimal> minimum() {
    return Optional.ofNullable(minimum);
  }

  /** Greatest value of a number, inclusive. */
  public Optional<BigDecimal> maximum() {
    return Optional.ofNullable(maximum);
  }

  /** The only values that a string may have; empty if any will do. */
  public List<String> allowed() {
    return allowed;
  }

  /** True if a value stored under the other field reads the same under this one. */
  public boolean storesLike(Field other) {
    return name.equals(other.name) && type == other.type && size == other.size;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Field other
        && storesLike(other)
        && required == other.required
        && mergeRule == other.mergeRule
        && Objects.equals(defaultValue, other.defaultValue)
        && Objects.equals(minimum, other.minimum)
        && Objects.equals(maximum, other.maximum)
        && allowed.equals(other.allowed);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, size);
  }

  @Override
  public String toString() {
    return name + " " + type + (size > 0 ? "(" + size + ")" : "") + (required ? " required" : "");
  }
}
