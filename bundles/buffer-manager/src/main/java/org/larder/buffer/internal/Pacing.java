package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.larder.journal.Journal;

/**
 * Says when a drain is due and how much it takes. The follower's thread asks and parks here; those
 * who append wake it if there is need.
 */
final class Pacing {
  private static final Duration IDLE_PARK = Duration.ofSeconds(1);

  /** Batches in a row that are in in time before larger ones are tried: a failure costs more. */
  private static final int IN_TIME_BEFORE_GROWTH = 8;

  private final Journal journal;
  private final Progress progress;
  private final Supplier<Pace> paces;
  private final Thread thread;
  private final Hold hold;
  private final Ages ages = new Ages();
  private volatile boolean idle;
  private volatile boolean gathering;
  private volatile Pace pace;
  private boolean cutShort;
  private long waitingSinceNanos;
  private int batchItems;
  private int mostItems = Integer.MAX_VALUE;
  private int inTime;

  Pacing(Journal journal, Progress progress, Supplier<Pace> paces, Thread thread, Hold hold) {
    this.hold = hold;
    this.journal = journal;
    this.progress = progress;
    this.paces = paces;
    this.thread = thread;
  }

  /** Something was synced up to there: wakes the follower if that is what it waits for. */
  void appended(long end) {
    ages.note(end, System.nanoTime());
    boolean enough = gathering && end - progress.reached() >= pace.records();
    if (idle || enough) {
      LockSupport.unpark(thread);
    }
  }

  /** How long the oldest record beyond that sequence has waited, to a quarter of a second. */
  Duration oldest(long reached) {
    return ages.oldest(reached, System.nanoTime());
  }

  /** True if a drain has to begin now; otherwise parks until that may have changed. */
  boolean isDue() {
    if (isDueNow()) {
      return true;
    }
    if (waitingSinceNanos == 0) {
      idle = true;
      // Again, for what came before the flag could be seen.
      if (!isBehind()) {
        LockSupport.parkNanos(this, IDLE_PARK.toNanos());
      }
      idle = false;
      return false;
    }
    long left = pace.interval().toNanos() - (System.nanoTime() - waitingSinceNanos);
    gathering = true;
    if (!isEnough()) {
      // Not for too long: how much there is in bytes nobody is woken for.
      LockSupport.parkNanos(this, Math.min(left, IDLE_PARK.toNanos()));
    }
    gathering = false;
    return false;
  }

  /** The same, but never parks: for a follower that has something else to do meanwhile. */
  boolean isDueNow() {
    pace = paces.get();
    if (!isBehind()) {
      waitingSinceNanos = 0;
      return false;
    }
    if (waitingSinceNanos == 0) {
      waitingSinceNanos = System.nanoTime();
    }
    long waited = System.nanoTime() - waitingSinceNanos;
    return cutShort || waited >= pace.interval().toNanos() || isEnough();
  }

  private boolean isBehind() {
    return Math.min(journal.syncedEnd(0), hold.limit()) > progress.reached();
  }

  private boolean isEnough() {
    long reached = progress.reached();
    long waiting = journal.syncedEnd(0) - reached;
    return waiting >= pace.records()
        || progress.wanted() > reached
        || bytes(waiting) >= StretchReader.STRETCH_BYTES;
  }

  /**
   * About as many bytes as so many records have, going by all that the journal holds. It says when
   * to begin, and may be wrong where records have become larger or smaller: what waits does so in
   * the journal, and how much of it is in memory the reader bounds, by what it has read.
   */
  private double bytes(long records) {
    long held = journal.end(0) - journal.start(0);
    return held <= 0 ? 0 : (double) journal.stats().liveBytes() * records / held;
  }

  /** Nothing from here on is to be applied for now. */
  long limit() {
    return hold.limit();
  }

  /** How many items the next batch aims for. */
  int batchItems() {
    return Math.min(mostItems, Math.max(batchItems, paces.get().records()));
  }

  /** How many items it may have at all. */
  int mostItems() {
    return mostItems;
  }

  /** A batch of so many items did not get in in time: the next has half as many. */
  void ranOutOfTime(int items) {
    if (items > 0) {
      mostItems = Math.max(1, Math.min(items, mostItems) / 2);
      inTime = 0;
    }
  }

  /** The journal held records up to there already. */
  void opened(long end) {
    if (end > progress.reached()) {
      ages.note(end, System.nanoTime());
    }
  }

  /**
   * A batch is in: the next is larger if more is waiting than this one took.
   *
   * @param cut true if it had to end before it had as many as it aimed for; the rest has waited
   */
  void drained(boolean cut) {
    cutShort = cut || mostItems < Integer.MAX_VALUE;
    ages.oldest(progress.reached(), System.nanoTime());
    Pace now = paces.get();
    int aimed = Math.max(batchItems, now.records());
    boolean behind = journal.syncedEnd(0) - progress.reached() >= aimed;
    batchItems = behind ? Math.min(aimed * 2, now.mostRecords()) : now.records();
    dareMore(now);
    waitingSinceNanos = isBehind() ? System.nanoTime() : 0;
  }

  private void dareMore(Pace now) {
    if (mostItems < Integer.MAX_VALUE && ++inTime >= IN_TIME_BEFORE_GROWTH) {
      mostItems = mostItems < now.mostRecords() ? mostItems * 2 : Integer.MAX_VALUE;
      inTime = 0;
    }
  }

  /**
   * When a drain begins.
   *
   * @param records so many make it begin, and it aims for at least so many
   * @param mostRecords what batches grow to while more is waiting than they take
   * @param interval no record waits longer
   */
  record Pace(int records, int mostRecords, Duration interval) {}

  /** When what was appended, in steps; free for any thread. */
  private static final class Ages {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int MOST_STEPS = 4_096;

    private final ArrayDeque<Step> steps = new ArrayDeque<>();

    /** What was appended at that time or up to a step later, and is not in an earlier step. */
    private record Step(long end, long nanos) {}

    synchronized void note(long end, long nanos) {
      Step last = steps.peekLast();
      boolean joins =
          last != null && (nanos - last.nanos() < STEP_NANOS || steps.size() == MOST_STEPS);
      if (joins) {
        steps.removeLast();
        steps.add(new Step(Math.max(end, last.end()), last.nanos()));
      } else {
        steps.add(new Step(end, nanos));
      }
    }

    synchronized Duration oldest(long reached, long nanos) {
      Step first = steps.peek();
      while (first != null && first.end() <= reached) {
        steps.poll();
        first = steps.peek();
      }
      return first == null ? Duration.ZERO : Duration.ofNanos(nanos - first.nanos());
    }
  }
}
