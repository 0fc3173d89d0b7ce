package org.larder.storage.spi;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;

/**
 * A stretch of the journal, folded to one mutation a key.
 *
 * @param follower who writes
 * @param lane the lane of the journal
 * @param journal the journal's identity
 * @param epoch the journal's epoch
 * @param from the position before
 * @param to the position after, greater than {@code from}; the sequences between need not all have
 *     a mutation here
 * @param changes by collection, each collection once; possibly none, then only the position moves
 * @param timeout how long the host waits before it gives the call up
 */
public record Batch(
    String follower,
    int lane,
    UUID journal,
    long epoch,
    long from,
    long to,
    List<Changes> changes,
    Duration timeout) {
  public Batch {
    Objects.requireNonNull(follower, "follower");
    Objects.requireNonNull(journal, "journal");
    Objects.requireNonNull(timeout, "timeout");
    changes = List.copyOf(changes);
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("A batch goes forward: " + from + " to " + to);
    }
  }

  /** How many mutations there are in all. */
  public int size() {
    return changes.stream().mapToInt(part -> part.mutations().size()).sum();
  }

  /**
   * One collection's part.
   *
   * @param schema the collection, in the newest version that the host knows; a row may belong to an
   *     older one: where it makes a new row, fields that came later are null
   * @param mutations with distinct keys, sorted by unsigned bytes of the key's UTF-8; an
   *     unmodifiable list that is not copied
   */
  public record Changes(CollectionSchema schema, List<Mutation> mutations) {
    public Changes {
      Objects.requireNonNull(schema, "schema");
      Objects.requireNonNull(mutations, "mutations");
    }
  }
}
