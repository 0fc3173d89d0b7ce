package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.Arrays;
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
    Ranked[] sorted = new Ranked[items.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = new Ranked(items.get(i));
    }
    Arrays.sort(sorted);
    List<Mutation> folded = new ArrayList<>(sorted.length);
    Ranked key = null;
    Mutation current = null;
    for (Ranked next : sorted) {
      if (key != null && key.compareKey(next) == 0) {
        current = Merging.fold(current, next.item);
      } else {
        if (current != null) {
          folded.add(current);
        }
        key = next;
        current = next.item;
      }
    }
    if (current != null) {
      folded.add(current);
    }
    return folded;
  }

  /**
   * A mutation beside the beginning of its key, which settles most comparisons: the rows lie all
   * over memory, and to fetch two for each comparison takes longer than all the rest of folding.
   *
   * @param prefix see {@link org.larder.storage.model.Row#keyPrefix}
   */
  private record Ranked(long prefix, Mutation item) implements Comparable<Ranked> {
    Ranked(Mutation item) {
      this(item.row().keyPrefix(), item);
    }

    int compareKey(Ranked other) {
      return prefix == other.prefix
          ? item.row().compareKey(other.item.row())
          : Long.compareUnsigned(prefix, other.prefix);
    }

    @Override
    public int compareTo(Ranked other) {
      int byKey = compareKey(other);
      return byKey != 0 ? byKey : Long.compare(item.sequence(), other.item.sequence());
    }
  }
}
