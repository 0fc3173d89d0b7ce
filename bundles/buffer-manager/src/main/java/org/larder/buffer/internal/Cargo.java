package org.larder.buffer.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.larder.journal.Append;
import org.larder.journal.NewFrame;

/**
 * What one append takes into the journal.
 *
 * @param frames at least one
 * @param counts items by collection
 * @param items of all collections
 * @param lentBytes in flight, given back once the journal has let go of the frames
 * @param settled told, on any thread, when they are on the disk or have failed; does not block
 */
record Cargo(
    List<NewFrame> frames,
    Map<String, Integer> counts,
    int items,
    long lentBytes,
    Consumer<Append> settled) {
  /** A collection of the items; where there are several, one primary has all of them. */
  String collection() {
    return counts.keySet().iterator().next();
  }

  /** Items that nobody waits for but who sent them. */
  static Cargo plain(List<NewFrame> frames, String collection, int items, long lentBytes) {
    return new Cargo(frames, Map.of(collection, items), items, lentBytes, append -> {});
  }
}
