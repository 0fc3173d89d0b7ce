package org.larder.buffer.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.Outcome;
import org.larder.journal.Frame;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Limits;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.model.SchemaCodec;

/**
 * What the buffer puts into a frame: the collection's name (one byte of length, ASCII), then for
 * each item the {@link Mutation.Kind#code()} (one byte; {@link #EXPIRY} for a delete by retention,
 * which journals of earlier releases do not have), the row's length (four bytes, big-endian) and
 * the row. The frame itself carries the schema's version and the number of items.
 *
 * <p>A frame with items of several collections is a row of such payloads, each behind the version
 * of its schema, the number of its items and its length (four bytes each, big-endian).
 */
final class FramePayload {
  /** {@link Frame#kind()} of frames that carry items. */
  static final byte ITEMS = 1;

  /** {@link Frame#kind()} of frames that carry one encoded schema. */
  static final byte SCHEMA = 2;

  /** {@link Frame#kind()} of frames that carry a {@link LogRecord}. */
  static final byte RECORD = 3;

  /** {@link Frame#kind()} of frames that carry items of several collections. */
  static final byte SEVERAL = 4;

  /** A payload is closed before it grows beyond this; one row always fits. */
  static final int MAX_BYTES = 4 << 20;

  /** Stands for a delete that retention, and no user, wants; beside the codes of mutations. */
  static final byte EXPIRY = 5;

  private static final int ITEM_HEADER_BYTES = 5;
  private static final int PART_HEADER_BYTES = 12;

  private final CollectionSchema schema;
  private final byte[] name;
  private byte[] bytes;
  private int length;
  private int count;

  /** An empty payload with room for about so many bytes. */
  FramePayload(CollectionSchema schema, long expectedBytes) {
    this.schema = schema;
    name = schema.name().getBytes(StandardCharsets.US_ASCII);
    long room = Math.max(1024, Math.min(MAX_BYTES, expectedBytes)) + name.length + 1;
    bytes = new byte[(int) room];
    bytes[0] = (byte) name.length;
    System.arraycopy(name, 0, bytes, 1, name.length);
    length = 1 + name.length;
  }

  /** Adds the row that the builder holds; false if it belongs into the next payload. */
  boolean add(Mutation.Kind kind, RowBuilder row) throws InvalidRowException {
    return add(kind.code(), row);
  }

  /** The code of an item that deletes. */
  static int deleteCode(DeleteOrigin origin) {
    return origin == DeleteOrigin.RETENTION ? EXPIRY : Mutation.Kind.DELETE.code();
  }

  /** The same, for an item by its code. */
  boolean add(int code, RowBuilder row) throws InvalidRowException {
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
    bytes[length] = (byte) code;
    ByteBuffer.wrap(bytes).putInt(length + 1, rowBytes);
    length = row.writeTo(bytes, length + ITEM_HEADER_BYTES);
    count++;
    return true;
  }

  CollectionSchema schema() {
    return schema;
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

  /** One atomic frame of all these, each with the version of its schema. */
  static NewFrame atomic(List<FramePayload> payloads) {
    if (payloads.size() == 1) {
      return payloads.get(0).frame(true);
    }
    int length = 0;
    int count = 0;
    for (FramePayload payload : payloads) {
      length += PART_HEADER_BYTES + payload.length;
      count += payload.count;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (FramePayload payload : payloads) {
      joined.putInt(payload.schema.version()).putInt(payload.count).putInt(payload.length);
      joined.put(payload.bytes, 0, payload.length);
    }
    return NewFrame.of(SEVERAL, true, count, 0, joined.array());
  }

  /** This payload as a frame of its own. */
  NewFrame frame(boolean atomic) {
    return new NewFrame(ITEMS, atomic, count, schema.version(), bytes, 0, length);
  }

  /** The items so far, as if the first had that sequence; their rows are views of this payload. */
  List<Mutation> items(long sequence) {
    return items(schema, bytes, count, sequence, expiry -> {});
  }

  /**
   * Leaves items out, and makes those inserts puts whose key is known to be free: what is to happen
   * is certain by now.
   *
   * @param from the place among the outcomes of this payload's first item
   */
  void apply(List<Outcome> outcomes, int from) {
    int at = 1 + name.length;
    int target = at;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int size = ITEM_HEADER_BYTES + ByteBuffer.wrap(bytes).getInt(at + 1);
      Outcome outcome = outcomes.get(from + i);
      if (outcome != Outcome.DUPLICATE) {
        System.arraycopy(bytes, at, bytes, target, size);
        if (outcome == Outcome.INSERTED) {
          bytes[target] = (byte) Mutation.Kind.PUT.code();
        }
        target += size;
        kept++;
      }
      at += size;
    }
    length = target;
    count = kept;
  }

  /** True if the frame carries items, of one collection or several. */
  static boolean hasItems(Frame frame) {
    return frame.kind() == ITEMS || frame.kind() == SEVERAL;
  }

  /**
   * The items of one collection in a frame.
   *
   * @param sequence of the first
   * @param payload as that of a frame of this collection alone
   */
  record Part(String collection, int schemaVersion, long sequence, int count, ByteBuffer payload) {}

  /** What a frame of items consists of, in the order of its sequences. */
  static List<Part> parts(Frame frame) {
    ByteBuffer payload = frame.payload().duplicate();
    if (frame.kind() == ITEMS) {
      return List.of(
          new Part(
              collection(payload),
              frame.schemaVersion(),
              frame.sequence(),
              frame.count(),
              payload));
    }
    List<Part> parts = new ArrayList<>();
    long sequence = frame.sequence();
    while (payload.hasRemaining()) {
      int version = payload.getInt();
      int count = payload.getInt();
      int length = payload.getInt();
      ByteBuffer own = payload.slice(payload.position(), length);
      payload.position(payload.position() + length);
      parts.add(new Part(collection(own), version, sequence, count, own));
      sequence += count;
    }
    return parts;
  }

  private static String collection(ByteBuffer payload) {
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
   * The items of a part of a frame.
   *
   * @param expiries gets the sequences of deletes by retention
   * @throws IllegalArgumentException if the bytes are none
   */
  static List<Mutation> items(Part part, CollectionSchema schema, LongConsumer expiries) {
    ByteBuffer payload = part.payload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return items(schema, bytes, part.count(), part.sequence(), expiries);
  }

  private static List<Mutation> items(
      CollectionSchema schema, byte[] bytes, int count, long sequence, LongConsumer expiries) {
    List<Mutation> items = new ArrayList<>(count);
    int at = 1 + bytes[0];
    for (int i = 0; i < count; i++) {
      boolean expiry = bytes[at] == EXPIRY;
      Mutation.Kind kind = expiry ? Mutation.Kind.DELETE : Mutation.Kind.ofCode(bytes[at]);
      if (expiry) {
        expiries.accept(sequence + i);
      }
      int rowBytes = ByteBuffer.wrap(bytes).getInt(at + 1);
      int start = at + ITEM_HEADER_BYTES;
      items.add(new Mutation(kind, new Row(schema, bytes, start, rowBytes), sequence + i));
      at = start + rowBytes;
    }
    return items;
  }
}
