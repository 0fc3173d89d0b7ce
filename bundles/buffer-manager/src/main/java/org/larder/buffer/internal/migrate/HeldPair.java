package org.larder.buffer.internal.migrate;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import org.larder.storage.spi.StorageException;

/**
 * The two sides of a comparison, which are brought to one position of the journal and kept there
 * while they are read. For the migration's thread, and those it waits for while they read; nobody
 * else may hold either meanwhile.
 */
final class HeldPair {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_TURNS = 5;

  /** A follower that is held goes on after this, if what holds it hangs. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  /** What is only slow gets twice as long each time, up to this. */
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(2);

  private final Side source;
  private final Side target;
  private Duration lease = LEASE;

  HeldPair(Side source, Side target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Brings both to one position. The target comes first: as long as it is in trouble, the source
   * waits for nothing.
   *
   * @return where they stand, until they are released
   * @throws StorageException RETRY if they do not come to a stand there; neither is held then
   */
  long hold() throws InterruptedException {
    boolean held = false;
    try {
      long right = hold(target, target.reached());
      long left = hold(source, Math.max(right, source.reached()));
      // One of them may stand amid a frame that the other takes as a whole.
      for (int i = 0; left != right && i < MOST_TURNS; i++) {
        if (right < left) {
          right = hold(target, left);
        } else {
          left = hold(source, right);
        }
      }
      if (left != right) {
        throw notHeld(target);
      }
      held = true;
      return left;
    } finally {
      if (!held) {
        release();
      }
    }
  }

  private long hold(Side side, long position) throws InterruptedException {
    side.holdAt(Math.max(0, position), lease);
    long at = side.awaitHeld(PATIENCE);
    if (at < 0) {
      throw notHeld(side);
    }
    return at;
  }

  private static StorageException notHeld(Side side) {
    return new StorageException(
        RETRY,
        "NOT_HELD",
        side.name()
            + " did not come to a stand at one place of the journal with the other"
            + side.trouble().map(trouble -> ": " + trouble.message()).orElse(""));
  }

  /**
   * What was read is believed only if neither has moved meanwhile.
   *
   * @throws StorageException RETRY if one has; they are held for longer the next time
   */
  void requireHeld(long at) {
    if (!source.isHeldAt(at) || !target.isHeldAt(at)) {
      Duration twice = lease.multipliedBy(2);
      lease = twice.compareTo(LONGEST_LEASE) < 0 ? twice : LONGEST_LEASE;
      throw new StorageException(
          RETRY,
          "NOT_HELD",
          "A backend was exchanged while it was compared, or reading took too long");
    }
  }

  /** Lets both go on, held or not. */
  void release() {
    source.release();
    target.release();
  }
}
