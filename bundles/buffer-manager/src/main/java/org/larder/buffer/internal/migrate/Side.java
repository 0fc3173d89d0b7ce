package org.larder.buffer.internal.migrate;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.StorageBackend;

/** One of the two backends of a migration, with its follower. Free for any thread. */
public interface Side {
  /**
   * What keeps a follower from following.
   *
   * @param code a code of {@code docs/error-codes.md}
   * @param message a sentence, with what to do about it
   * @param follows true if nothing is wrong with it: it is held, or waits for what it is filled
   *     from
   */
  record Trouble(String code, String message, boolean follows) {}

  /** The backend's name. */
  String name();

  /** What the backend is; empty while it is away. */
  Optional<BackendDescriptor> descriptor();

  /**
   * Asks the backend on the caller's thread.
   *
   * @throws org.larder.storage.spi.StorageException RETRY also if it is away
   */
  <T> T read(Function<StorageBackend, T> question);

  /** True if nothing of the collection is left to be copied into it. */
  boolean isFilled(String collection);

  /** True if it has all of the collection, up to the follower's position. */
  boolean isFull(String collection);

  /** True if it follows, and may have records of the collection that were deleted. */
  boolean hasSurplus(String collection);

  /** Records of the collection copied into it since its follower began. */
  long copied(String collection);

  /** How far the follower got; −1 if it has not met its backend. */
  long reached();

  /** Dead letters of the collection. */
  int deadLetters(String collection);

  /** Dead letters of the collection that were discarded since its follower began. */
  long discardedLetters(String collection);

  /** Why it does not follow now; empty if it does. */
  Optional<Trouble> trouble();

  /**
   * Lets the follower go up to that position and no further. Only one may hold it at a time.
   *
   * @param lease when it goes on by itself, whether it was released or not
   */
  void holdAt(long position, Duration lease);

  /**
   * Waits until the follower stands at its hold, or beyond it, and writes nothing.
   *
   * @return where it stands; −1 if the time ran out
   */
  long awaitHeld(Duration patience) throws InterruptedException;

  /** True if it has stood there ever since it was awaited. */
  boolean isHeldAt(long position);

  /** Lets the follower go on. */
  void release();
}
