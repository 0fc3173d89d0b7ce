package org.larder.buffer;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the buffer is, at one moment.
 *
 * @param ready true once the primary has caught up after the start, or the time for it is over
 * @param pending records acknowledged but not in the primary yet, by collection, every collection
 *     that has been written to since the start
 * @param capacity records at which a drain begins at the latest: the flush size
 * @param lastFlush when the primary last took something; empty if it has not since the start
 * @param acknowledgedItems items acknowledged since the start
 * @param journal figures of the journal
 * @param followers one for each backend that follows
 * @param backends one for each backend that is there
 */
public record BufferStatus(
    boolean ready,
    Map<String, Long> pending,
    int capacity,
    Optional<Instant> lastFlush,
    long acknowledgedItems,
    JournalStatus journal,
    List<FollowerStatus> followers,
    List<BackendStatus> backends) {
  public BufferStatus {
    pending = Map.copyOf(pending);
    followers = List.copyOf(followers);
    backends = List.copyOf(backends);
  }

  /** All pending records. */
  public long pendingTotal() {
    return pending.values().stream().mapToLong(Long::longValue).sum();
  }
}
