package org.larder.storage.spi;

import java.util.Objects;

/** What became of a batch. */
public sealed interface WriteResult {
  /** The batch is in, and the position has moved. */
  record Committed() implements WriteResult {}

  /**
   * The store cannot take an item as it is, now or ever; nothing of the batch is in.
   *
   * @param collection whose item
   * @param index its place among the collection's mutations; −1 if the store cannot tell, the host
   *     then finds it by halving the batch
   * @param code a stable code of {@code docs/error-codes.md}
   * @param reason a sentence for the operator, without the value
   */
  record Refused(String collection, int index, String code, String reason) implements WriteResult {
    /** The index of a refusal that names no item. */
    public static final int UNKNOWN_INDEX = -1;

    public Refused {
      Objects.requireNonNull(collection, "collection");
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
