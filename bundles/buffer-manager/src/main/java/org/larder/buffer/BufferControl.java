package org.larder.buffer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.osgi.annotation.versioning.ProviderType;

/** What operators and health checks ask of the buffer: an OSGi service. Free for any thread. */
@ProviderType
public interface BufferControl {
  /**
   * Drains everything that was acknowledged before the call into the primary backend. Callers at
   * the same time share one drain.
   *
   * @throws BufferException BACKEND_AWAY if the primary is away, DEADLINE if it did not catch up;
   *     nothing is lost
   */
  FlushResult flush(Duration deadline);

  /** What became of a receipt; empty if it is none of this node's. */
  Optional<ReceiptState> receipt(String receipt);

  /** How the buffer is. */
  BufferStatus status();

  /** The collections known, by name, each in its newest version. */
  List<CollectionSchema> collections();

  /** The collection of that name in its newest version. */
  Optional<CollectionSchema> collection(String name);

  /** The dead letters of all followers, oldest first. */
  List<DeadLetter> deadLetters();

  /**
   * Offers dead letters to their backend once more, after the schema or the data was mended. A
   * record's letters go in the order of the journal, and none goes before those that are older than
   * it: so the filter chooses records, and all letters of each are tried until one is refused. What
   * the backend has taken is dead no more, and later changes of the record reach it again.
   *
   * <p>A letter leaves the log when the backend has made it durable. A replay that the backend
   * fails in the middle of goes on when it is back. Replaying a letter twice, also after a crash
   * between the two, is harmless.
   *
   * @throws java.util.NoSuchElementException if there is no such follower
   * @throws LetterAmbiguousException if letters of several records have the sequence of the filter
   * @throws BufferException BACKEND_AWAY if the follower does not follow now, FULL or DISK_FULL if
   *     the journal has no room to note it; DEADLINE if it was noted but not done in time, it will
   *     then be done later
   */
  ReplayResult replay(String follower, LetterFilter filter, Duration deadline);

  /**
   * Gives up dead letters for good: their changes will never reach the backend. Later letters of
   * the same records stay, and so do those that a replay is in the middle of: the backend may have
   * them already.
   *
   * @return how many
   * @throws java.util.NoSuchElementException if there is no such follower
   * @throws LetterAmbiguousException if letters of several records have the sequence of the filter
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if that cannot be noted; nothing was
   *     discarded then
   */
  int discard(String follower, LetterFilter filter);

  /** The routes as they are configured, that of all collections first. */
  List<RouteStatus> routes();

  /**
   * Changes one route, or adds it, while writes go on: checks it, writes it into the configuration
   * file, and puts it into effect. A backend that has not got what was there before is filled from
   * the primary. When the primary changes, reads move as soon as the new one has reached the place
   * of the change in the journal.
   *
   * @throws RouteRefusedException if it names what is not there, or a primary that does not hold
   *     all that the old one holds; nothing has changed then
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if the node's own files cannot be
   *     written; nothing has changed then
   */
  void changeRoute(Route route);

  /**
   * Makes a mirror of a collection its primary, and the primary a mirror, in the route as it is
   * then: nothing that another changes meanwhile is taken back. A collection without a route of its
   * own gets one.
   *
   * @throws RouteRefusedException as {@link #changeRoute}
   * @throws BufferException as {@link #changeRoute}
   */
  void swap(String collection, String backend);

  /**
   * Removes a collection's own route: that of all collections holds for it from then on.
   *
   * @throws RouteRefusedException as {@link #changeRoute}, or if there is no such route
   * @throws BufferException as {@link #changeRoute}
   */
  void removeRoute(String collection);

  /** What moves collections from one backend to another. */
  Migrations migrations();

  /** What the last start cut, quarantined and kept. */
  Recovery recovery();

  /**
   * Lets a halted follower go on with whatever store its backend has now, from the oldest sequence
   * that the journal still keeps or from where the store says it is, whichever is later. The store
   * of a mirror is filled anew from its primary if it was given up, is another than before, or
   * lacks what the journal does not keep any more; an archive keeps what it has besides. Mirrors of
   * the adopted store stay as they are: they may be all that is left of what was lost.
   *
   * @throws java.util.NoSuchElementException if there is no such follower
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if that cannot be noted; nothing has
   *     changed then
   */
  void adopt(String follower);
}
