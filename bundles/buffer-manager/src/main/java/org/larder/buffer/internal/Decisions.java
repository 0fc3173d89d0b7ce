package org.larder.buffer.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Decided;
import org.larder.buffer.Decision;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.journal.Append;
import org.larder.storage.model.InvalidRowException;

/**
 * Makes decisions: takes their guards, lets them look and write, appends what they wrote as one
 * frame, and lets go before it is on the disk. Free for any thread.
 */
final class Decisions {
  private final JournalIntake intake;
  private final Catalogue catalogue;
  private final Routing routing;
  private final Guarding guarding;

  Decisions(JournalIntake intake, Catalogue catalogue, Routing routing, Guarding guarding) {
    this.intake = intake;
    this.catalogue = catalogue;
    this.routing = routing;
    this.guarding = guarding;
  }

  /** A decision that has its place in the journal; without an append if it wrote nothing. */
  private record Placed<R>(R result, Append append, Cargo cargo, List<Long> places) {}

  /** As {@link org.larder.buffer.Intake#decide} says. */
  <R> Decided<R> decide(
      Collection<Guard> guards, Durability wanted, Duration patience, Decision<R> decision)
      throws InvalidRowException {
    long deadline = System.nanoTime() + patience.toNanos();
    Set<Guard> held = new LinkedHashSet<>(guards);
    Placed<R> placed = null;
    while (placed == null) {
      intake.requireOpen();
      Set<Append> unsettled;
      Guards.Held turn = guarding.guards().take(held, deadline);
      try {
        unsettled = guarding.unsettled(held);
        if (unsettled.isEmpty()) {
          placed = attempt(held, deadline, decision);
        }
      } finally {
        turn.release();
      }
      Unsettled.await(unsettled, deadline);
      if (placed == null && System.nanoTime() - deadline >= 0) {
        throw Guards.undecided("The time was over before all was held that the decision names");
      }
    }
    if (placed.append() == null) {
      return new Decided<>(placed.result(), new Acknowledgement("", wanted, 0), List.of());
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    Acknowledgement acknowledgement =
        intake.finish(placed.append(), placed.cargo(), List.of(), wanted, left);
    long first = placed.append().firstSequence();
    List<Long> versions = placed.places().stream().map(place -> first + place).toList();
    return new Decided<>(placed.result(), acknowledgement, versions);
  }

  /** Decides while all is held; null if it needs more, which is among the held then. */
  private <R> Placed<R> attempt(Set<Guard> held, long deadline, Decision<R> decision)
      throws InvalidRowException {
    GuardedDraft draft = new GuardedDraft(held, catalogue, guarding.records(), deadline);
    R result;
    try {
      result = decision.decide(draft);
    } catch (RuntimeException | InvalidRowException e) {
      if (draft.lacking().isEmpty()) {
        throw e;
      }
      result = null;
    } finally {
      draft.end();
    }
    if (!draft.lacking().isEmpty()) {
      held.addAll(draft.lacking());
      return null;
    }
    intake.requireOpen();
    return draft.isEmpty()
        ? new Placed<>(result, null, null, List.of())
        : place(result, draft, held);
  }

  private <R> Placed<R> place(R result, GuardedDraft draft, Set<Guard> held) {
    Cargo cargo = draft.cargo(guarding.settling(held));
    routing.requireOnePrimary(cargo.counts().keySet());
    intake.inFlight().take(cargo.lentBytes(), 0);
    Append append = null;
    try {
      append = intake.queue(cargo, Admission.ARRIVED);
    } finally {
      if (append == null) {
        intake.inFlight().give(cargo.lentBytes());
      }
    }
    guarding.sequenced(held, draft.written(), append);
    return new Placed<>(result, append, cargo, draft.places());
  }
}
