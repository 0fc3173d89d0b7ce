package org.larder.storage.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Takes fields in any order, validates each against the schema, and encodes a {@link Row}. Made to
 * be used again and again for the rows of one batch; for one thread.
 *
 * <p>A setter that throws leaves the field absent. A field that is set twice has the later value.
 */
public final class RowBuilder {
  private final CollectionSchema schema;
  private final FieldRules rules;
  private final byte[] states;
  private final long[] numbers;
  private final int[] runStarts;
  private final Utf8Buffer runs = new Utf8Buffer();

  /** Begins a row of that collection. */
  public RowBuilder(CollectionSchema schema) {
    this(schema, schema.bounds());
  }

  private RowBuilder(CollectionSchema schema, FieldRules rules) {
    this.schema = schema;
    this.rules = rules;
    int count = schema.fields().size();
    states = new byte[count];
    numbers = new long[count];
    runStarts = new int[count];
  }

  /**
   * Begins a row that a backend read from its store: types are checked, but bounds are not, since
   * what is stored has to be readable whatever today's schema allows.
   */
  public static RowBuilder ofStored(CollectionSchema schema) {
    return new RowBuilder(schema, FieldRules.none(schema));
  }

  /** The collection. */
  public CollectionSchema schema() {
    return schema;
  }

  /** Makes every field absent. */
  public RowBuilder clear() {
    Arrays.fill(states, (byte) 0);
    runs.clear();
    return this;
  }

  /** True if nothing was said about the field. */
  public boolean isAbsent(int ordinal) {
    return states[ordinal] == 0;
  }

  /** Makes the field absent again. */
  public RowBuilder remove(int ordinal) {
    states[ordinal] = 0;
    return this;
  }

  /** Sets the field to null. */
  public RowBuilder setNull(int ordinal) throws InvalidRowException {
    states[ordinal] = 0;
    rules.checkNull(ordinal);
    states[ordinal] = 1;
    return this;
  }

  /** Sets an integer. */
  public RowBuilder setLong(int ordinal, long value) throws InvalidRowException {
    expect(ordinal, FieldType.INT64, "an integer");
    rules.checkLong(ordinal, value);
    return number(ordinal, value);
  }

  /** Sets an instant by its microseconds since 1970-01-01T00:00:00Z. */
  public RowBuilder setMicros(int ordinal, long micros) throws InvalidRowException {
    expect(ordinal, FieldType.INSTANT, "an instant");
    return number(ordinal, micros);
  }

  /** Sets a double; −0.0 becomes 0.0, since the two are one value to every backend. */
  public RowBuilder setDouble(int ordinal, double value) throws InvalidRowException {
    expect(ordinal, FieldType.FLOAT64, "a number");
    rules.checkDouble(ordinal, value);
    return number(ordinal, Double.doubleToRawLongBits(value + 0.0));
  }

  /** Sets a decimal, rounded half up to the field's scale. */
  public RowBuilder setDecimal(int ordinal, BigDecimal value) throws InvalidRowException {
    expect(ordinal, FieldType.DECIMAL, "a decimal number");
    int scale = schema.field(ordinal).size();
    if ((long) value.precision() - value.scale() > Limits.DECIMAL_DIGITS - scale) {
      throw invalid(ordinal, "has more digits than a decimal can hold");
    }
    long unscaled =
        value.signum() == 0 || -(long) value.precision() + value.scale() > scale
            ? 0
            : value.setScale(scale, RoundingMode.HALF_UP).unscaledValue().longValueExact();
    rules.checkLong(ordinal, unscaled);
    return number(ordinal, unscaled);
  }

  /** Sets a boolean. */
  public RowBuilder setBoolean(int ordinal, boolean value) throws InvalidRowException {
    expect(ordinal, FieldType.BOOL, "a boolean");
    return number(ordinal, value ? 1 : 0);
  }

  /** Sets text. */
  public RowBuilder setText(int ordinal, char[] chars, int offset, int length)
      throws InvalidRowException {
    states[ordinal] = 0;
    int start = runs.length();
    int codePoints = runs.append(chars, offset, length);
    if (codePoints < 0) {
      throw invalid(ordinal, "has an unpaired surrogate");
    }
    rules.checkText(ordinal, runs, start, codePoints);
    return run(ordinal, start);
  }

  /** Sets text. */
  public RowBuilder setText(int ordinal, String text) throws InvalidRowException {
    return setText(ordinal, text.toCharArray(), 0, text.length());
  }

  /** Sets JSON: one value, well-formed and in UTF-8, which the caller has checked. */
  public RowBuilder setJson(int ordinal, byte[] source, int offset, int length)
      throws InvalidRowException {
    expect(ordinal, FieldType.JSON, "JSON");
    int start = runs.length();
    runs.append(source, offset, length);
    return run(ordinal, start);
  }

  /** Sets raw bytes. */
  public RowBuilder setBytes(int ordinal, byte[] value) throws InvalidRowException {
    expect(ordinal, FieldType.BYTES, "bytes");
    int start = runs.length();
    runs.append(value, 0, value.length);
    return run(ordinal, start);
  }

