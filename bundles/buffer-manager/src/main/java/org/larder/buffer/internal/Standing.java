package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.larder.journal.Journal;
import org.larder.journal.JournalStats;
import org.larder.storage.model.Mutation;

/**
 * Where a follower stands: brings what is counted, what is kept of the journal and what others wait
 * for into line with what its store says. For the follower's thread, save for {@link #durable}.
 */
final class Standing {
  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** When the journal fills up, this often: what is not synced cannot be deleted. */
  private static final long URGENT_SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long SYNC_AFTER_ITEMS = 100_000;

  private final String follower;
  private final Journal journal;
  private final long beganAt;
  private final Progress progress;
  private final PendingCounts pending;
  private volatile long durable = -1;
  private long lastSyncNanos = System.nanoTime();

  /**
   * Of one follower.
   *
   * @param beganAt up to here the journal has to be counted; later records are when they come in
   */
  Standing(
      String follower, Journal journal, long beganAt, Progress progress, PendingCounts pending) {
    this.follower = follower;
    this.journal = journal;
    this.beganAt = beganAt;
    this.progress = progress;
    this.pending = pending;
  }

  /** Up to here the journal had to be counted. */
  long beganAt() {
    return beganAt;
  }

  /**
   * The sequences up to there are known to hold nothing; a hold that came just now may lie before
   * what was reached.
   */
  void nothingIsUpTo(long end) {
    progress.moveTo(Math.max(end, progress.reached()));
  }

  /** What of a stretch goes elsewhere has been passed over. */
  void skipped(Stretch stretch) {
    stretch.skipped().forEach((collection, records) -> pending.add(collection, -records));
  }

  /** The journal is kept from here on; −1 before the store was met. */
  long durable() {
    return durable;
  }

  /**
   * The store stands at that position. It may have gone forward without us, when an answer was
   * lost, or back, when an older copy took its place.
   *
   * @return how many records lie before it, counted at the first meeting only; else −1
   */
  long met(long position) throws IOException {
    long kept = journal.retained().getOrDefault(follower, Long.MAX_VALUE);
    if (position < kept) {
      journal.retain(follower, position);
      kept = position;
    }
    durable = Math.min(kept, position);
    long before = progress.reached();
    long known = before < 0 ? beganAt : before;
    if (position < known) {
      Map<String, Long> found = new TreeMap<>();
      Backlog.read(
          journal,
          position,
          known,
          (runs, to) -> runs.forEach(run -> found.merge(run.collection(), run.size(), Long::sum)));
      found.forEach(pending::add);
      progress.moveTo(position);
      return before < 0 ? found.values().stream().mapToLong(Long::longValue).sum() : -1;
    }
    if (before >= 0) {
      Backlog.read(
          journal,
          before,
          position,
          (runs, to) -> {
            pending.remove(runs);
            progress.pass(runs, to);
          });
    }
    progress.moveTo(position);
    return before < 0 ? 0 : -1;
  }

  /** The backend has taken a stretch, but for its dead letters. */
  void passed(Stretch part, DeadLetterLog deadLetters) {
    List<Progress.Run> runs = new ArrayList<>(part.units().size());
    boolean concerned = deadLetters.concerns(part.from(), part.to());
    for (Stretch.Unit unit : part.units()) {
      List<Mutation> rest = unit.items();
      while (!rest.isEmpty()) {
        List<Mutation> items = rest.subList(0, ofOneCollection(rest));
        rest = rest.subList(items.size(), rest.size());
        long dead = concerned ? items.stream().filter(deadLetters::contains).count() : 0;
        Mutation first = items.get(0);
        runs.add(
            new Progress.Run(
                first.collection(),
                first.sequence(),
                first.sequence() + items.size(),
                (int) (items.size() - dead)));
      }
    }
    pending.remove(runs);
    progress.pass(runs, part.to());
  }

  /** How many of the items are of the first's collection: an atomic frame has one after another. */
  private static int ofOneCollection(List<Mutation> items) {
    String collection = items.get(0).collection();
    int end = items.size();
    while (!items.get(end - 1).collection().equals(collection)) {
      end--;
    }
    return end;
  }

  /** Lets the backend make durable what it has, if it is time, so that the journal can shrink. */
  void syncIfDue(BackendHandle backend, Duration timeout) throws InterruptedException, IOException {
    long behind = progress.reached() - durable;
    long nanos = System.nanoTime() - lastSyncNanos;
    boolean due =
        behind >= SYNC_AFTER_ITEMS
            || (behind > 0 && nanos > SYNC_NANOS)
            || (behind > 0 && nanos > URGENT_SYNC_NANOS && isFillingUp());
    if (due) {
      lastSyncNanos = System.nanoTime();
      durable = backend.call(timeout, store -> store.sync(follower, 0)).sequence();
      journal.retain(follower, durable);
    }
  }

  private boolean isFillingUp() {
    JournalStats stats = journal.stats();
    return stats.liveBytes() > stats.maxBytes() / 2;
  }
}
