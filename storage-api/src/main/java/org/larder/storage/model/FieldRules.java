package org.larder.storage.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A schema's bounds, made ready for checking: primitives and encoded text by ordinal. */
final class FieldRules {
  private final CollectionSchema schema;
  private final long[] least;
  private final long[] most;
  private final byte[][][] allowed;

  private final boolean bounded;

  private FieldRules(CollectionSchema schema, boolean bounded) {
    this.schema = schema;
    this.bounded = bounded;
    List<Field> fields = schema.fields();
    least = new long[fields.size()];
    most = new long[fields.size()];
    allowed = new byte[fields.size()][][];
    for (int i = 0; i < least.length && bounded; i++) {
      Field field = fields.get(i);
      least[i] = field.minimum().map(m -> unscaled(field, m)).orElse(Long.MIN_VALUE);
      most[i] = field.maximum().map(m -> unscaled(field, m)).orElse(Long.MAX_VALUE);
      if (!field.allowed().isEmpty()) {
        allowed[i] =
            field.allowed().stream()
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
      }
    }
  }

  /** The bounds that the schema sets. */
  static FieldRules of(CollectionSchema schema) {
    return new FieldRules(schema, true);
  }

  /** No bounds but those of the types. */
  static FieldRules none(CollectionSchema schema) {
    return new FieldRules(schema, false);
  }

  private static long unscaled(Field field, BigDecimal bound) {
    return bound
        .setScale(field.type() == FieldType.DECIMAL ? field.size() : 0, RoundingMode.HALF_UP)
        .unscaledValue()
        .longValueExact();
  }

  void checkNull(int ordinal) throws InvalidRowException {
    Field field = schema.field(ordinal);
    if (bounded && field.isRequired()) {
      throw new InvalidRowException(field.name(), "is required and cannot be null");
    }
  }

  void checkLong(int ordinal, long value) throws InvalidRowException {
    if (bounded && (value < least[ordinal] || value > most[ordinal])) {
      throw outOfRange(ordinal);
    }
  }

  void checkDouble(int ordinal, double value) throws InvalidRowException {
    Field field = schema.field(ordinal);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new InvalidRowException(field.name(), "is not a finite number");
    }
    if (!bounded) {
      return;
    }
    if (field.minimum().map(m -> value < m.doubleValue()).orElse(false)
        || field.maximum().map(m -> value > m.doubleValue()).orElse(false)) {
      throw outOfRange(ordinal);
    }
  }

  void checkText(int ordinal, Utf8Buffer runs, int start, int codePoints)
      throws InvalidRowException {
    Field field = schema.field(ordinal);
    if (field.type() != FieldType.STRING && field.type() != FieldType.TEXT) {
      throw new InvalidRowException(field.name(), "cannot be text");
    }
    if (!bounded) {
      return;
    }
    if (field.type() == FieldType.STRING) {
      if (codePoints > field.size()) {
        throw new InvalidRowException(
            field.name(), "is longer than " + field.size() + " characters");
      }
      if (ordinal == CollectionSchema.KEY && codePoints == 0) {
        throw new InvalidRowException(field.name(), "is a key and cannot be empty");
      }
      checkAllowed(ordinal, runs, start);
    } else if (runs.length() - start > Limits.TEXT_BYTES) {
      throw new InvalidRowException(field.name(), "is longer than 256 KiB");
    }
  }

  private void checkAllowed(int ordinal, Utf8Buffer runs, int start) throws InvalidRowException {
    byte[][] values = allowed[ordinal];
    if (values == null) {
      return;
    }
    for (byte[] value : values) {
      if (runs.endsWith(start, value)) {
        return;
      }
    }
    Field field = schema.field(ordinal);
    throw new InvalidRowException(
        field.name(), "is not one of " + String.join(", ", field.allowed()));
  }

  private InvalidRowException outOfRange(int ordinal) {
    Field field = schema.field(ordinal);
    String from = field.minimum().map(BigDecimal::toPlainString).orElse("");
    String to = field.maximum().map(BigDecimal::toPlainString).orElse("");
    return new InvalidRowException(
        field.name(),
        to.isEmpty()
            ? "is less than " + from
            : from.isEmpty() ? "is greater than " + to : "is not between " + from + " and " + to);
  }
}