  /**
   * Sets a field from an object of its type's {@link FieldType#javaType()}; null sets null. Not for
   * hot paths.
   */
  public RowBuilder set(int ordinal, Object value) throws InvalidRowException {
    if (value == null) {
      return setNull(ordinal);
    }
    FieldType type = schema.field(ordinal).type();
    states[ordinal] = 0;
    if (!type.javaType().isInstance(value)) {
      throw invalid(ordinal, "is not a value of type " + type);
    }
    return switch (type) {
      case STRING, TEXT -> setText(ordinal, (String) value);
      case JSON -> {
        byte[] json = ((String) value).getBytes(StandardCharsets.UTF_8);
        yield setJson(ordinal, json, 0, json.length);
      }
      case INT64 -> setLong(ordinal, (Long) value);
      case FLOAT64 -> setDouble(ordinal, (Double) value);
      case DECIMAL -> setDecimal(ordinal, (BigDecimal) value);
      case BOOL -> setBoolean(ordinal, (Boolean) value);
      case INSTANT -> setMicros(ordinal, Row.micros((Instant) value));
      case BYTES -> setBytes(ordinal, (byte[]) value);
    };
  }

  /** Sets the field of that name; see {@link #set(int, Object)}. */
  public RowBuilder set(String field, Object value) throws InvalidRowException {
    return set(schema.ordinal(field), value);
  }

  /** Copies a field as it is, absent included, from a row of the same collection. */
  RowBuilder copy(int ordinal, Row from) {
    Field field = schema.field(ordinal);
    if (ordinal >= from.schema().fields().size()) {
      states[ordinal] = 0;
    } else if (!from.has(ordinal)) {
      states[ordinal] = (byte) (from.isNull(ordinal) ? 1 : 0);
    } else if (field.type().isBytes()) {
      int start = runs.length();
      runs.append(from.getBytes(ordinal));
      run(ordinal, start);
    } else {
      number(
          ordinal,
          switch (field.type()) {
            case BOOL -> from.getBoolean(ordinal) ? 1 : 0;
            case FLOAT64 -> Double.doubleToRawLongBits(from.getDouble(ordinal));
            default -> from.getLong(ordinal);
          });
    }
    return this;
  }

  /** Sets null where nothing was said, required or not: for rows completed by the host. */
  void setAbsentToNull(int ordinal) {
    states[ordinal] = 1;
  }

  /**
   * Checks that every required field has a value and that the row is not too large.
   *
   * @throws InvalidRowException names the first field that is missing
   */
  public RowBuilder checkComplete() throws InvalidRowException {
    for (int i = 0; i < states.length; i++) {
      if (states[i] != 2 && schema.field(i).isRequired()) {
        throw invalid(i, "is required");
      }
    }
    if (encodedLength() > Limits.ITEM_BYTES) {
      throw new InvalidRowException("", "The item is larger than 1 MiB");
    }
    return this;
  }

  /** Bytes that {@link #writeTo} will take. */
  public int encodedLength() {
    int length = Bytes.varintLength(states.length) + (states.length + 3) / 4;
    for (int i = 0; i < states.length; i++) {
      if (states[i] == 2) {
        length += valueLength(i);
      }
    }
    return length;
  }

  private int valueLength(int ordinal) {
    return switch (schema.field(ordinal).type()) {
      case BOOL -> 1;
      case INSTANT, FLOAT64 -> 8;
      case INT64, DECIMAL -> Bytes.varintLength(Bytes.zigzag(numbers[ordinal]));
      default -> Bytes.varintLength(numbers[ordinal]) + (int) numbers[ordinal];
    };
  }

  /** Encodes the row into an array with room for it; returns the offset behind it. */
  public int writeTo(byte[] target, int offset) {
    int header = Bytes.putVarint(target, offset, states.length);
    int at = header + (states.length + 3) / 4;
    Arrays.fill(target, header, at, (byte) 0);
    for (int i = 0; i < states.length; i++) {
      target[header + i / 4] |= (byte) (states[i] << (i % 4 * 2));
      if (states[i] == 2) {
        at = writeValue(i, target, at);
      }
    }
    return at;
  }

  private int writeValue(int ordinal, byte[] target, int at) {
    long number = numbers[ordinal];
    switch (schema.field(ordinal).type()) {
      case BOOL -> {
        target[at] = (byte) number;
        return at + 1;
      }
      case INSTANT, FLOAT64 -> {
        Bytes.putLong(target, at, number);
        return at + 8;
      }
      case INT64, DECIMAL -> {
        return Bytes.putVarint(target, at, Bytes.zigzag(number));
      }
      default -> {
        int start = Bytes.putVarint(target, at, number);
        runs.copyTo(runStarts[ordinal], target, start, (int) number);
        return start + (int) number;
      }
    }
  }

  /** The row as it stands now; the builder may be used on. */
  public Row build() {
    byte[] bytes = new byte[encodedLength()];
    writeTo(bytes, 0);
    return new Row(schema, bytes, 0, bytes.length);
  }

  private RowBuilder number(int ordinal, long value) {
    numbers[ordinal] = value;
    states[ordinal] = 2;
    return this;
  }

  private RowBuilder run(int ordinal, int start) {
    runStarts[ordinal] = start;
    return number(ordinal, runs.length() - start);
  }

  private void expect(int ordinal, FieldType type, String what) throws InvalidRowException {
    states[ordinal] = 0;
    if (schema.field(ordinal).type() != type) {
      throw invalid(ordinal, "cannot be " + what);
    }
  }

  private InvalidRowException invalid(int ordinal, String message) {
    return new InvalidRowException(schema.field(ordinal).name(), message);
  }
}
