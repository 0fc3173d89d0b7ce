package org.larder.buffer.internal.migrate;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares one collection on two backends, a range of keys after the other. For the migration's
 * thread; the source is read on a thread of its own beside it.
 *
 * <p>Both followers are held at one position for a short while, in which as many ranges are
 * compared as the time allows; then they catch up, and are held further on. What was equal at one
 * position stays equal, since both apply the same journal from there. A target whose scan sees the
 * store as it was when the scan began is let go while it is still being read.
 */
final class Verification {
  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private static final int MOST_TURNS = 5;
  private static final long TICK_NANOS = 5_000_000;

  /** How long the source is read in one go, while its followers wait. */
  private static final Duration HELD = Duration.ofMillis(500);

  /** The same where a scan of the target costs as much wherever it begins. */
  private static final Duration HELD_FOR_SNAPSHOT = Duration.ofSeconds(2);

  /** A follower that is held goes on after this, if what holds it hangs. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  /** What is only slow gets twice as long each time, up to this. */
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(2);

  private final Premises premises;
  private final Side source;
  private final Side target;
  private final CollectionSchema schema;
  private final Executor beside;
  private final BooleanSupplier ended;
  private final Meter meter;
  private String after = "";
  private boolean done;
  private Duration lease = LEASE;

  /** Counts what was found equal, for all collections of a migration; for any thread. */
  static final class Meter {
    private final MessageDigest digest = CanonicalRow.digest();
    private long records;
    private long ranges;
    private long heldNanos;

    synchronized void equal(Range range) {
      records += range.records();
      ranges++;
      digest.update(range.digest().getBytes(StandardCharsets.US_ASCII));
    }

    synchronized void held(long nanos) {
      heldNanos += nanos;
    }

    synchronized long records() {
      return records;
    }

    synchronized long ranges() {
      return ranges;
    }

    synchronized Duration heldFor() {
      return Duration.ofNanos(heldNanos);
    }

    /** SHA-256 over the digests of all ranges; asked once, at the end. */
    synchronized byte[] digest() {
      return digest.digest();
    }
  }

  /**
   * For one collection.
   *
   * @param beside runs what reads the source
   * @param ended true when it is to be given up
   */
  Verification(
      Premises premises,
      Side source,
      Side target,
      CollectionSchema schema,
      Executor beside,
      BooleanSupplier ended,
      Meter meter) {
    this.premises = premises;
    this.source = source;
    this.target = target;
    this.schema = schema;
    this.beside = beside;
    this.ended = ended;
    this.meter = meter;
  }

  /** True when all was compared. */
  boolean isDone() {
    return done;
  }

  /**
   * Compares some ranges more. After a failure it may be called again and goes on behind the last
   * range that was equal.
   *
   * @return a sentence on the first range that differs; empty if none did
   * @throws StorageException if one of the two cannot be read or held now
   */
  Optional<String> step() throws InterruptedException {
    long at = hold();
    Slice slice = new Slice(canSnapshot(), at);
    Range doubtful;
    try {
      doubtful = slice.compare();
    } finally {
      release();
      meter.held(slice.heldNanos());
      catchUp();
    }
    return doubtful == null ? Optional.empty() : lookCloser(doubtful);
  }

  /** Compares a range record by record, at another position: both have moved on meanwhile. */
  private Optional<String> lookCloser(Range range) throws InterruptedException {
    long at = hold();
    long since = System.nanoTime();
    List<String> found;
    try {
      found = source.read(left -> target.read(right -> difference(left, right, range)));
      requireHeld(at);
    } finally {
      release();
      meter.held(System.nanoTime() - since);
      catchUp();
    }
    if (found.isEmpty()) {
      LOG.warn("{} differed for a moment between {} and {}", schema, source.name(), target.name());
      passed(range);
      return Optional.empty();
    }
    return Optional.of(
        target.name()
            + " differs from "
            + source.name()
            + " in "
            + schema.name()
            + (after.isEmpty() ? ", from the beginning" : ", behind key " + after)
            + (range.isLast() ? " to the end: " : " up to key " + range.upTo() + ": ")
            + String.join("; ", found));
  }

  private List<String> difference(StorageBackend left, StorageBackend right, Range range) {
    ScanRequest request = request();
    try (RecordCursor had = left.scan(request);
        RecordCursor got = right.scan(request)) {
      return Difference.find(schema, had, got, range.upTo());
    }
  }

  private void passed(Range range) {
    meter.equal(range);
    after = range.upTo();
    done = range.isLast();
  }

  private boolean canSnapshot() {
    return target
        .descriptor()
        .map(known -> known.capabilities().contains(Capability.SNAPSHOT_SCAN))
        .orElse(false);
  }

