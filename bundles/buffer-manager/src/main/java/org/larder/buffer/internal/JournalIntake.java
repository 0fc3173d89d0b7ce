package org.larder.buffer.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Decided;
import org.larder.buffer.Decision;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.buffer.Intake;
import org.larder.buffer.Outcome;
import org.larder.buffer.Submission;
import org.larder.journal.Append;
import org.larder.journal.Arrival;
import org.larder.journal.Journal;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;

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
  private final Guarding guarding;
  private final Admission admission;
  private final Decisions decisions;
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean closed;

  JournalIntake(
      Journal journal,
      Catalogue catalogue,
      InFlight inFlight,
      NodeClock clock,
      Routing routing,
      Guarding guarding) {
    this.journal = journal;
    this.catalogue = catalogue;
    this.inFlight = inFlight;
    this.clock = clock;
    this.routing = routing;
    this.guarding = guarding;
    admission = new Admission(this, guarding);
    decisions = new Decisions(this, catalogue, routing, guarding);
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
    return new JournalSubmission(this, admission, schema, journal.announce(), expected);
  }

  @Override
  public <R> Decided<R> decide(
      Collection<Guard> guards, Durability wanted, Duration patience, Decision<R> decision)
      throws InvalidRowException {
    return decisions.decide(guards, wanted, patience, decision);
  }

  void requireOpen() {
    if (closed) {
      throw new BufferException(Reason.CLOSED, "The node is stopping", RETRY_AFTER, null);
    }
  }

  /**
   * Appends what hangs on nothing else, and waits for the durability wanted. What was lent is given
   * back once the journal has let go of the frames, also when this fails.
   */
  Acknowledgement append(
      Cargo cargo, Arrival arrival, List<Outcome> outcomes, Durability wanted, Duration patience) {
    Append append = null;
    try {
      append = queue(cargo, arrival);
    } finally {
      if (append == null) {
        inFlight.give(cargo.lentBytes());
      }
    }
    return finish(append, cargo, outcomes, wanted, patience);
  }

  /** Gives the cargo its place in the journal; what was lent for it is kept until it settles. */
  Append queue(Cargo cargo, Arrival arrival) {
    try {
      requireOpen();
      Append append = journal.append(0, cargo.frames());
      count(append, cargo, 1);
      return append;
    } catch (JournalFullException | JournalFailedException e) {
      throw refused(e);
    } finally {
      arrival.close();
    }
  }

  private void count(Append append, Cargo cargo, int sign) {
    cargo
        .counts()
        .forEach(
            (collection, items) -> routing.followers().added(collection, append, sign * items));
  }

  /** Waits until what has its place is as durable as wanted. */
  Acknowledgement finish(
      Append append, Cargo cargo, List<Outcome> outcomes, Durability wanted, Duration patience) {
    if (wanted == Durability.MEMORY) {
      append.onSettled(() -> settled(append, cargo));
    } else {
      awaitSynced(append, cargo);
    }
    acknowledged.add(cargo.items());
    Durability reached = wanted;
    if (wanted == Durability.BACKEND && !isInPrimary(cargo, append, patience)) {
      reached = Durability.JOURNAL;
    }
    String receipt =
        Tokens.encode(
            journal.id(),
            new Tokens.Stretch(
                journal.epoch(),
                0,
                append.firstSequence(),
                cargo.items(),
                Tokens.hash(cargo.collection())));
    return new Acknowledgement(receipt, reached, cargo.items(), outcomes);
  }

  private void awaitSynced(Append append, Cargo cargo) {
    try {
      append.awaitSynced(FORCE_PATIENCE);
      settled(append, cargo);
    } catch (JournalFailedException e) {
      settled(append, cargo);
      throw refused(e);
    } catch (TimeoutException e) {
      append.onSettled(() -> settled(append, cargo));
      throw new BufferException(
          Reason.JOURNAL_FAILED, "The disk does not answer; send it again", RETRY_AFTER, e);
    } catch (InterruptedException e) {
      append.onSettled(() -> settled(append, cargo));
      Thread.currentThread().interrupt();
      throw new BufferException(
          Reason.CLOSED, "Interrupted before it was safe; send it again", RETRY_AFTER, e);
    }
  }

  private void settled(Append append, Cargo cargo) {
    inFlight.give(cargo.lentBytes());
    if (append.isSynced()) {
      routing.followers().appended(append.endSequence());
    } else {
      count(append, cargo, -1);
    }
    cargo.settled().accept(append);
  }

  private boolean isInPrimary(Cargo cargo, Append append, Duration patience) {
    Follower follower = routing.primaryOf(cargo.collection());
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

  /** Lets no new submission begin, and nothing be decided any more. */
  void close() {
    closed = true;
    guarding.close();
  }
}
