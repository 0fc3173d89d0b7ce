package org.larder.buffer.internal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many records of each collection are on their way to the primary: counted up where they are
 * taken in, down where they are committed. Free for any thread.
 */
final class PendingCounts {
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

  void add(String collection, long records) {
    counts.computeIfAbsent(collection, any -> new AtomicLong()).addAndGet(records);
  }

  /** These are pending no more, whether the backend took all of them or not. */
  void remove(List<Progress.Run> runs) {
    runs.forEach(run -> add(run.collection(), -run.size()));
  }

  /** Begins anew, for another primary. */
  void reset() {
    counts.values().forEach(count -> count.set(0));
  }

  /** The counts as they are now, none below zero. */
  Map<String, Long> snapshot() {
    Map<String, Long> snapshot = new TreeMap<>();
    counts.forEach((collection, count) -> snapshot.put(collection, Math.max(0, count.get())));
    return snapshot;
  }
}
