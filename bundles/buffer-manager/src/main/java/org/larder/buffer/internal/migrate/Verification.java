package org.larder.buffer.internal.migrate;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
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
 * thread, which waits while the two are read on threads beside it, and leaves them alone if they
 * hang when the comparison is given up.
 *
 * <p>Both followers are held at one position for a short while, in which as many ranges are
 * compared as the time allows; then they catch up, and are held further on. What was equal at one
 * position stays equal, since both apply the same journal from there. A target whose scan sees the
 * store as it was when the scan began is let go while it is still being read.
 */
final class Verification {
  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
  private static final Duration CATCH_UP = Duration.ofSeconds(5);
  private static final long TICK_NANOS = 5_000_000;

  /** How long the source is read in one go, while its followers wait. */
  private static final Duration HELD = Duration.ofMillis(500);

  /** The same where a scan of the target costs as much wherever it begins. */
  private static final Duration HELD_FOR_SNAPSHOT = Duration.ofSeconds(2);

  private final Premises premises;
  private final Side source;
  private final Side target;
  private final HeldPair both;
  private final CollectionSchema schema;
  private final Beside beside;
  private final BooleanSupplier ended;
  private final Meter meter;
  private String after = "";
  private boolean done;

  /**
   * For one collection.
   *
   * @param beside reads the two
   * @param ended true when it is to be given up
   */
  Verification(
      Premises premises,
      Side source,
      Side target,
      CollectionSchema schema,
      Beside beside,
      BooleanSupplier ended,
      Meter meter) {
    this.premises = premises;
    this.source = source;
    this.target = target;
    both = new HeldPair(source, target);
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
    long at = both.hold();
    Slice slice = new Slice(canSnapshot(), at);
    Optional<Range> doubtful;
    try {
      doubtful = beside.await(beside.begin(slice::compare));
    } finally {
      both.release();
      meter.held(slice.heldNanos());
      catchUp();
    }
    return doubtful.isEmpty() ? Optional.empty() : lookCloser(doubtful.get());
  }

  /** Compares a range record by record, at another position: both have moved on meanwhile. */
  private Optional<String> lookCloser(Range range) throws InterruptedException {
    long at = both.hold();
    long since = System.nanoTime();
    Optional<List<String>> answer;
    try {
      answer = beside.await(beside.begin(() -> Optional.of(differences(range))));
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      both.requireHeld(at);
    } finally {
      both.release();
      meter.held(System.nanoTime() - since);
      catchUp();
    }
    List<String> found = answer.get();
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

  private List<String> differences(Range range) {
    return source.read(left -> target.read(right -> differences(left, right, range)));
  }

  private List<String> differences(StorageBackend left, StorageBackend right, Range range) {
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
    private volatile long untilNanos;

    Slice(boolean snapshot, long at) {
      this.snapshot = snapshot;
      this.at = at;
    }

    long heldNanos() {
      return (snapshot && untilNanos > 0 ? untilNanos : System.nanoTime()) - sinceNanos;
    }

    /** Returns the first range that differs. */
    Optional<Range> compare() throws InterruptedException {
      if (snapshot) {
        return Optional.ofNullable(target.read(this::compareWith));
      }
      FutureTask<Optional<Range>> reading =
          beside.begin(
              () -> {
                readSource();
                return Optional.empty();
              });
      Range doubtful;
      try {
        doubtful = target.read(this::compareWith);
      } finally {
        abandoned = true;
        beside.await(reading);
      }
      return Optional.ofNullable(doubtful);
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
          if (ended.getAsBoolean()) {
            // It was left alone: the two may be held for another comparison by now.
            return null;
          }
          both.requireHeld(at);
          both.release();
          untilNanos = System.nanoTime();
        }
        Range.Reader reader = new Range.Reader(cursor, schema, from);
        Range wanted = take();
        while (wanted != null) {
          boolean equal = wanted.equalsIn(reader.like(wanted));
          if (!snapshot) {
            both.requireHeld(at);
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
