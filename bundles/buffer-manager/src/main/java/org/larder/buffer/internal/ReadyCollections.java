package org.larder.buffer.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.larder.storage.model.CollectionSchema;

/**
 * The collections for which a follower's store is ready, in the newest version of each. For the
 * follower's thread.
 */
final class ReadyCollections {
  private final Catalogue catalogue;
  private final Predicate<String> wanted;
  private final Map<String, CollectionSchema> ready = new HashMap<>();

  /**
   * None, as before the store was met.
   *
   * @param wanted says which collections the follower takes
   */
  ReadyCollections(Catalogue catalogue, Predicate<String> wanted) {
    this.catalogue = catalogue;
    this.wanted = wanted;
  }

  /** True if the follower takes that collection. */
  boolean takes(String collection) {
    return wanted.test(collection);
  }

  /** Another store was met, or the same again. */
  void forget() {
    ready.clear();
  }

  /** The names of those that are ready, in order; a copy. */
  Set<String> names() {
    return new TreeSet<>(ready.keySet());
  }

  /** Those of the chosen of which the store has no record. */
  Set<String> empty(BackendHandle backend, Predicate<String> chosen, Duration timeout)
      throws InterruptedException {
    Set<String> empty = new TreeSet<>();
    for (CollectionSchema schema : ready.values()) {
      if (chosen.test(schema.name())
          && backend.call(timeout, store -> SeedRange.isNothingIn(store, schema))) {
        empty.add(schema.name());
      }
    }
    return empty;
  }

  /**
   * Makes ready in the backend's store what is not yet: the collections of the catalogue, and some
   * that may be on their way into it.
   */
  void prepare(BackendHandle backend, List<CollectionSchema> recorded, Duration timeout)
      throws InterruptedException {
    for (CollectionSchema schema : recorded) {
      ensure(backend, schema, timeout);
    }
    for (CollectionSchema schema : catalogue.newest()) {
      ensure(backend, schema, timeout);
    }
  }

  private void ensure(BackendHandle backend, CollectionSchema schema, Duration timeout)
      throws InterruptedException {
    CollectionSchema known = ready.get(schema.name());
    if (!takes(schema.name())) {
      return;
    }
    if (known == null || known.version() < schema.version()) {
      backend.<Void>call(
          timeout,
          store -> {
            store.ensureCollection(schema);
            return null;
          });
      ready.put(schema.name(), schema);
    }
  }

  /** The version of a collection for which the store is ready. */
  CollectionSchema schemaOf(String collection) {
    return ready.get(collection);
  }
}
