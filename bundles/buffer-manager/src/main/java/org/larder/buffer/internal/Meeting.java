package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a follower and its backend together, and knows whether that one may be read from. For the
 * follower's thread; asked for the backend by any.
 */
final class Meeting {
  private static final Logger LOG = LoggerFactory.getLogger(Meeting.class);

  private final String follower;
  private final Surroundings node;
  private final Routing routing;
  private final Attacher attacher;
  private final Setbacks setbacks;
  private volatile BackendHandle attached;

  Meeting(
      String follower, Surroundings node, Routing routing, Attacher attacher, Setbacks setbacks) {
    this.follower = follower;
    this.node = node;
    this.routing = routing;
    this.attacher = attacher;
    this.setbacks = setbacks;
  }

  /** The backend that may be read from: its store is the right one, and ready. */
  Optional<BackendHandle> backend() {
    return Optional.ofNullable(attached).filter(backend -> !backend.isRetired());
  }

  /** Nothing is read but from that backend; from none, if it is null. */
  void only(BackendHandle backend) {
    if (backend != attached) {
      attached = null;
    }
  }

  /**
   * Where a store stands, and whether it took the place of another.
   *
   * @param mayReach from the position up to here it may have some of the journal and not all
   */
  record Met(long position, long mayReach, boolean adopted) {}

  /** Attaches to a backend's store, or takes whatever store is there if somebody wants that. */
  Met attach(BackendHandle backend, Duration timeout) throws InterruptedException, IOException {
    boolean adopt = setbacks.takeAdopted(backend);
    requirePrimaryIsFull(adopt);
    requirePrimaryIsNoArchive(adopt);
    try {
      long position = attacher.attach(backend, adopt, timeout);
      attached = backend;
      return new Met(position, backend.isAtomic() ? position : attacher.furthest(), adopt);
    } catch (StorageException e) {
      if (e.severity() == HALT || e.severity() == FENCED) {
        // It may be another's store by now: nobody reads from it.
        attached = null;
      } else if (adopt) {
        setbacks.adoptLater(backend);
      }
      throw e;
    }
  }

  /** Nobody is there to fill the store of a primary. */
  private void requirePrimaryIsFull(boolean adopt) throws IOException {
    for (String collection : node.coverage().in(Coverage.Extent.SEEDING, follower)) {
      if (!routing.primaryOf(collection).name().equals(follower)) {
        continue;
      }
      if (!adopt) {
        throw new StorageException(
            HALT,
            "NOT_SEEDED",
            follower
                + " is the primary of "
                + collection
                + ", but was never filled with what came before; give back the old route, or take"
                + " the store as it is with: larder:adopt "
                + follower);
      }
      node.coverage().advance(follower, collection, Coverage.State.TAKEN);
    }
  }

  /** Who reads the primary would be given records that were deleted. */
  private void requirePrimaryIsNoArchive(boolean adopt) throws IOException {
    Set<String> more = new TreeSet<>(node.coverage().surplus(follower));
    more.removeIf(collection -> !routing.primaryOf(collection).name().equals(follower));
    if (more.isEmpty()) {
      return;
    }
    if (!adopt) {
      throw new StorageException(
          HALT,
          "ARCHIVE_AS_PRIMARY",
          follower
              + " is the primary of "
              + String.join(", ", more)
              + ", but was an archive and may have records that were deleted; give back the old"
              + " route, or take the store as it is, with these records, with: larder:adopt "
              + follower);
    }
    LOG.warn("Follower {} is taken with what it may have of deleted records of {}", follower, more);
    node.coverage().noteSurplus(follower, more, false);
  }
}
