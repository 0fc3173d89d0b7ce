package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.buffer.Outcome;
import org.larder.journal.Append;
import org.larder.journal.Arrival;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;

/**
 * Lets submissions of guarded collections in: each takes its turn with the decisions about its
 * records, and its inserts learn whether their keys are free. Free for any thread.
 */
final class Admission {
  /** How long a submission waits for its turn. */
  private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long the primary may think about inserts. */
  private static final long QUESTION_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The arrival of those that were expected long ago. */
  static final Arrival ARRIVED = () -> {};

  private final JournalIntake intake;
  private final Guarding guarding;

  Admission(JournalIntake intake, Guarding guarding) {
    this.intake = intake;
    this.guarding = guarding;
  }

  /** The outcomes of items that nobody looked for; none without inserts. */
  static List<Outcome> unchecked(int size, BitSet inserts) {
    if (inserts == null) {
      return List.of();
    }
    List<Outcome> outcomes = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      outcomes.add(inserts.get(i) ? Outcome.UNCHECKED : Outcome.TAKEN);
    }
    return outcomes;
  }

  /** What is in the journal now; without an append if all were duplicates. */
  private record Admitted(Append append, Cargo cargo, List<Outcome> outcomes) {}

  /**
   * Appends items of one guarded collection.
   *
   * @param inserts places of the inserts among the items; null if there are none
   * @param lent bytes in flight, given back in any case
   */
  Acknowledgement commit(
      List<FramePayload> payloads,
      BitSet inserts,
      long lent,
      Durability wanted,
      Duration patience) {
    Admitted admitted = null;
    try {
      admitted = admit(payloads, inserts, lent);
    } finally {
      if (admitted == null || admitted.append() == null) {
        intake.inFlight().give(lent);
      }
    }
    if (admitted.append() == null) {
      return new Acknowledgement("", wanted, 0, admitted.outcomes());
    }
    return intake.finish(
        admitted.append(), admitted.cargo(), admitted.outcomes(), wanted, patience);
  }

  private Admitted admit(List<FramePayload> payloads, BitSet inserts, long lent) {
    long deadline = System.nanoTime() + TURN_NANOS;
    List<Mutation> items = items(payloads, 0);
    CollectionSchema schema = payloads.get(0).schema();
    Set<Guard> held = new LinkedHashSet<>();
    Set<Guard> inserted = new LinkedHashSet<>();
    for (int i = 0; i < items.size(); i++) {
      Guard record = Guard.record(schema.name(), items.get(i).key());
      held.add(record);
      if (inserts != null && inserts.get(i)) {
        inserted.add(record);
      }
    }
    while (true) {
      Set<Append> unsettled;
      Guards.Held turn = guarding.guards().take(held, deadline);
      try {
        unsettled = guarding.unsettled(inserted);
        if (unsettled.isEmpty()) {
          List<Outcome> outcomes = outcomes(schema, items, inserts);
          return append(payloads, outcomes, lent);
        }
      } finally {
        turn.release();
      }
      Unsettled.await(unsettled, deadline);
    }
  }

  private List<Outcome> outcomes(CollectionSchema schema, List<Mutation> items, BitSet inserts) {
    if (inserts == null) {
      return List.of();
    }
    Set<String> keys = new LinkedHashSet<>();
    inserts.stream().forEach(i -> keys.add(items.get(i).key()));
    Map<String, Boolean> there =
        guarding.records().there(schema, keys, System.nanoTime() + QUESTION_NANOS);
    List<Outcome> outcomes = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Mutation item = items.get(i);
      outcomes.add(inserts.get(i) ? outcome(there.get(item.key())) : Outcome.TAKEN);
      // As the next item of the key will find it.
      there.put(item.key(), item.kind() != Mutation.Kind.DELETE);
    }
    return outcomes;
  }

  private static Outcome outcome(Boolean there) {
    if (there == null) {
      return Outcome.UNCHECKED;
    }
    return there ? Outcome.DUPLICATE : Outcome.INSERTED;
  }

  private Admitted append(List<FramePayload> payloads, List<Outcome> outcomes, long lent) {
    int from = 0;
    for (FramePayload payload : outcomes.isEmpty() ? List.<FramePayload>of() : payloads) {
      int count = payload.count();
      payload.apply(outcomes, from);
      from += count;
    }
    List<FramePayload> left = payloads.stream().filter(payload -> payload.count() > 0).toList();
    if (left.isEmpty()) {
      return new Admitted(null, null, outcomes);
    }
    List<NewFrame> frames = left.stream().map(payload -> payload.frame(false)).toList();
    List<Mutation> written = items(left, 0);
    Set<Guard> marks = new LinkedHashSet<>();
    written.forEach(item -> marks.add(Guard.record(item.collection(), item.key())));
    Cargo cargo =
        new Cargo(
            frames,
            Map.of(left.get(0).schema().name(), written.size()),
            written.size(),
            lent,
            guarding.settling(marks));
    Append append = intake.queue(cargo, ARRIVED);
    guarding.sequenced(marks, written, append);
    return new Admitted(append, cargo, outcomes);
  }

  private static List<Mutation> items(List<FramePayload> payloads, long first) {
    List<Mutation> items = new ArrayList<>();
    for (FramePayload payload : payloads) {
      items.addAll(payload.items(first + items.size()));
    }
    return items;
  }
}
