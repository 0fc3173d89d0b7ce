package org.larder.buffer.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.larder.buffer.Guard;

/**
 * The records of guarded collections that were lately seen or written, so that a repeated insert
 * costs no question and is known even while the primary is away. A record leaves when it is
 * deleted, those of a collection leave when another store may have become its primary, and all
 * leave when a store may have lost some in another way than by the journal's order. Free for any
 * thread; who adds or removes one holds its guard, save after a failed write.
 */
final class KnownKeys {
  private static final int MOST = 32_768;

  private final Map<Guard, Boolean> keys =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Guard, Boolean> eldest) {
          return size() > MOST;
        }
      };

  private long timesCleared;

  /** The store of each collection's primary. */
  private final Map<String, BackendHandle> stores = new HashMap<>();

  synchronized boolean contains(Guard key) {
    return keys.get(key) != null;
  }

  /** They are written. */
  synchronized void add(Collection<Guard> written) {
    written.forEach(key -> keys.put(key, true));
  }

  /**
   * They were found in that store, which is the primary's of their collection.
   *
   * @param timesCleared as it was before the store was asked
   * @return false if all was forgotten since: then the answer is of no use
   */
  synchronized boolean found(
      String collection, BackendHandle asked, Collection<Guard> there, long timesCleared) {
    if (timesCleared != this.timesCleared) {
      return false;
    }
    if (asked.equals(stores.get(collection))) {
      add(there);
    }
    return true;
  }

  /** How often all was forgotten so far. */
  synchronized long timesCleared() {
    return timesCleared;
  }

  /** They are deleted, or it is not certain any more that they are written. */
  synchronized void remove(Collection<Guard> gone) {
    gone.forEach(keys::remove);
  }

  /** Forgets all, and what was asked before and is not answered yet. */
  synchronized void clear() {
    timesCleared++;
    keys.clear();
  }

  /** The store that will be asked from now on: what another held is not known of it. */
  synchronized void of(String collection, BackendHandle asked) {
    if (!asked.equals(stores.put(collection, asked))) {
      keys.keySet().removeIf(key -> key.scope().equals(collection));
    }
  }
}
