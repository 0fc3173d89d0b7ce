package org.larder.storage.model;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The parts of an encoded schema, one behind the other; for one thread. */
final class SchemaOutput {
  static final int REQUIRED = 1;
  static final int DEFAULT = 2;
  static final int MINIMUM = 4;
  static final int MAXIMUM = 8;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final byte[] scratch = new byte[10];

  byte[] toByteArray() {
    return bytes.toByteArray();
  }

  void octet(int value) {
    bytes.write(value);
  }

  void number(long value) {
    bytes.write(scratch, 0, Bytes.putVarint(scratch, 0, value));
  }

  void text(String value) {
    run(value.getBytes(StandardCharsets.UTF_8));
  }

  void field(Field field) {
    text(field.name());
    number(field.type().code());
    number(field.size());
    number(field.mergeRule().code());
    octet(
        (field.isRequired() ? REQUIRED : 0)
            | (field.defaultValue().isPresent() ? DEFAULT : 0)
            | (field.minimum().isPresent() ? MINIMUM : 0)
            | (field.maximum().isPresent() ? MAXIMUM : 0));
    field.defaultValue().ifPresent(this::value);
    field.minimum().ifPresent(this::decimal);
    field.maximum().ifPresent(this::decimal);
    number(field.allowed().size());
    field.allowed().forEach(this::text);
  }

  private void value(Object value) {
    if (value instanceof Long integer) {
      number(Bytes.zigzag(integer));
    } else if (value instanceof Instant instant) {
      number(Bytes.zigzag(Row.micros(instant)));
    } else if (value instanceof Double real) {
      Bytes.putLong(scratch, 0, Double.doubleToRawLongBits(real));
      bytes.write(scratch, 0, Long.BYTES);
    } else if (value instanceof Boolean bool) {
      octet(bool ? 1 : 0);
    } else if (value instanceof BigDecimal exact) {
      decimal(exact);
    } else {
      text((String) value);
    }
  }

  private void decimal(BigDecimal value) {
    number(Bytes.zigzag(value.scale()));
    BigInteger unscaled = value.unscaledValue();
    run(unscaled.toByteArray());
  }

  private void run(byte[] value) {
    number(value.length);
    bytes.write(value, 0, value.length);
  }
}
