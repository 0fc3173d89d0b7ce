package org.larder.storage.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The parts of an encoded schema, one behind the other; for one thread. */
final class SchemaInput {
  private final byte[] bytes;
  private int at;

  SchemaInput(byte[] bytes) {
    this.bytes = bytes;
  }

  int octet() {
    return bytes[at++];
  }

  /** A number that is not negative and fits an int. */
  int number() {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("A schema with the number " + value);
    }
    return (int) value;
  }

  /** How many parts follow, each of at least one byte. */
  int count() {
    int count = number();
    if (count > bytes.length - at) {
      throw new IllegalArgumentException("A truncated schema");
    }
    return count;
  }

  String text() {
    return new String(run(), StandardCharsets.UTF_8);
  }

  Field field() {
    Field field = Field.of(text(), FieldType.ofCode(number()), number());
    field = field.merging(MergeRule.ofCode(number()));
    int flags = octet();
    if ((flags & SchemaOutput.REQUIRED) != 0) {
      field = field.required();
    }
    if ((flags & SchemaOutput.DEFAULT) != 0) {
      field = field.withDefault(value(field.type()));
    }
    BigDecimal minimum = (flags & SchemaOutput.MINIMUM) != 0 ? decimal() : null;
    BigDecimal maximum = (flags & SchemaOutput.MAXIMUM) != 0 ? decimal() : null;
    if (minimum != null || maximum != null) {
      field = field.between(minimum, maximum);
    }
    String[] allowed = new String[count()];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] = text();
    }
    return allowed.length == 0 ? field : field.oneOf(allowed);
  }

  void expectEnd() {
    if (at != bytes.length) {
      throw new IllegalArgumentException("A schema with something behind it");
    }
  }

  private Object value(FieldType type) {
    return switch (type) {
      case INT64 -> Bytes.unzigzag(varint());
      case INSTANT -> Row.instant(Bytes.unzigzag(varint()));
      case FLOAT64 -> {
        double value = Double.longBitsToDouble(Bytes.getLong(bytes, at));
        at += Long.BYTES;
        yield value;
      }
      case BOOL -> octet() != 0;
      case DECIMAL -> decimal();
      case STRING, TEXT -> text();
      case JSON, BYTES -> throw new IllegalArgumentException("A default of type " + type);
    };
  }

  private BigDecimal decimal() {
    long scale = Bytes.unzigzag(varint());
    return new BigDecimal(new BigInteger(run()), Math.toIntExact(scale));
  }

  private byte[] run() {
    int length = count();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private long varint() {
    long value = Bytes.getVarint(bytes, at);
    while (bytes[at++] < 0) {
      // Runs over the varint's own bytes: a reader may meet one that was padded.
    }
    return value;
  }
}
