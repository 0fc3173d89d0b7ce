package org.larder.buffer.internal.migrate;

import java.util.List;
import org.larder.storage.model.CollectionSchema;

/**
 * Counts the records that are copied into the target, over restarts of the node and of its
 * follower. For the migration's thread.
 */
final class Copying {
  private final Side target;
  private final long before;
  private long former;
  private long first;
  private long last;

  /**
   * Begins to count.
   *
   * @param before records copied before the node was started
   */
  Copying(Side target, List<CollectionSchema> schemas, long before) {
    this.target = target;
    this.before = before;
    first = sum(schemas);
    last = first;
  }

  /** Records copied by now. */
  long count(List<CollectionSchema> schemas) {
    long now = sum(schemas);
    if (now < last) {
      // Another follower has begun to count anew.
      former += last - first;
      first = 0;
    }
    last = now;
    return before + former + last - first;
  }

  private long sum(List<CollectionSchema> schemas) {
    return schemas.stream().mapToLong(schema -> target.copied(schema.name())).sum();
  }
}
