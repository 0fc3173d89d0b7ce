package org.larder.buffer.internal.migrate;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Row;

/**
 * What a record says, as bytes that are the same whatever store it comes from: for each field of
 * the newest schema, in order, 0 if it has no value (null or absent), else 1 and the value. Whole
 * numbers, unscaled decimals and instants in microseconds take eight bytes, doubles the eight of
 * their bits (0.0 for −0.0, which is the same value), a boolean one; text, JSON (to the letter) and
 * bytes come after their length in four bytes. The version does not count. For one thread.
 */
final class CanonicalRow {
  private final CollectionSchema schema;
  private ByteBuffer bytes = ByteBuffer.allocate(4_096);

  CanonicalRow(CollectionSchema schema) {
    this.schema = schema;
  }

  /** The digest that ranges are compared by. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Adds a record to a digest. */
  void addTo(MessageDigest digest, Row row) {
    encode(row);
    digest.update(bytes.array(), 0, bytes.position());
  }

  /** The fields in which two records differ. */
  List<String> differences(Row left, Row right) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < schema.fields().size(); i++) {
      if (!Arrays.equals(field(left, i), field(right, i))) {
        names.add(schema.field(i).name());
      }
    }
    return names;
  }

  private void encode(Row row) {
    bytes.clear();
    for (int i = 0; i < schema.fields().size(); i++) {
      put(row, i);
    }
  }

  private byte[] field(Row row, int ordinal) {
    bytes.clear();
    put(row, ordinal);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private void put(Row row, int ordinal) {
    boolean has = ordinal < row.schema().fields().size() && row.has(ordinal);
    room(9).put((byte) (has ? 1 : 0));
    if (!has) {
      return;
    }
    Field field = schema.field(ordinal);
    switch (field.type()) {
      case INT64, DECIMAL, INSTANT -> bytes.putLong(row.getLong(ordinal));
      case FLOAT64 -> {
        double value = row.getDouble(ordinal);
        bytes.putDouble(value == 0 ? 0.0 : value);
      }
      case BOOL -> bytes.put((byte) (row.getBoolean(ordinal) ? 1 : 0));
      case STRING, TEXT, JSON, BYTES -> {
        ByteBuffer run = row.getBytes(ordinal);
        room(4 + run.remaining()).putInt(run.remaining()).put(run);
      }
    }
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      bytes.flip();
      bytes = ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.limit() + more)).put(bytes);
    }
    return bytes;
  }
}
