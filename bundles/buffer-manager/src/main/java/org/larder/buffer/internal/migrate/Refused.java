package org.larder.buffer.internal.migrate;

import java.util.List;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;

/**
 * What the target refuses from the moment on in which comparing begins: a record may become a dead
 * letter when its range was compared already. For the migration's thread.
 */
final class Refused {
  private final Side target;
  private long discardedBefore;
  private boolean begun;

  /** Has not begun. */
  Refused(Side target) {
    this.target = target;
  }

  /** Comparing begins now. */
  void begin(List<CollectionSchema> schemas) {
    discardedBefore = discarded(schemas);
    begun = true;
  }

  /** False if comparing has not begun since the node was started. */
  boolean hasBegun() {
    return begun;
  }

  /** A sentence on what the target lacks; empty if it has taken everything. */
  Optional<String> found(List<CollectionSchema> schemas) {
    // Letters first: one that is discarded in between is found all the same.
    Optional<String> letters = letters(target, schemas);
    return letters.isEmpty() && discarded(schemas) != discardedBefore
        ? Optional.of(
            target.name()
                + " has refused records that were discarded while the two were compared: roll back,"
                + " and begin again")
        : letters.map(
            sentence ->
                sentence
                    + ": replay them and begin again; or discard them, roll back, and begin again");
  }

  private long discarded(List<CollectionSchema> schemas) {
    return schemas.stream().mapToLong(schema -> target.discardedLetters(schema.name())).sum();
  }

  /** Words on the dead letters of a backend; empty if there are none. */
  static Optional<String> letters(Side side, List<CollectionSchema> schemas) {
    for (CollectionSchema schema : schemas) {
      int letters = side.deadLetters(schema.name());
      if (letters > 0) {
        return Optional.of(
            side.name()
                + " has "
                + letters
                + " dead letters of "
                + schema.name()
                + ", which it lacks");
      }
    }
    return Optional.empty();
  }
}
