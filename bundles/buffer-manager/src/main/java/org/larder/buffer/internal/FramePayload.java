package org.larder.buffer.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.larder.journal.Frame;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Limits;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.model.SchemaCodec;

/**
 * What the buffer puts into a frame: the collection's name (one byte of length, ASCII), then for
 * each item the {@link Mutation.Kind#code()} (one byte), the row's length (four bytes, big-endian)
 * and the row. The frame itself carries the schema's version and the number of items.
 */
final class FramePayload {
  /** {@link Frame#kind()} of frames that carry items. */
  static final byte ITEMS = 1;

  /** {@link Frame#kind()} of frames that carry one encoded schema. */
  static final byte SCHEMA = 2;

  /** {@link Frame#kind()} of frames that carry a {@link LogRecord}. */
  static final byte RECORD = 3;

  /** A payload is closed before it grows beyond this; one row always fits. */
  static final int MAX_BYTES = 4 << 20;

  private static final int ITEM_HEADER_BYTES = 5;

  private final byte[] name;
  private byte[] bytes;
  private int length;
  private int count;

  /** An empty payload with room for about so many bytes. */
  FramePayload(CollectionSchema schema, long expectedBytes) {
    name = schema.name().getBytes(StandardCharsets.US_ASCII);
    long room = Math.max(1024, Math.min(MAX_BYTES, expectedBytes)) + name.length + 1;
    bytes = new byte[(int) room];
    bytes[0] = (byte) name.length;
    System.arraycopy(name, 0, bytes, 1, name.length);
    length = 1 + name.length;
  }

  /** Adds the row that the builder holds; false if it belongs into the next payload. */
  boolean add(Mutation.Kind kind, RowBuilder row) throws InvalidRowException {
    int rowBytes = row.encodedLength();
    if (rowBytes > Limits.ITEM_BYTES) {
      throw new InvalidRowException("", "The item is larger than 1 MiB");
    }
    int end = length + ITEM_HEADER_BYTES + rowBytes;
    if (end > MAX_BYTES && count > 0) {
      return false;
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, Math.min(MAX_BYTES, bytes.length * 2)));
    }
    bytes[length] = (byte) kind.code();
    ByteBuffer.wrap(bytes).putInt(length + 1, rowBytes);
    length = row.writeTo(bytes, length + ITEM_HEADER_BYTES);
    count++;
    return true;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  int count() {
    return count;
  }

  /** The collection that a frame of items belongs to. */
  static String collection(Frame frame) {
    ByteBuffer payload = frame.payload();
    byte[] name = new byte[payload.get(payload.position())];
    payload.get(payload.position() + 1, name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  /**
   * The schema in a frame that records one.
   *
   * @throws IllegalArgumentException if the bytes are none
   */
  static CollectionSchema schema(Frame frame) {
    byte[] bytes = new byte[frame.payload().remaining()];
    frame.payload().duplicate().get(bytes);
    return SchemaCodec.decode(bytes);
  }

  /**
   * The items of a frame.
   *
   * @throws IllegalArgumentException if the bytes are none
   */
  static List<Mutation> items(Frame frame, CollectionSchema schema) {
    ByteBuffer payload = frame.payload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    List<Mutation> items = new ArrayList<>(frame.count());
    int at = 1 + bytes[0];
    for (int i = 0; i < frame.count(); i++) {
      Mutation.Kind kind = Mutation.Kind.ofCode(bytes[at]);
      int rowBytes = ByteBuffer.wrap(bytes).getInt(at + 1);
      int start = at + ITEM_HEADER_BYTES;
      items.add(new Mutation(kind, new Row(schema, bytes, start, rowBytes), frame.sequence() + i));
      at = start + rowBytes;
    }
    return items;
  }
}
