package org.larder.storage.spi;

import java.util.Objects;
import java.util.UUID;

/**
 * Who a store is, and how far a follower got in it.
 *
 * @param storeId made when the store was made, copied with every copy of it
 * @param lifecycle whether the store may be read
 * @param format the version of the backend's own layout, 1 or more
 * @param position the next sequence that the follower has to apply
 */
public record StoreState(UUID storeId, Lifecycle lifecycle, int format, Position position) {
  public StoreState {
    Objects.requireNonNull(storeId, "storeId");
    Objects.requireNonNull(lifecycle, "lifecycle");
    Objects.requireNonNull(position, "position");
  }

  /** Whether a store may be read. */
  public enum Lifecycle {
    /** It is being filled; nobody reads it. */
    SEEDING,
    /** It holds all that its position says. */
    LIVE
  }
}
