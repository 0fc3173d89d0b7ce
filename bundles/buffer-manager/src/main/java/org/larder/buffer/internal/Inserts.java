package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/**
 * Finds out what becomes of inserts that nobody could check when they were taken: looks what is
 * stored, notes the duplicates, and does what a backend without {@link Capability#INSERT_IF_ABSENT}
 * cannot, puts or leaves out. Nobody writes beside the follower, so nothing can come between. For
 * the follower's thread.
 */
final class Inserts {
  private static final int SCAN_KEYS = 1_000;

  private final Duplicates duplicates;
  private final RowVersions versions;
  private final Predicate<Mutation> isNoted;

  /**
   * Of one follower.
   *
   * @param isNoted true if what the follower's store says of the item is what every store says, and
   *     nobody has found out yet
   */
  Inserts(Duplicates duplicates, RowVersions versions, Predicate<Mutation> isNoted) {
    this.duplicates = duplicates;
    this.versions = versions;
    this.isNoted = isNoted;
  }

  /**
   * The items as the backend can take them.
   *
   * @param items where an item inserts, no other has its key
   * @param schema of the collection of a name, as the backend knows it
   */
  List<Mutation> resolve(
      BackendHandle backend,
      List<Mutation> items,
      Function<String, CollectionSchema> schema,
      Duration timeout)
      throws InterruptedException, IOException {
    if (items.stream().noneMatch(Inserts::isInsert)) {
      return items;
    }
    boolean able = backend.descriptor().capabilities().contains(Capability.INSERT_IF_ABSENT);
    BitSet noted = new BitSet();
    Map<String, List<String>> keys = new TreeMap<>();
    for (int i = 0; i < items.size(); i++) {
      Mutation item = items.get(i);
      noted.set(i, isInsert(item) && isNoted.test(item));
      if (noted.get(i) || (isInsert(item) && !able)) {
        keys.computeIfAbsent(item.collection(), any -> new ArrayList<>()).add(item.key());
      }
    }
    Map<String, Map<String, Long>> stored = new HashMap<>();
    for (Map.Entry<String, List<String>> entry : keys.entrySet()) {
      stored.put(
          entry.getKey(), stored(backend, schema.apply(entry.getKey()), entry.getValue(), timeout));
    }
    List<Mutation> resolved = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Mutation item = items.get(i);
      if (!isInsert(item)) {
        resolved.add(item);
        continue;
      }
      Long version = stored.getOrDefault(item.collection(), Map.of()).get(item.key());
      if (noted.get(i) && version != null && version < item.sequence()) {
        // A row that is as new as the insert, or newer, may be its own: this is a repetition.
        duplicates.note(item);
      }
      if (able) {
        resolved.add(item);
      } else if (version == null) {
        resolved.add(new Mutation(Mutation.Kind.PUT, item.row(), item.sequence()));
      }
    }
    duplicates.keep();
    return resolved;
  }

  private static boolean isInsert(Mutation item) {
    return item.kind() == Mutation.Kind.INSERT;
  }

  /** The versions of those of the keys that are stored. */
  private Map<String, Long> stored(
      BackendHandle backend, CollectionSchema schema, List<String> keys, Duration timeout)
      throws InterruptedException {
    Map<String, Long> found = new HashMap<>();
    for (int i = 0; i < keys.size(); i += SCAN_KEYS) {
      List<String> some = keys.subList(i, Math.min(keys.size(), i + SCAN_KEYS));
      found.putAll(backend.call(timeout, store -> read(store.scan(ScanRequest.of(schema, some)))));
    }
    return found;
  }

  private Map<String, Long> read(RecordCursor cursor) {
    try (cursor) {
      Map<String, Long> found = new HashMap<>();
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        found.put(row.key(), versions.of(row));
      }
      return found;
    }
  }
}
