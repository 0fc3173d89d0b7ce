package org.larder.buffer;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a migration is, at one moment.
 *
 * @param id its number, in the order of beginning
 * @param request what was asked
 * @param phase how far it is
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it runs
 * @param total records that the source held when it began
 * @param copied records copied; those that were copied twice because the node was killed count
 *     twice
 * @param verified records found equal, in the last comparison
 * @param perSecond records copied or compared in a second, since the phase began or the node
 *     started; 0 where nothing is counted
 * @param remaining how long the phase may take at this rate; empty if that cannot be told
 * @param comparison what the comparison found so far
 * @param code why it failed, or what it waits for: a code of {@code docs/error-codes.md}; empty if
 *     nothing is in the way
 * @param message the same as a sentence, with what to do about it
 * @param reversible true if {@link Migrations#rollBack} would give the old route back
 */
public record MigrationStatus(
    long id,
    MigrationRequest request,
    Phase phase,
    Instant startedAt,
    Optional<Instant> endedAt,
    long total,
    long copied,
    long verified,
    double perSecond,
    Optional<Duration> remaining,
    Comparison comparison,
    String code,
    String message,
    boolean reversible) {

  /**
   * What was compared.
   *
   * @param ranges ranges of keys found equal on both sides
   * @param digest SHA-256 over the digests of all ranges, in hexadecimal; empty before the end
   * @param took how long comparing took
   * @param held how long the two backends were held for it; what was written meanwhile waited in
   *     the journal
   */
  public record Comparison(long ranges, String digest, Duration took, Duration held) {
    /** Nothing was compared yet. */
    public static final Comparison NONE = new Comparison(0, "", Duration.ZERO, Duration.ZERO);
  }

  /** How far a migration is. */
  public enum Phase {
    /** Checked and noted; no route was changed yet. */
    PREPARED,
    /** The target is a mirror and is being filled. */
    BACKFILLING,
    /** It has all, and follows what was written meanwhile. */
    CATCHING_UP,
    /** The two are compared. */
    VERIFYING,
    /** The target is the primary; reads move when it has reached the place of the swap. */
    CUT_OVER,
    /** The old route is being given back. */
    ROLLING_BACK,
    /** The target is the primary, and is read from; the source is a mirror. */
    DONE,
    /** The target is a mirror that was compared; the source stays the primary. */
    MIRRORED,
    /** It stopped; the target is a mirror still, the source the primary. */
    FAILED,
    /** The old route holds again. */
    ROLLED_BACK,
    /** It was given up before the cut-over, and the old route holds again. */
    CANCELLED;

    /** True if nothing happens any more by itself. */
    public boolean isEnd() {
      return compareTo(ROLLING_BACK) > 0;
    }

    /** The name on the wire, in lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
