package org.larder.buffer;

import java.time.Duration;

/**
 * How one follower is, at one moment.
 *
 * @param name the follower
 * @param backend the backend it feeds
 * @param state what it is doing
 * @param code why it is halted or backing off; empty otherwise
 * @param message why, and what to do about it; empty otherwise
 * @param position the next sequence that it has to apply; −1 before it has met its backend
 * @param durablePosition the journal is kept from here on
 * @param end the next sequence that the journal will give out
 * @param oldestPending how long the oldest record has waited; zero if none waits
 * @param batches batches written since the start
 * @param items mutations written since the start, after folding
 * @param retries attempts that failed since the start
 * @param deadLetters letters kept
 */
public record FollowerStatus(
    String name,
    String backend,
    State state,
    String code,
    String message,
    long position,
    long durablePosition,
    long end,
    Duration oldestPending,
    long batches,
    long items,
    long retries,
    int deadLetters) {

  /** What a follower is doing. */
  public enum State {
    /** Its backend is not there. */
    AWAY,
    /** It writes, or waits for something to write. */
    FOLLOWING,
    /** It does so as well, but its store is still being filled with what came before. */
    SEEDING,
    /** It was given up because it was too far behind, and waits for a person. */
    STALE,
    /** A call failed; it will try again. */
    BACKING_OFF,
    /** It waits for a person. */
    HALTED,
    /** The node stops. */
    STOPPED;

    /** Whether {@link BufferControl#adopt} makes it go on. */
    public boolean isAdoptable() {
      return this == HALTED || this == STALE;
    }
  }

  /**
   * How many sequences it is behind; before it has met its backend, how many the journal keeps for
   * it.
   */
  public long lag() {
    return end - Math.max(0, Math.max(position, durablePosition));
  }
}
