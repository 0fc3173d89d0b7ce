package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.larder.storage.spi.StorageException;

/** Says what a follower does about a failure; for its thread. */
final class Setbacks {
  /**
   * A call that was given up may move the position afterwards; where it is then is asked of the
   * store anew. More often than this in a row, it is something else.
   */
  private static final int MISPLACED_TOLERATED = 3;

  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private int misplaced;

  /** The pause before another attempt; empty if the follower has to halt. */
  Optional<Duration> pauseAfter(StorageException failure, BufferOptions options) {
    boolean busy = failure.severity() == BUSY;
    boolean again = busy || failure.severity() == RETRY;
    if (failure.code().equals("POSITION_MISMATCH")) {
      again = ++misplaced <= MISPLACED_TOLERATED;
    }
    if (!again) {
      return Optional.empty();
    }
    Duration most = busy ? options.retryBase().multipliedBy(4) : options.retryMax();
    return Optional.of(backoff.next(options.retryBase(), most));
  }

  /** Something succeeded that was tried: the next pause is the first again. */
  void over() {
    backoff.reset();
    misplaced = 0;
  }
}
