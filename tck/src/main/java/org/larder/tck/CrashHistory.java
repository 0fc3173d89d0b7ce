package org.larder.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;

/** A journal without an end, the same in every process. Stateless. */
final class CrashHistory {
  static final CollectionSchema SCHEMA = Samples.counters("crashes");

  /** Sequences, and mutations, of each batch. */
  static final int BATCH = 60;

  private static final int KEYS = 150;
  private static final UUID JOURNAL = new UUID(0x1a4d, 0x5e4);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private CrashHistory() {}

  static Attachment attachment(long epoch) {
    return new Attachment(
        TestStore.FOLLOWER, 0, JOURNAL, epoch, Optional.empty(), OptionalLong.empty());
  }

  static Batch batch(long number, long epoch) {
    long from = number * BATCH;
    List<Batch.Changes> changes = List.of(new Batch.Changes(SCHEMA, mutations(number)));
    return new Batch(TestStore.FOLLOWER, 0, JOURNAL, epoch, from, from + BATCH, changes, TIMEOUT);
  }

  private static List<Mutation> mutations(long number) {
    Random random = new Random(number);
    Set<String> keys = new HashSet<>();
    while (keys.size() < BATCH) {
      keys.add("key%03d".formatted(random.nextInt(KEYS)));
    }
    List<String> sorted = new ArrayList<>(keys);
    sorted.sort(Comparator.comparing(key -> key, Values::compareText));
    List<Mutation> mutations = new ArrayList<>();
    for (String key : sorted) {
      long sequence = number * BATCH + mutations.size();
      mutations.add(
          switch (random.nextInt(5)) {
            case 0 -> Samples.delete(SCHEMA, sequence, key);
            case 1 ->
                new Mutation(Mutation.Kind.PUT, Samples.random(random, SCHEMA, key), sequence);
            default ->
                new Mutation(Mutation.Kind.MERGE, Samples.random(random, SCHEMA, key), sequence);
          });
    }
    return mutations;
  }

  /** What each key may be when at least {@code first} and at most {@code last} batches are in. */
  static Map<String, Set<String>> possible(long first, long last) {
    Model model = new Model();
    for (long number = 0; number < first; number++) {
      model.apply(mutations(number));
    }
    Map<String, Set<String>> possible = new HashMap<>();
    for (long number = first; number <= last; number++) {
      describe(model.rows())
          .forEach((k, v) -> possible.computeIfAbsent(k, x -> new HashSet<>()).add(v));
      model.apply(mutations(number));
    }
    return possible;
  }

  /** Every key's row with its version, or that there is none. */
  static Map<String, String> describe(List<Row> rows) {
    Map<String, String> described = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      described.put("key%03d".formatted(i), "no row");
    }
    rows.forEach(row -> described.put(row.key(), row.version() + " " + row));
    return described;
  }
}
