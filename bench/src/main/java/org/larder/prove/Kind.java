package org.larder.prove;

import java.util.List;
import java.util.Locale;
import org.larder.prove.mischief.Crash;
import org.larder.prove.mischief.DiskFull;
import org.larder.prove.mischief.Interruption;
import org.larder.prove.mischief.Mischief;
import org.larder.prove.mischief.Swap;

/** What can be proved. */
public enum Kind {
  /** The backend is exchanged under load: its bundle, or the route to it. */
  SWAP,
  /** The node is killed again and again. */
  CRASH,
  /** The database is away for seconds. */
  OUTAGE,
  /** The disk is full for seconds. */
  DISKFULL;

  private static final int ROUNDS_OF_CRASH = 5;
  private static final int LEAST_ROUNDS = 2;

  Mischief mischief() {
    return switch (this) {
      case SWAP -> new Swap();
      case CRASH -> new Crash();
      case OUTAGE -> new Interruption();
      case DISKFULL -> new DiskFull();
    };
  }

  /** How often it is done in so many ways unless something else is said. */
  int rounds(int ways) {
    return Math.max(this == CRASH ? ROUNDS_OF_CRASH : LEAST_ROUNDS, ways);
  }

  /** The ways in which it can be done, in the order in which they are used. */
  List<String> ways(Backend backend) {
    boolean server = backend == Backend.MYSQL;
    return switch (this) {
      case SWAP -> server ? Swap.WAYS_WITH_SERVER : Swap.WAYS_WITH_FILE;
      case CRASH -> server ? Crash.WAYS_WITH_SERVER : Crash.WAYS_WITH_FILE;
      case OUTAGE -> server ? Interruption.WAYS_WITH_SERVER : Interruption.WAYS_WITH_FILE;
      case DISKFULL -> DiskFull.WAYS;
    };
  }

  /** Its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