  /**
   * Brings both to one position. The target comes first: as long as it is in trouble, the source
   * waits for nothing.
   */
  private long hold() throws InterruptedException {
    boolean held = false;
    try {
      long right = hold(target, target.reached());
      long left = hold(source, Math.max(right, source.reached()));
      // One of them may stand amid a frame that the other takes as a whole.
      for (int i = 0; left != right && i < MOST_TURNS; i++) {
        if (right < left) {
          right = hold(target, left);
        } else {
          left = hold(source, right);
        }
      }
      if (left != right) {
        throw notHeld(target);
      }
      held = true;
      return left;
    } finally {
      if (!held) {
        release();
      }
    }
  }

  private long hold(Side side, long position) throws InterruptedException {
    side.holdAt(Math.max(0, position), lease);
    long at = side.awaitHeld(PATIENCE);
    if (at < 0) {
      throw notHeld(side);
    }
    return at;
  }

  private static StorageException notHeld(Side side) {
    return new StorageException(
        RETRY,
        "NOT_HELD",
        side.name()
            + " did not come to a stand at one place of the journal with the other"
            + side.trouble().map(trouble -> ": " + trouble.message()).orElse(""));
  }

  /** What was read is believed only if neither has moved meanwhile. */
  private void requireHeld(long at) {
    if (!source.isHeldAt(at) || !target.isHeldAt(at)) {
      Duration twice = lease.multipliedBy(2);
      lease = twice.compareTo(LONGEST_LEASE) < 0 ? twice : LONGEST_LEASE;
      throw new StorageException(
          RETRY,
          "NOT_HELD",
          "A backend was exchanged while it was compared, or reading took too long");
    }
  }

  private void release() {
    source.release();
    target.release();
  }

  /** Gives those who wait for the backends their turn. */
  private void catchUp() throws InterruptedException {
    long goal = premises.syncedEnd();
    long until = System.nanoTime() + CATCH_UP.toNanos();
    while (!ended.getAsBoolean()
        && System.nanoTime() < until
        && (source.reached() < goal || target.reached() < goal)) {
      LockSupport.parkNanos(this, TICK_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private ScanRequest request() {
    return after.isEmpty() ? ScanRequest.all(schema) : ScanRequest.after(schema, after);
  }

  /** What is compared in one go. */
  private final class Slice {
    private final boolean snapshot;
    private final long at;
    private final String from = after;
    private final ScanRequest request = request();
    private final BlockingQueue<Optional<Range>> ranges = new LinkedBlockingQueue<>();
    private final long sinceNanos = System.nanoTime();
    private volatile boolean abandoned;
    private long untilNanos;

    Slice(boolean snapshot, long at) {
      this.snapshot = snapshot;
      this.at = at;
    }

    long heldNanos() {
      return (snapshot && untilNanos > 0 ? untilNanos : System.nanoTime()) - sinceNanos;
    }

    /** Returns the first range that differs, or null. */
    Range compare() {
      CompletableFuture<Void> reading =
          snapshot
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.runAsync(this::readSource, beside);
      Range doubtful;
      try {
        doubtful = target.read(this::compareWith);
      } finally {
        abandoned = true;
        join(reading);
      }
      return doubtful;
    }

    private static void join(CompletableFuture<Void> reading) {
      try {
        reading.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof StorageException known) {
          throw new StorageException(known.severity(), known.code(), known.getMessage(), known);
        }
        throw e;
      }
    }

    private void readSource() {
      long until = System.nanoTime() + (snapshot ? HELD_FOR_SNAPSHOT : HELD).toNanos();
      try {
        source.<Void>read(
            store -> {
              try (RecordCursor cursor = store.scan(request)) {
                Range.Reader reader = new Range.Reader(cursor, schema, from);
                Range range;
                do {
                  range = reader.next();
                  ranges.add(Optional.of(range));
                } while (!range.isLast()
                    && !abandoned
                    && !ended.getAsBoolean()
                    && System.nanoTime() < until);
              }
              return null;
            });
      } finally {
        ranges.add(Optional.empty());
      }
    }

    private Range compareWith(StorageBackend store) {
      try (RecordCursor cursor = store.scan(request)) {
        if (snapshot) {
          readSource();
          requireHeld(at);
          release();
          untilNanos = System.nanoTime();
        }
        Range.Reader reader = new Range.Reader(cursor, schema, from);
        Range wanted = take();
        while (wanted != null) {
          boolean equal = wanted.equalsIn(reader.like(wanted));
          if (!snapshot) {
            requireHeld(at);
          }
          if (!equal) {
            return wanted;
          }
          passed(wanted);
          wanted = isOver() ? null : take();
        }
        return null;
      }
    }

    /** True if both were held so long that the rest has to wait, whichever is slow to be read. */
    private boolean isOver() {
      return !snapshot && heldNanos() > HELD.toNanos();
    }

    /** What the source has next; null when it was read as far as it is now. */
    private Range take() {
      try {
        return ranges.take().orElse(null);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StorageException(RETRY, "INTERRUPTED", "Comparing was interrupted", e);
      }
    }
  }
}
