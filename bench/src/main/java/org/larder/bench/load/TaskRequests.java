package org.larder.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.larder.bench.http.Connection;

/**
 * Batches of numbered tasks, built once and then only patched where items differ; for one thread.
 * Remembers which batches were acknowledged.
 */
public final class TaskRequests implements Requests {
  private static final String PATH = "/api/v1/translation/tasks/batch";
  private static final byte[] BODY_BEGIN = "{\"tasks\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BODY_END = "]}".getBytes(StandardCharsets.US_ASCII);

  private final int items;
  private final int variants;
  private final ItemJson json;
  private final Prepared[][] prepared;
  private final long[] sent;
  private final BitSet accepted = new BitSet();
  private long next;

  /** A request whose items' heads are still to be filled in. */
  private static final class Prepared {
    final ByteBuffer bytes;
    final int[] heads;
    final int bodyLength;

    Prepared(ByteBuffer bytes, int[] heads, int bodyLength) {
      this.bytes = bytes;
      this.heads = heads;
      this.bodyLength = bodyLength;
    }
  }

  /**
   * Prepares the bodies.
   *
   * @param items in a batch: a divisor or a multiple of {@link Template#COUNT}
   * @param lanes how many requests are under way at most
   * @param first number of the first item, a multiple of {@code items}
   */
  public TaskRequests(int items, int lanes, KeySequence keys, long first) {
    if ((Template.COUNT % items != 0 && items % Template.COUNT != 0) || first % items != 0) {
      throw new IllegalArgumentException("batches of " + items + " from " + first);
    }
    this.items = items;
    this.variants = Math.max(1, Template.COUNT / items);
    this.json = new ItemJson(keys);
    this.sent = new long[lanes];
    this.next = first;
    this.prepared = new Prepared[lanes][variants];
    for (int lane = 0; lane < lanes; lane++) {
      for (int variant = 0; variant < variants; variant++) {
        prepared[lane][variant] = prepare(variant * items, items);
      }
    }
  }

  private static Prepared prepare(int firstTemplate, int items) {
    byte[][] tails = new byte[items][];
    int length = BODY_BEGIN.length + BODY_END.length + items - 1;
    for (int i = 0; i < items; i++) {
      tails[i] = ItemJson.tail(firstTemplate + i);
      length += ItemJson.HEAD_LENGTH + tails[i].length;
    }
    byte[] head = Connection.postHead(PATH, "application/json", length);
    ByteBuffer bytes = ByteBuffer.allocateDirect(head.length + length).put(head).put(BODY_BEGIN);
    int[] heads = new int[items];
    for (int i = 0; i < items; i++) {
      if (i > 0) {
        bytes.put((byte) ',');
      }
      heads[i] = bytes.position();
      bytes.position(heads[i] + ItemJson.HEAD_LENGTH).put(tails[i]);
    }
    bytes.put(BODY_END);
    return new Prepared(bytes, heads, length);
  }

  @Override
  public ByteBuffer next(int lane) {
    long first = next;
    next += items;
    sent[lane] = first;
    Prepared request = prepared[lane][(int) (first / items % variants)];
    for (int i = 0; i < items; i++) {
      request.bytes.put(request.heads[i], json.head(first + i));
    }
    return request.bytes.rewind();
  }

  @Override
  public void accepted(int lane) {
    accepted.set(Math.toIntExact(sent[lane] / items));
  }

  @Override
  public int items() {
    return items;
  }

  @Override
  public boolean isGood(int status, boolean bodySaysAccepted) {
    return status == 202 && bodySaysAccepted;
  }

  /** The number after that of the last item that was given out. */
  public long end() {
    return next;
  }

  /** Whether the item with that number was acknowledged. */
  public boolean isAccepted(long number) {
    return accepted.get(Math.toIntExact(number / items));
  }

  /** How many items were acknowledged. */
  public long acceptedItems() {
    return (long) accepted.cardinality() * items;
  }

  /** Mean bytes of a request's body. */
  public int bodyBytes() {
    long sum = 0;
    for (Prepared request : prepared[0]) {
      sum += request.bodyLength;
    }
    return (int) (sum / variants);
  }
}
