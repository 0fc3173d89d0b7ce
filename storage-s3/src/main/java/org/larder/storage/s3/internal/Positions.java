package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.storage.blob.BlobException;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the followers are. A position is known here with each batch, and kept in the bucket when
 * a second has passed, at each sync, and when the backend closes: never ahead of the data, which is
 * in before. What a crash forgets is written again, and comes to the same.
 *
 * <p>Free for any thread. Each position has a lock, which is held while it is read from the bucket
 * or kept there; an interrupt ends the wait for it.
 */
final class Positions {
  private static final Logger LOG = LoggerFactory.getLogger(Positions.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private static final class Held {
    private final ReentrantLock lock = new ReentrantLock();

    /** What the bucket has; null if nobody has looked, or there is nothing. */
    private byte[] kept;

    /** Where the follower is; null if nobody has looked, or it never was here. */
    private byte[] value;

    private Instant keptAt = Instant.MIN;
  }

  private interface Step<T> {
    T take(Held held);
  }

  private final State state;
  private final Clock clock;
  private final Map<String, Held> all = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Positions(State state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /** The object that keeps a position. */
  static String name(String follower, int lane) {
    return "position-" + follower + "-" + lane;
  }

  private <T> T locked(String name, Step<T> step) {
    Held held = all.computeIfAbsent(name, unused -> new Held());
    try {
      held.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(RETRY, "INTERRUPTED", "The call was interrupted", e);
    }
    try {
      return step.take(held);
    } finally {
      held.lock.unlock();
    }
  }

  /** Where a follower is; empty if it never was here. */
  Optional<byte[]> read(String name) {
    return locked(
        name,
        held -> {
          if (held.value == null) {
            held.kept = state.read(name).orElse(null);
            held.value = held.kept;
          }
          return Optional.ofNullable(held.value);
        });
  }

  /** True if a follower is to go on, in the journal that it follows, before where it is. */
  boolean isSetBack(String name, Attachment attachment) {
    Optional<byte[]> known = attachment.startAt().isEmpty() ? Optional.empty() : read(name);
    String journal = attachment.journal() + " ";
    return known
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .filter(position -> position.startsWith(journal))
        .map(position -> Long.parseLong(position.substring(position.lastIndexOf(' ') + 1)))
        .filter(sequence -> attachment.startAt().getAsLong() < sequence)
        .isPresent();
  }

  /** Moves a follower from where it was read to be; keeps that if it is time. */
  void replace(String name, Optional<byte[]> read, byte[] value) {
    locked(
        name,
        held -> {
          if (closed) {
            throw new StorageException(RETRY, BlobException.STOPPING, "The store is stopping");
          }
          if (!Arrays.equals(read.orElse(null), held.value)) {
            throw State.moved(name, null);
          }
          held.value = value;
          Duration since = Duration.between(held.keptAt, clock.instant());
          if (since.isNegative() || since.compareTo(INTERVAL) >= 0) {
            keep(name, held, state.limit());
          }
          return null;
        });
  }

  /** Keeps a position in the bucket, unless it is there. */
  void keep(String name) {
    locked(
        name,
        held -> {
          keep(name, held, state.limit());
          return null;
        });
  }

  /** Keeps a position, then forgets it, so that the bucket is asked next. */
  void forget(String name) {
    locked(
        name,
        held -> {
          if (held.value != null) {
            keep(name, held, state.limit());
          }
          forget(held);
          return null;
        });
  }

  private static void forget(Held held) {
    held.kept = null;
    held.value = null;
    held.keptAt = Instant.MIN;
  }

  private void keep(String name, Held held, Duration limit) {
    if (Arrays.equals(held.kept, held.value)) {
      held.keptAt = clock.instant();
      return;
    }
    byte[] value = held.value;
    try {
      state.replace(name, Optional.ofNullable(held.kept), value, limit);
    } catch (StorageException e) {
      // The answer to an earlier request of ours may have been lost.
      held.kept = state.read(name).orElse(null);
      if (held.kept == null || !leads(held.kept, value)) {
        forget(held);
        throw e;
      }
      state.replace(name, Optional.of(held.kept), value, limit);
    }
    held.kept = value;
    held.keptAt = clock.instant();
  }

  /** True if both are of one journal and epoch, and the second is not behind the first. */
  private static boolean leads(byte[] first, byte[] second) {
    String before = new String(first, StandardCharsets.US_ASCII);
    String after = new String(second, StandardCharsets.US_ASCII);
    int sequence = after.lastIndexOf(' ') + 1;
    return before.lastIndexOf(' ') + 1 == sequence
        && before.regionMatches(0, after, 0, sequence)
        && Long.parseLong(before.substring(sequence)) <= Long.parseLong(after.substring(sequence));
  }

  /** Takes no more, and keeps what is not kept yet, within two seconds. */
  void close() {
    closed = true;
    long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
    all.forEach(
        (name, held) -> {
          try {
            keepUntil(end, name, held);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.info(
                "{} was not kept; what was written last is written again: {}", name, e.toString());
          }
        });
  }

  private void keepUntil(long end, String name, Held held) throws InterruptedException {
    if (held.lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      try {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (held.value != null && !left.isNegative() && !left.isZero()) {
          keep(name, held, left);
        }
      } finally {
        held.lock.unlock();
      }
    }
  }
}
