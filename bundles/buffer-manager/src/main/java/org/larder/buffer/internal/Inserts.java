package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/**
 * Does what a backend without {@link Capability#INSERT_IF_ABSENT} cannot: looks what is stored, and
 * puts or leaves out. Nobody writes beside the follower, so nothing can come between. Stateless.
 */
final class Inserts {
  private Inserts() {}

  /**
   * The items as the backend can take them.
   *
   * @param items where an item inserts, no other has its key
   * @param schema of the collection of a name, as the backend knows it
   */
  static List<Mutation> resolve(
      BackendHandle backend,
      List<Mutation> items,
      Function<String, CollectionSchema> schema,
      Duration timeout)
      throws InterruptedException {
    boolean able = backend.descriptor().capabilities().contains(Capability.INSERT_IF_ABSENT);
    if (able || items.stream().noneMatch(Inserts::isInsert)) {
      return items;
    }
    List<Mutation> resolved = new ArrayList<>(items.size());
    for (Mutation item : items) {
      if (!isInsert(item)) {
        resolved.add(item);
      } else if (!isStored(backend, schema.apply(item.collection()), item.key(), timeout)) {
        resolved.add(new Mutation(Mutation.Kind.PUT, item.row(), item.sequence()));
      }
    }
    return resolved;
  }

  private static boolean isInsert(Mutation item) {
    return item.kind() == Mutation.Kind.INSERT;
  }

  private static boolean isStored(
      BackendHandle backend, CollectionSchema schema, String key, Duration timeout)
      throws InterruptedException {
    return backend.call(
        timeout,
        store -> {
          try (RecordCursor found = store.scan(ScanRequest.of(schema, List.of(key)))) {
            return found.next() != null;
          }
        });
  }
}
