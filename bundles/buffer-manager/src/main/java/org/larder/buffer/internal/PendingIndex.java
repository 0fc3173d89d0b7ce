package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * nothing.
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
  private final Map<String, Map<String, List<Mutation>>> byKey = new HashMap<>();
  private final Map<String, Map<Object, Set<String>>> byPartition = new HashMap<>();
  private StretchReader reader;
  private long bytes;

  PendingIndex(Journal journal, Catalogue catalogue) {
    this.journal = journal;
    this.catalogue = catalogue;
  }

  /**
   * The pending mutations of a collection by key, in journal order within a key.
   *
   * @param position what the primary has reached
   * @param partition only of this value of the partition field; empty for all
   * @return empty if there is more pending than the index holds
   */
  synchronized Optional<Map<String, List<Mutation>>> pending(
      CollectionSchema schema, long position, Optional<Object> partition) throws IOException {
    if (!catchUp(position)) {
      return Optional.empty();
    }
    Map<String, List<Mutation>> keys = byKey.getOrDefault(schema.name(), Map.of());
    if (partition.isEmpty()) {
      return Optional.of(copyOf(keys, keys.keySet()));
    }
    Map<Object, Set<String>> partitions = byPartition.getOrDefault(schema.name(), Map.of());
    Set<String> members = new LinkedHashSet<>(partitions.getOrDefault(partition.get(), Set.of()));
    members.addAll(partitions.getOrDefault(ANY_PARTITION, Set.of()));
    return Optional.of(copyOf(keys, members));
  }

  /** The pending mutations of one key; empty as {@link #pending} says. */
  synchronized Optional<List<Mutation>> pending(CollectionSchema schema, long position, String key)
      throws IOException {
    if (!catchUp(position)) {
      return Optional.empty();
    }
    return Optional.of(
        List.copyOf(byKey.getOrDefault(schema.name(), Map.of()).getOrDefault(key, List.of())));
  }

  private static Map<String, List<Mutation>> copyOf(
      Map<String, List<Mutation>> keys, Set<String> wanted) {
    Map<String, List<Mutation>> copy = new LinkedHashMap<>();
    for (String key : wanted) {
      List<Mutation> mutations = keys.get(key);
      if (mutations != null) {
        copy.put(key, List.copyOf(mutations));
      }
    }
    return copy;
  }

  private boolean catchUp(long position) throws IOException {
    boolean outrun = reader == null || position > reader.position();
    boolean stale = bytes > 0 && reader != null && position == reader.position();
    // When it has grown large, much of it may be in the primary by now.
    if (outrun || stale || bytes > MAX_BYTES / 2) {
      restart(position);
    }
    for (Stretch stretch = reader.next(READ_ITEMS);
        stretch != null;
        stretch = reader.next(READ_ITEMS)) {
      stretch.items().forEach(this::add);
      if (bytes > MAX_BYTES) {
        close();
        return false;
      }
    }
    return true;
  }

  private void restart(long position) throws IOException {
    close();
    reader = new StretchReader(journal, catalogue, Math.max(position, journal.start(0)));
  }

  private void add(Mutation mutation) {
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

  synchronized void close() throws IOException {
    byKey.clear();
    byPartition.clear();
    bytes = 0;
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
