package org.larder.buffer.internal;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
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
  private final Routing routing;
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean closed;

  JournalIntake(
      Journal journal, Catalogue catalogue, InFlight inFlight, NodeClock clock, Routing routing) {
    this.journal = journal;
    this.catalogue = catalogue;
    this.inFlight = inFlight;
    this.clock = clock;
    this.routing = routing;
  }

  @Override
  public Submission begin(String collection, long expectedBytes) {
    requireOpen();
    CollectionSchema schema =
        catalogue
            .newest(collection)
            .orElseThrow(() -> new NoSuchElementException("No collection " + collection));
    long expected = Math.max(0, expectedBytes);
    inFlight.take(expected, 0);
    return new JournalSubmission(this, schema, journal.announce(), expected);
  }

  private void requireOpen() {
    if (closed) {
      throw new BufferException(Reason.CLOSED, "The node is stopping", RETRY_AFTER, null);
    }
  }

  /**
   * Appends frames and waits for the durability wanted.
   *
   * @param lent bytes in flight, given back once the journal has let go of the frames, also when
   *     this fails
   */
  Acknowledgement append(
      String collection,
      List<NewFrame> frames,
      int items,
      long lent,
      Arrival arrival,
      Durability wanted,
      Duration patience) {
    Append append = begin(collection, frames, items, lent, arrival);
    if (wanted == Durability.MEMORY) {
      append.onSettled(() -> settled(append, collection, items, lent));
    } else {
      awaitSynced(append, collection, items, lent);
    }
    acknowledged.add(items);
    Durability reached = wanted;
    if (wanted == Durability.BACKEND && !isInPrimary(collection, append, patience)) {
      reached = Durability.JOURNAL;
    }
    String receipt =
        Tokens.encode(
            journal.id(),
            new Tokens.Stretch(
                journal.epoch(), 0, append.firstSequence(), items, Tokens.hash(collection)));
    return new Acknowledgement(receipt, reached, items);
  }

  private Append begin(
      String collection, List<NewFrame> frames, int items, long lent, Arrival arrival) {
    boolean queued = false;
    try {
      requireOpen();
      Append append = journal.append(0, frames);
      queued = true;
      routing.followers().added(collection, append, items);
      return append;
    } catch (JournalFullException | JournalFailedException e) {
      throw refused(e);
    } finally {
      arrival.close();
      if (!queued) {
        inFlight.give(lent);
      }
    }
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
      routing.followers().appended(append.endSequence());
    } else {
      routing.followers().added(collection, append, -items);
    }
  }

  private boolean isInPrimary(String collection, Append append, Duration patience) {
    Follower follower = routing.primaryOf(collection);
    long end = append.endSequence();
    follower.progress().want(end);
    follower.wake();
    try {
      return follower.progress().await(end, patience)
          && !follower.deadLetters().lacks(append.firstSequence(), end);
    } catch (InterruptedException e) {
      // The items are safe in the journal: the answer says so.
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static BufferException refused(Exception failure) {
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
