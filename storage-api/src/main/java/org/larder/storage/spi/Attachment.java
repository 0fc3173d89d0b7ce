package org.larder.storage.spi;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A follower's claim to a store.
 *
 * @param follower its name, valid by {@link org.larder.storage.model.Limits#checkName}
 * @param lane the lane of the journal that it follows, 0 or more
 * @param journal the journal's identity
 * @param epoch the journal's epoch, 1 or more; grows with each opening of the journal
 * @param startAt where the follower shall stand, whatever the store says; empty for where it is.
 *     Given only when an operator adopts a store or seeds one
 */
public record Attachment(
    String follower, int lane, UUID journal, long epoch, OptionalLong startAt) {
  public Attachment {
    Objects.requireNonNull(follower, "follower");
    Objects.requireNonNull(journal, "journal");
    Objects.requireNonNull(startAt, "startAt");
  }
}
