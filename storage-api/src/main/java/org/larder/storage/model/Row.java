package org.larder.storage.model;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The fields of one record, or some of them: a field is absent, null, or has a value. Immutable.
 *
 * <p>A row is a view of its encoding: the number of fields as a varint; two bits a field, in
 * ordinal order from the low end of each byte (0 absent, 1 null, 2 value); then the values in
 * ordinal order. Text, JSON and bytes are a varint length and the bytes (UTF-8), integers and
 * unscaled decimals a zigzag varint, instants and doubles eight bytes big-endian, a boolean one
 * byte. A row that was encoded under an older version of its schema has fewer fields; the rest are
 * absent.
 */
public final class Row {
  /** The {@link #version()} of a row that was not read from a store. */
  public static final long UNKNOWN_VERSION = -1;

  private static final int ABSENT = -1;
  private static final int NULL = -2;

  private final CollectionSchema schema;
  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final long version;

  /** Where each value starts (for byte runs: where the length stands), or ABSENT or NULL. */
  private final int[] starts;

  /**
   * A view of an encoded row; the array is not copied and must not change any more.
   *
   * @throws IllegalArgumentException if the bytes are no row of that schema
   */
  public Row(CollectionSchema schema, byte[] bytes, int offset, int length) {
    this(schema, bytes, offset, length, UNKNOWN_VERSION);
  }

  private Row(CollectionSchema schema, byte[] bytes, int offset, int length, long version) {
    this.version = version;
    this.schema = schema;
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.starts = new int[schema.fields().size()];
    try {
      locate();
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("Truncated row of " + schema, e);
    }
  }

  /** This row as it was stored by the mutation of that sequence. */
  public Row withVersion(long sequence) {
    return new Row(schema, bytes, offset, length, sequence);
  }

  /** The sequence of the mutation that stored the row, or {@link #UNKNOWN_VERSION}. */
  public long version() {
    return version;
  }

  /** Begins a row of that collection. */
  public static RowBuilder of(CollectionSchema schema) {
    return new RowBuilder(schema);
  }

  private void locate() {
    int count = (int) Bytes.getVarint(bytes, offset);
    if (count < 0 || count > starts.length) {
      throw new IllegalArgumentException(
          "A row of " + count + " fields does not fit " + schema + "; is the schema older?");
    }
    int states = offset + Bytes.varintLength(count);
    int at = states + (count + 3) / 4;
    Arrays.fill(starts, count, starts.length, ABSENT);
    for (int i = 0; i < count; i++) {
      int state = (bytes[states + i / 4] >> (i % 4 * 2)) & 3;
      starts[i] = state == 2 ? at : state == 1 ? NULL : ABSENT;
      if (state == 2) {
        at += valueLength(schema.field(i).type(), at);
      }
    }
    if (at != offset + length) {
      throw new IllegalArgumentException("A row of " + schema + " has the wrong length");
    }
  }

  private int valueLength(FieldType type, int at) {
    return switch (type) {
      case BOOL -> 1;
      case INSTANT, FLOAT64 -> 8;
      case INT64, DECIMAL -> Bytes.varintLength(Bytes.getVarint(bytes, at));
      case STRING, TEXT, JSON, BYTES -> {
        long run = Bytes.getVarint(bytes, at);
        if (run < 0 || run > length) {
          throw new IllegalArgumentException("A row of " + schema + " runs over its end");
        }
        yield Bytes.varintLength(run) + (int) run;
      }
    };
  }

  /** The collection that the row belongs to, in the version by which the row is read. */
  public CollectionSchema schema() {
    return schema;
  }

  /** True if the row says nothing about the field. */
  public boolean isAbsent(int ordinal) {
    return starts[ordinal] == ABSENT;
  }

  /** True if the row says that the field is null. */
  public boolean isNull(int ordinal) {
    return starts[ordinal] == NULL;
  }

  /** True if the field has a value: neither absent nor null. */
  public boolean has(int ordinal) {
    return starts[ordinal] >= 0;
  }

  /** The key. */
  public String key() {
    return getString(CollectionSchema.KEY);
  }

  /** Compares two rows' keys as unsigned bytes of UTF-8, the order of every scan. */
  public int compareKey(Row other) {
    int run = runLength(CollectionSchema.KEY);
    int start = runStart(CollectionSchema.KEY);
    int otherStart = other.runStart(CollectionSchema.KEY);
    int otherEnd = otherStart + other.runLength(CollectionSchema.KEY);
    return Arrays.compareUnsigned(bytes, start, start + run, other.bytes, otherStart, otherEnd);
  }

  /**
   * The key's first eight bytes as an unsigned number, with zeros after a shorter key: where two
   * rows' differ, they compare as the keys do; where they are the same, {@link #compareKey} tells.
   */
  public long keyPrefix() {
    int start = runStart(CollectionSchema.KEY);
    int taken = Math.min(Long.BYTES, runLength(CollectionSchema.KEY));
    long prefix = 0;
    for (int i = 0; i < taken; i++) {
      prefix = (prefix << Byte.SIZE) | (bytes[start + i] & 0xFF);
    }
    return taken == 0 ? 0 : prefix << ((Long.BYTES - taken) * Byte.SIZE);
  }

  /** An integer, the unscaled value of a decimal, or an instant's microseconds. */
  public long getLong(int ordinal) {
    int start = start(ordinal);
    return switch (schema.field(ordinal).type()) {
      case INT64, DECIMAL -> Bytes.unzigzag(Bytes.getVarint(bytes, start));
      case INSTANT -> Bytes.getLong(bytes, start);
      default -> throw mismatch(ordinal, "an integer");
    };
  }

