package org.larder.journal.internal;

import java.util.Arrays;

/**
 * Where in a segment a sequence is to be looked for: a group for each 64 KiB. One thread adds, any
 * number look things up meanwhile.
 */
public final class SparseIndex {
  private static final int STRIDE_BYTES = 64 << 10;
  private static final int PAIR = 2;

  private volatile long[] pairs = new long[0];

  /** Notes the group if the last one noted is far enough away. */
  void add(long sequence, long offset) {
    long[] old = pairs;
    if (old.length > 0 && offset < old[old.length - 1] + STRIDE_BYTES) {
      return;
    }
    long[] grown = Arrays.copyOf(old, old.length + PAIR);
    grown[old.length] = sequence;
    grown[old.length + 1] = offset;
    pairs = grown;
  }

  /** Offset of a group at or before the one that holds the sequence. */
  long offsetFor(long sequence) {
    long[] known = pairs;
    int low = 0;
    int high = known.length / PAIR - 1;
    long offset = Layout.SEGMENT_HEADER_BYTES;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (known[middle * PAIR] <= sequence) {
        offset = known[middle * PAIR + 1];
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return offset;
  }
}
