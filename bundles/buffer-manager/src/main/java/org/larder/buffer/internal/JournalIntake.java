package org.larder.buffer.internal;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Durability;
import org.larder.buffer.Intake;
import org.larder.buffer.Submission;
import org.larder.journal.Append;
import org.larder.journal.Arrival;
import org.larder.journal.Journal;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;

/** Takes submissions into the journal; free for any thread. */
final class JournalIntake implements Intake {
  /** A force that takes longer than this is a broken disk, not a slow one. */
  private static final Duration FORCE_PATIENCE = Duration.ofSeconds(30);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Journal journal;
  private final Catalogue catalogue;
  private final InFlight inFlight;
  private final NodeClock clock;
  private final PendingCounts pending;
  private final Supplier<Follower> primary;
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean closed;

  JournalIntake(
      Journal journal,
      Catalogue catalogue,
      InFlight inFlight,
      NodeClock clock,
      PendingCounts pending,
      Supplier<Follower> primary) {
    this.journal = journal;
    this.catalogue = catalogue;
    this.inFlight = inFlight;
    this.clock = clock;
    this.pending = pending;
    this.primary = primary;
  }

  @Override
  public Submission begin(String collection, long expectedBytes) {
    if (closed) {
      throw new BufferException(Reason.CLOSED, "The node is stopping", RETRY_AFTER, null);
    }
    CollectionSchema schema =
        catalogue
            .newest(collection)
            .orElseThrow(() -> new NoSuchElementException("No collection " + collection));
    inFlight.take(expectedBytes);
    Arrival arrival = journal.announce();
    return new JournalSubmission(this, schema, arrival, expectedBytes);
  }

  /**
   * Appends frames and waits for the durability wanted.
   *
   * @param lent bytes in flight, given back once the journal has let go of the frames
   */
  Acknowledgement append(
      String collection,
      List<NewFrame> frames,
      int items,
      long lent,
      Arrival arrival,
      Durability wanted,
      Duration patience) {
    // Counted before the follower can see them, so that the count never goes below zero.
    pending.add(collection, items);
    Append append;
    try {
      append = journal.append(0, frames);
    } catch (JournalFullException | JournalFailedException e) {
      pending.add(collection, -items);
      inFlight.give(lent);
      throw refused(e);
    } finally {
      arrival.close();
    }
    String receipt =
        Tokens.encode(
            journal.id(), new Tokens.Stretch(journal.epoch(), 0, append.firstSequence(), items));
    if (wanted == Durability.MEMORY) {
      append.onSettled(() -> settled(append, collection, items, lent));
    } else {
      awaitSynced(append, collection, items, lent);
    }
    acknowledged.add(items);
    Durability reached = wanted;
    if (wanted == Durability.BACKEND && !awaitPrimary(append.endSequence(), patience)) {
      reached = Durability.JOURNAL;
    }
    return new Acknowledgement(receipt, reached, items);
  }

  private void awaitSynced(Append append, String collection, int items, long lent) {
    try {
      append.awaitSynced(FORCE_PATIENCE);
      settled(append, collection, items, lent);
    } catch (JournalFailedException e) {
      settled(append, collection, items, lent);
      throw refused(e);
    } catch (TimeoutException e) {
      append.onSettled(() -> settled(append, collection, items, lent));
      throw new BufferException(
          Reason.JOURNAL_FAILED, "The disk does not answer; send it again", RETRY_AFTER, e);
    } catch (InterruptedException e) {
      append.onSettled(() -> settled(append, collection, items, lent));
      Thread.currentThread().interrupt();
      throw new BufferException(
          Reason.CLOSED, "Interrupted before it was safe; send it again", RETRY_AFTER, e);
    }
  }

  private void settled(Append append, String collection, int items, long lent) {
    inFlight.give(lent);
    if (append.isSynced()) {
      Follower follower = primary.get();
      if (follower != null) {
        follower.appended(append.endSequence());
      }
    } else {
      pending.add(collection, -items);
    }
  }

  private boolean awaitPrimary(long end, Duration patience) {
    Follower follower = primary.get();
    if (follower == null) {
      return false;
    }
    follower.progress().want(end);
    follower.wake();
    try {
      return follower.progress().await(end, patience);
    } catch (InterruptedException e) {
      // The items are safe in the journal: the answer says so.
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static BufferException refused(Exception failure) {
    if (failure instanceof JournalFullException) {
      return new BufferException(
          Reason.FULL,
          "The journal is at its bound, the backend has to catch up first",
          RETRY_AFTER,
          failure);
    }
    boolean diskFull = failure instanceof JournalFailedException failed && failed.diskFull();
    return diskFull
        ? new BufferException(
            Reason.DISK_FULL, "The disk is full; nothing was stored", RETRY_AFTER, failure)
        : new BufferException(
            Reason.JOURNAL_FAILED, "The journal cannot be written", RETRY_AFTER, failure);
  }

  @Override
  public long nowMicros() {
    return clock.nowMicros();
  }

  @Override
  public long nextId() {
    return clock.nextId();
  }

  InFlight inFlight() {
    return inFlight;
  }

  long acknowledged() {
    return acknowledged.sum();
  }

  /** Lets no new submission begin. */
  void close() {
    closed = true;
  }
}
