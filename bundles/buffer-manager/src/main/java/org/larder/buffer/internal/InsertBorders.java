package org.larder.buffer.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.larder.storage.model.Mutation;

/**
 * Finds where a stretch has to end because of an insert: whether that takes effect hangs on what is
 * stored before it, so it folds with no other mutation of its key. For one stretch and one thread;
 * where nothing inserts it costs nothing.
 */
final class InsertBorders {
  /** The keys of the stretch, and those that it inserts; null as long as nothing inserts. */
  private Set<String> keys;

  private Set<String> inserted;

  /**
   * How many of the items may follow what the stretch has: all before an insert of a key that is
   * there already, and before anything else with the key of an insert.
   *
   * @param before what the stretch has, all of it asked about here before
   */
  int fitting(List<Mutation> items, List<Stretch.Unit> before) {
    for (int i = 0; i < items.size(); i++) {
      Mutation item = items.get(i);
      boolean inserts = item.kind() == Mutation.Kind.INSERT;
      if (inserts && keys == null) {
        keys = new HashSet<>();
        inserted = new HashSet<>();
        before.forEach(unit -> unit.items().forEach(earlier -> keys.add(name(earlier))));
        items.subList(0, i).forEach(earlier -> keys.add(name(earlier)));
      }
      if (keys != null) {
        String name = name(item);
        if (inserted.contains(name) || (inserts && keys.contains(name))) {
          return i;
        }
        keys.add(name);
        if (inserts) {
          inserted.add(name);
        }
      }
    }
    return items.size();
  }

  private static String name(Mutation mutation) {
    return mutation.collection() + '/' + mutation.key();
  }
}
