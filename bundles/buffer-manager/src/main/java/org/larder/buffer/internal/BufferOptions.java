package org.larder.buffer.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.larder.buffer.RouteTable;

/**
 * How a buffer works.
 *
 * @param directory the folder of the node's data; the buffer keeps its files below it
 * @param maxJournalBytes bound of the journal
 * @param flushSize records at which a drain begins at the latest, and the least a batch aims for
 * @param flushInterval how long a record waits at most before a drain begins
 * @param mirrorFlushInterval the same in front of a mirror, which nobody waits for
 * @param maxInFlightBytes bytes of requests being taken in at a time
 * @param writeTimeout how long a call of a backend may take
 * @param retryBase first pause after a failed call
 * @param retryMax longest pause after failed calls
 * @param drainOnStop how long a stop waits for the primary to take what is pending
 * @param routes which backends get which records
 * @param holdFollowers true lets nothing drain: for measuring and for maintenance
 */
public record BufferOptions(
    Path directory,
    long maxJournalBytes,
    int flushSize,
    Duration flushInterval,
    Duration mirrorFlushInterval,
    long maxInFlightBytes,
    Duration writeTimeout,
    Duration retryBase,
    Duration retryMax,
    Duration drainOnStop,
    RouteTable routes,
    boolean holdFollowers) {
  private static final long MB = 1_000_000;

  /** Batches grow up to so many times the flush size. */
  private static final int GROWTH = 16;

  public BufferOptions {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(routes, "routes");
    requireRange("max_journal_mb", maxJournalBytes / MB, 64, 1_000_000);
    requireRange("flush_size", flushSize, 1, 100_000);
    requireRange("flush_interval_ms", flushInterval.toMillis(), 0, 30_000);
    requireRange("mirror_flush_interval_ms", mirrorFlushInterval.toMillis(), 0, 30_000);
    requireRange("max_in_flight_mb", maxInFlightBytes / MB, 1, 4_000);
    requireRange("write_timeout_ms", writeTimeout.toMillis(), 100, 600_000);
    requireRange("retry_base_ms", retryBase.toMillis(), 1, 60_000);
    requireRange("retry_max_ms", retryMax.toMillis(), retryBase.toMillis(), 600_000);
    requireRange("drain_on_stop_ms", drainOnStop.toMillis(), 0, 8_000);
  }

  private static void requireRange(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " has to be from " + least + " to " + most + ", not " + value);
    }
  }

  /**
   * The options that an operator configured.
   *
   * @throws IllegalArgumentException names the key that is out of range
   */
  static BufferOptions of(BufferConfiguration configuration, RouteTable routes, Path directory) {
    return new BufferOptions(
        directory,
        configuration.max__journal__mb() * MB,
        configuration.flush__size(),
        Duration.ofMillis(configuration.flush__interval__ms()),
        Duration.ofMillis(configuration.mirror__flush__interval__ms()),
        configuration.max__in__flight__mb() * MB,
        Duration.ofMillis(configuration.write__timeout__ms()),
        Duration.ofMillis(configuration.retry__base__ms()),
        Duration.ofMillis(configuration.retry__max__ms()),
        Duration.ofMillis(configuration.drain__on__stop__ms()),
        routes,
        configuration.hold__followers());
  }

  /**
   * When a follower drains. A mirror gathers as much as a batch may have: what is written at once
   * costs less, and takes less from those who wait for an answer.
   */
  Pacing.Pace pace(boolean mirror) {
    int most = flushSize * GROWTH;
    return mirror
        ? new Pacing.Pace(most, most, mirrorFlushInterval)
        : new Pacing.Pace(flushSize, most, flushInterval);
  }

  /** The same with other routes. */
  BufferOptions with(RouteTable changed) {
    return new BufferOptions(
        directory,
        maxJournalBytes,
        flushSize,
        flushInterval,
        mirrorFlushInterval,
        maxInFlightBytes,
        writeTimeout,
        retryBase,
        retryMax,
        drainOnStop,
        changed,
        holdFollowers);
  }

  /** The defaults, in a folder. */
  public static BufferOptions in(Path directory) {
    return new BufferOptions(
        directory,
        1_024_000_000L,
        1_000,
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        64_000_000L,
        Duration.ofSeconds(30),
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        RouteTable.of("main"),
        false);
  }
}
