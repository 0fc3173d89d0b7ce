package org.larder.storage.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A follower's claim to a store.
 *
 * @param follower its name, valid by {@link org.larder.storage.model.Limits#checkName}
 * @param lane the lane of the journal that it follows, 0 or more
 * @param journal the journal's identity
 * @param epoch the journal's epoch, 1 or more; grows with each opening of the journal
 * @param expectedStore the identity of the store that the follower wrote to before; empty if it
 *     never wrote, or if an operator adopts whatever store is there. A store that is another one,
 *     or new, is left untouched and the call fails with HALT and the code {@code DIFFERENT_STORE}
 * @param startAt where the follower shall stand, whatever the store says; empty for where it is.
 *     Given only when an operator adopts a store or seeds one
 */
public record Attachment(
    String follower,
    int lane,
    UUID journal,
    long epoch,
    Optional<UUID> expectedStore,
    OptionalLong startAt) {
  public Attachment {
    Objects.requireNonNull(follower, "follower");
    Objects.requireNonNull(journal, "journal");
    Objects.requireNonNull(expectedStore, "expectedStore");
    Objects.requireNonNull(startAt, "startAt");
  }
}
