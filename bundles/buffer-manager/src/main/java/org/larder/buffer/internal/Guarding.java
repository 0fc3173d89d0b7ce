package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.larder.buffer.Guard;
import org.larder.journal.Append;
import org.larder.storage.model.Mutation;

/**
 * What decisions and the writes of guarded collections share: the guards, what is not on the disk
 * yet, the keys lately seen, and how to look at the records as they are. Free for any thread.
 */
final class Guarding implements AutoCloseable {
  private final Guards guards = new Guards();
  private final Unsettled unsettled = new Unsettled();
  private final KnownKeys known;
  private final Questions questions;
  private final CurrentRecords records;

  Guarding(
      Routing routing,
      Flushing flushing,
      KnownKeys known,
      Questions questions,
      RowVersions versions) {
    this.known = known;
    this.questions = questions;
    records = new CurrentRecords(routing, flushing, questions, known, versions);
  }

  Guards guards() {
    return guards;
  }

  /**
   * What has to be waited for before any of these can be decided on; asked by who holds them. What
   * has failed never was: nobody knows of it from here on, though its writer may not have noticed.
   */
  Set<Append> unsettled(Collection<Guard> held) {
    // In this order: what fails in between is waited for.
    Set<Append> open = unsettled.of(held);
    List<Guard> failed = unsettled.failed(held);
    if (!failed.isEmpty()) {
      known.remove(failed);
    }
    return open;
  }

  /** How many records and claims were written and are not on the disk yet. */
  int unsettledCount() {
    return unsettled.size();
  }

  CurrentRecords records() {
    return records;
  }

  /** What to do when an append that holds these is on the disk or has failed. */
  Consumer<Append> settling(Set<Guard> held) {
    return append -> {
      if (!append.isSynced()) {
        known.remove(held);
      }
      unsettled.settled(held, append);
    };
  }

  /** The append has its place in the journal; who wrote it still holds the guards. */
  void sequenced(Set<Guard> held, List<Mutation> written, Append append) {
    List<Guard> there = new ArrayList<>(written.size());
    List<Guard> gone = new ArrayList<>();
    for (Mutation mutation : written) {
      Guard record = Guard.record(mutation.collection(), mutation.key());
      boolean deleted = mutation.kind() == Mutation.Kind.DELETE;
      (deleted ? gone : there).add(record);
    }
    known.add(there);
    known.remove(gone);
    unsettled.mark(held, append);
    if (append.isSynced() || append.failure().isPresent()) {
      // It was faster than this.
      settling(held).accept(append);
    }
  }

  /** Forgets which keys are there: the primary may have lost some. */
  void forget() {
    known.clear();
  }

  /** Sends away who waits for a guard or an answer. */
  @Override
  public void close() {
    guards.close();
    questions.close();
  }
}