  /** A double. */
  public double getDouble(int ordinal) {
    if (schema.field(ordinal).type() != FieldType.FLOAT64) {
      throw mismatch(ordinal, "a double");
    }
    return Double.longBitsToDouble(Bytes.getLong(bytes, start(ordinal)));
  }

  /** A boolean. */
  public boolean getBoolean(int ordinal) {
    if (schema.field(ordinal).type() != FieldType.BOOL) {
      throw mismatch(ordinal, "a boolean");
    }
    return bytes[start(ordinal)] != 0;
  }

  /** Text or JSON. */
  public String getString(int ordinal) {
    return new String(bytes, runStart(ordinal), runLength(ordinal), StandardCharsets.UTF_8);
  }

  /** The bytes of text, JSON or a byte field, as a read-only view. */
  public ByteBuffer getBytes(int ordinal) {
    return ByteBuffer.wrap(bytes, runStart(ordinal), runLength(ordinal)).slice().asReadOnlyBuffer();
  }

  /** A copy of the bytes of text, JSON or a byte field. */
  public byte[] copyBytes(int ordinal) {
    int start = runStart(ordinal);
    return Arrays.copyOfRange(bytes, start, start + runLength(ordinal));
  }

  /**
   * The value as an object of the type's {@link FieldType#javaType()}, or null if the field is null
   * or absent. Not for hot paths.
   */
  public Object value(int ordinal) {
    if (!has(ordinal)) {
      return null;
    }
    Field field = schema.field(ordinal);
    return switch (field.type()) {
      case STRING, TEXT, JSON -> getString(ordinal);
      case INT64 -> getLong(ordinal);
      case DECIMAL -> BigDecimal.valueOf(getLong(ordinal), field.size());
      case INSTANT -> instant(getLong(ordinal));
      case FLOAT64 -> getDouble(ordinal);
      case BOOL -> getBoolean(ordinal);
      case BYTES -> copyBytes(ordinal);
    };
  }

  /** The value of the field of that name; see {@link #value(int)}. */
  public Object value(String field) {
    return value(schema.ordinal(field));
  }

  /**
   * This row as a complete one of another version of its schema: fields that the other version does
   * not have are left out, fields that this row says nothing about are null.
   */
  public Row under(CollectionSchema other) {
    RowBuilder builder = RowBuilder.ofStored(other);
    for (int i = 0; i < other.fields().size(); i++) {
      builder.copy(i, this);
      if (builder.isAbsent(i)) {
        builder.setAbsentToNull(i);
      }
    }
    return builder.build().withVersion(version);
  }

  /** The instant of that many microseconds since 1970-01-01T00:00:00Z. */
  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /**
   * Whole microseconds since 1970-01-01T00:00:00Z, rounded down.
   *
   * @throws ArithmeticException if the instant lies beyond 292,000 years from 1970
   */
  public static long micros(Instant instant) {
    long seconds = instant.getEpochSecond();
    long micros = TimeUnit.NANOSECONDS.toMicros(instant.getNano());
    // Counted from the second nearer to 1970, so that the very first microsecond fits as well.
    return seconds < 0
        ? Math.addExact(Math.multiplyExact(seconds + 1, 1_000_000L), micros - 1_000_000L)
        : Math.addExact(Math.multiplyExact(seconds, 1_000_000L), micros);
  }

  /** Bytes of the encoding. */
  public int encodedLength() {
    return length;
  }

  /** Copies the encoding; returns the offset behind it. */
  public int writeTo(byte[] target, int at) {
    System.arraycopy(bytes, offset, target, at, length);
    return at + length;
  }

  private int start(int ordinal) {
    int start = starts[ordinal];
    if (start < 0) {
      throw new IllegalStateException(schema.field(ordinal) + " has no value in this row");
    }
    return start;
  }

  private int runStart(int ordinal) {
    int start = start(ordinal);
    return start + Bytes.varintLength(Bytes.getVarint(bytes, start));
  }

  private int runLength(int ordinal) {
    if (!schema.field(ordinal).type().isBytes()) {
      throw mismatch(ordinal, "text or bytes");
    }
    return (int) Bytes.getVarint(bytes, start(ordinal));
  }

  private IllegalArgumentException mismatch(int ordinal, String wanted) {
    return new IllegalArgumentException(schema.field(ordinal) + " is not " + wanted);
  }

  /** Two rows are equal if they say the same about every field; the version does not count. */
  @Override
  public boolean equals(Object object) {
    if (!(object instanceof Row other) || !schema.name().equals(other.schema.name())) {
      return false;
    }
    int common = Math.max(starts.length, other.starts.length);
    for (int i = 0; i < common; i++) {
      if (!sameField(other, i)) {
        return false;
      }
    }
    return true;
  }

  private boolean sameField(Row other, int ordinal) {
    int mine = ordinal < starts.length ? starts[ordinal] : ABSENT;
    int theirs = ordinal < other.starts.length ? other.starts[ordinal] : ABSENT;
    if (mine < 0 || theirs < 0) {
      return mine == theirs;
    }
    FieldType type = schema.field(ordinal).type();
    return Arrays.equals(
        bytes,
        mine,
        mine + valueLength(type, mine),
        other.bytes,
        theirs,
        theirs + other.valueLength(type, theirs));
  }

  @Override
  public int hashCode() {
    return has(CollectionSchema.KEY) ? key().hashCode() : 0;
  }

  /** The fields that are not absent, for logs and failing tests. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(schema.name()).append('{');
    String separator = "";
    for (int i = 0; i < starts.length; i++) {
      if (!isAbsent(i)) {
        text.append(separator).append(schema.field(i).name()).append('=').append(value(i));
        separator = ", ";
      }
    }
    return text.append('}').toString();
  }
}
