package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;

/**
 * What is in the journal but not in the primary yet, by key and by partition. It is one more reader
 * of the journal, moved on by those who ask and only then, so that writes pay nothing for it. Free
 * for any thread; one at a time.
 *
 * <p>An entry may hold mutations that the primary has already: laid over a later state they change
 * nothing. A key is looked for in the partition that its pending mutations name: a key keeps its
 * partition.
 */
final class PendingIndex {
  /** Beyond this, buffered reads become flushed reads. */
  static final long MAX_BYTES = 32_000_000;

  /** Stands for mutations that do not say their partition, as a delete does not. */
  private static final Object ANY_PARTITION = new Object();

  private static final int ENTRY_BYTES = 200;
  private static final int READ_ITEMS = 1_000;

  private final Journal journal;
  private final Catalogue catalogue;
  private final long maxBytes;
  private final Predicate<String> wanted;
  private final UnaryOperator<Stretch> applied;
  private final Map<String, Map<String, List<Mutation>>> byKey = new HashMap<>();
  private final Map<String, Map<Object, Set<String>>> byPartition = new HashMap<>();
  private StretchReader reader;
  private long base;
  private long bytes;

  /** After there was too much: not to be tried again before the primary has got this far. */
  private long tooMuchBelow;

  /**
   * Of one follower.
   *
   * @param wanted says which collections it takes
   * @param applied leaves of a stretch what it applies
   */
  PendingIndex(
      Journal journal,
      Catalogue catalogue,
      long maxBytes,
      Predicate<String> wanted,
      UnaryOperator<Stretch> applied) {
    this.wanted = wanted;
    this.applied = applied;
    this.journal = journal;
    this.catalogue = catalogue;
    this.maxBytes = maxBytes;
  }

  /**
   * The pending mutations of a collection by key, in journal order within a key.
   *
   * @param position what the primary has reached
   * @param partition only of this value of the partition field; empty for all
   * @param mostKeys more keys than this are too many
   * @return empty if there is more pending than the index holds, or too many keys
   */
  synchronized Optional<Map<String, List<Mutation>>> pending(
      CollectionSchema schema, long position, Optional<Object> partition, int mostKeys)
      throws IOException {
    if (!catchUp(position)) {
      return Optional.empty();
    }
    Map<String, List<Mutation>> keys = byKey.getOrDefault(schema.name(), Map.of());
    Set<String> wanted = keys.keySet();
    if (partition.isPresent()) {
      Map<Object, Set<String>> partitions = byPartition.getOrDefault(schema.name(), Map.of());
      wanted = new LinkedHashSet<>(partitions.getOrDefault(partition.get(), Set.of()));
      wanted.addAll(partitions.getOrDefault(ANY_PARTITION, Set.of()));
    }
    if (wanted.size() > mostKeys) {
      return Optional.empty();
    }
    Map<String, List<Mutation>> copy = new LinkedHashMap<>();
    wanted.forEach(key -> copy.put(key, List.copyOf(keys.get(key))));
    return Optional.of(copy);
  }

  /** The pending mutations of one key; empty as the other says. */
  synchronized Optional<List<Mutation>> pending(CollectionSchema schema, long position, String key)
      throws IOException {
    if (!catchUp(position)) {
      return Optional.empty();
    }
    return Optional.of(
        List.copyOf(byKey.getOrDefault(schema.name(), Map.of()).getOrDefault(key, List.of())));
  }

  /** The pending mutations of some keys, of those that have any; empty as the others say. */
  synchronized Optional<Map<String, List<Mutation>>> pending(
      CollectionSchema schema, long position, Collection<String> keys) throws IOException {
    if (!catchUp(position)) {
      return Optional.empty();
    }
    Map<String, List<Mutation>> all = byKey.getOrDefault(schema.name(), Map.of());
    Map<String, List<Mutation>> found = new HashMap<>();
    for (String key : keys) {
      List<Mutation> mutations = all.get(key);
      if (mutations != null) {
        found.put(key, List.copyOf(mutations));
      }
    }
    return Optional.of(found);
  }

  private boolean catchUp(long position) throws IOException {
    if (position < tooMuchBelow) {
      return false;
    }
    if (reader == null || !isWorthKeeping(position)) {
      restart(position);
    }
    try {
      for (Stretch stretch = reader.next(READ_ITEMS);
          stretch != null;
          stretch = reader.next(READ_ITEMS)) {
        applied.apply(stretch).items().forEach(this::add);
        if (bytes > maxBytes) {
          tooMuchBelow = base + (reader.position() - base + 3) / 4;
          close();
          return false;
        }
      }
      return true;
    } catch (IOException | RuntimeException e) {
      // The reader may have swallowed records that never got here.
      close();
      throw e;
    }
  }

  private boolean isWorthKeeping(long position) {
    // A store that went back needs what came before; what the primary has is of no use.
    boolean covers = position >= base && position <= reader.position();
    boolean outlived = bytes > 0 && position == reader.position();
    boolean mostlyOutlived =
        bytes > maxBytes / 4 && position - base > (reader.position() - base) / 2;
    return covers && !outlived && !mostlyOutlived;
  }

  private void restart(long position) throws IOException {
    close();
    base = Math.max(position, journal.start(0));
    reader = new StretchReader(journal, catalogue, base, wanted);
  }

  private void add(Mutation read) {
    Mutation mutation = new Mutation(read.kind(), LetterCodec.alone(read.row()), read.sequence());
    List<Mutation> mutations =
        byKey
            .computeIfAbsent(mutation.collection(), any -> new HashMap<>())
            .computeIfAbsent(mutation.key(), any -> new ArrayList<>(1));
    int last = mutations.size() - 1;
    boolean folds =
        last >= 0
            && mutation.kind() != Mutation.Kind.INSERT
            && mutations.get(last).kind() != Mutation.Kind.INSERT;
    if (folds) {
      bytes -= mutations.get(last).row().encodedLength();
      mutations.set(last, Merging.fold(mutations.get(last), mutation));
    } else {
      mutations.add(mutation);
      bytes += ENTRY_BYTES;
    }
    bytes += mutations.get(mutations.size() - 1).row().encodedLength();
    Object partition = mutation.row().value(mutation.row().schema().partitionField());
    byPartition
        .computeIfAbsent(mutation.collection(), any -> new HashMap<>())
        .computeIfAbsent(
            partition == null ? ANY_PARTITION : partition, any -> new LinkedHashSet<>())
        .add(mutation.key());
  }

  /**
   * Forgets everything, for another primary or the end.
   *
   * @throws IOException if its reader cannot be closed; all is forgotten then as well
   */
  synchronized void reset() throws IOException {
    tooMuchBelow = 0;
    close();
  }

  private void close() throws IOException {
    byKey.clear();
    byPartition.clear();
    bytes = 0;
    StretchReader former = reader;
    reader = null;
    if (former != null) {
      former.close();
    }
  }
}
