package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Batch;

/** Turns a stretch of mutations into one net mutation a key, sorted by key. Stateless. */
final class Folding {
  private static final Comparator<Mutation> BY_KEY_THEN_SEQUENCE =
      (left, right) -> {
        int byKey = left.row().compareKey(right.row());
        return byKey != 0 ? byKey : Long.compare(left.sequence(), right.sequence());
      };

  private Folding() {}

  /**
   * Folds a stretch.
   *
   * @param mutations in the order of the journal
   * @param schemas the version of each collection for which the store is ready
   */
  static List<Batch.Changes> fold(
      List<Mutation> mutations, Function<String, CollectionSchema> schemas) {
    Map<String, List<Mutation>> byCollection = new TreeMap<>();
    for (Mutation mutation : mutations) {
      byCollection
          .computeIfAbsent(mutation.collection(), any -> new ArrayList<>(mutations.size()))
          .add(mutation);
    }
    List<Batch.Changes> changes = new ArrayList<>();
    byCollection.forEach(
        (collection, items) ->
            changes.add(new Batch.Changes(schemas.apply(collection), foldKeys(items))));
    return changes;
  }

  private static List<Mutation> foldKeys(List<Mutation> items) {
    items.sort(BY_KEY_THEN_SEQUENCE);
    List<Mutation> folded = new ArrayList<>(items.size());
    Mutation current = null;
    for (Mutation item : items) {
      if (current != null && current.row().compareKey(item.row()) == 0) {
        current = Merging.fold(current, item);
      } else {
        if (current != null) {
          folded.add(current);
        }
        current = item;
      }
    }
    if (current != null) {
      folded.add(current);
    }
    return folded;
  }
}
