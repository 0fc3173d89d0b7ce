package org.larder.storage.spi;

import java.util.Objects;
import java.util.UUID;

/**
 * How far a follower got.
 *
 * @param journal the journal's identity
 * @param epoch the epoch under which the follower wrote last
 * @param lane the lane of the journal
 * @param sequence the next sequence to apply: everything below is in
 */
public record Position(UUID journal, long epoch, int lane, long sequence) {
  public Position {
    Objects.requireNonNull(journal, "journal");
  }
}
