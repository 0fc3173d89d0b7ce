package org.larder.buffer.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.BufferException;
import org.larder.storage.model.CollectionSchema;

/**
 * Reads what a store is filled with from the primaries, as far as these can be asked. For the
 * follower's thread.
 */
final class SeedSource {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String follower;
  private final Surroundings node;
  private final Progress progress;

  /** A primary that could not be read is left alone until then. */
  private final Map<String, Long> sparedUntilNanos = new HashMap<>();

  /** The primaries that were found to be behind since {@link #begin}. */
  private final Set<String> behind = new HashSet<>();

  /** The source of one store, which is at least as far as what was read when it is asked. */
  SeedSource(String follower, Surroundings node, Progress progress) {
    this.follower = follower;
    this.node = node;
    this.progress = progress;
  }

  /** Primaries that were behind may have caught up. */
  void begin() {
    behind.clear();
  }

  /**
   * The next range of a collection; empty if its primary cannot be asked now, and the obstacle says
   * why where a person can do something.
   */
  Optional<SeedRange> next(
      Filling filling, Follower primary, CollectionSchema schema, Duration timeout)
      throws InterruptedException {
    BackendHandle source = primary.backend().orElse(null);
    boolean able =
        !primary.name().equals(follower)
            && source != null
            && !isSpared(primary)
            && isAsFar(primary);
    return able && !hasLetters(filling, primary)
        ? read(filling, primary, source, schema, timeout)
        : Optional.empty();
  }

  /** The primary gathers what comes; it is asked to let that go when it is behind. */
  private boolean isAsFar(Follower primary) throws InterruptedException {
    if (behind.contains(primary.name())) {
      return false;
    }
    long reached = progress.reached();
    if (primary.progress().reached() < reached) {
      primary.progress().want(reached);
      primary.wake();
    }
    boolean there = primary.progress().await(reached, PATIENCE);
    if (!there) {
      behind.add(primary.name());
    }
    return there;
  }

  private boolean isSpared(Follower primary) {
    Long until = sparedUntilNanos.get(primary.name());
    return until != null && node.nanoTime().getAsLong() - until < 0;
  }

  /** What the primary refused it cannot hand on. */
  private boolean hasLetters(Filling filling, Follower primary) {
    boolean refused =
        primary.deadLetters().letters().stream()
            .anyMatch(letter -> letter.row().schema().name().equals(filling.collection));
    filling.obstacle =
        refused
            ? new Filling.Obstacle(
                "SOURCE_INCOMPLETE",
                primary.name()
                    + " has dead letters of "
                    + filling.collection
                    + ", which a copy of it would lack: replay or discard them first")
            : Filling.Obstacle.NONE;
    return refused;
  }

  /**
   * The next range of the primary; empty if it cannot be read. That delays nothing but the filling:
   * what comes to the follower gets nine tenths of the time and more.
   */
  private Optional<SeedRange> read(
      Filling filling,
      Follower primary,
      BackendHandle source,
      CollectionSchema schema,
      Duration timeout)
      throws InterruptedException {
    String after = filling.afterKey;
    long begun = System.nanoTime();
    try {
      return Optional.of(
          node.questions()
              .ask(
                  source,
                  begun + timeout.toNanos(),
                  store -> SeedRange.read(store, schema, after)));
    } catch (BufferException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while a range was read");
      }
      long taken = System.nanoTime() - begun;
      sparedUntilNanos.put(
          primary.name(), node.nanoTime().getAsLong() + Math.max(PAUSE_NANOS, 9 * taken));
      String why = (e.getCause() == null ? e : e.getCause()).getMessage();
      filling.obstacle =
          new Filling.Obstacle("SOURCE_AWAY", primary.name() + " cannot be read: " + why);
      return Optional.empty();
    }
  }
}
