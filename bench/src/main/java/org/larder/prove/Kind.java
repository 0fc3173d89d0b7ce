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
  /** The backend's bundle is exchanged under load. */
  SWAP(5),
  /** The node is killed again and again. */
  CRASH(5),
  /** The database is away for seconds. */
  OUTAGE(4),
  /** The disk is full for seconds. */
  DISKFULL(2);

  private final int rounds;

  Kind(int rounds) {
    this.rounds = rounds;
  }

  Mischief mischief() {
    return switch (this) {
      case SWAP -> new Swap();
      case CRASH -> new Crash();
      case OUTAGE -> new Interruption();
      case DISKFULL -> new DiskFull();
    };
  }

  /** How often it is done unless something else is said. */
  int rounds() {
    return rounds;
  }

  /** The ways in which it can be done, as far as they do not depend on the database. */
  List<String> ways() {
    return this == SWAP ? Swap.WAYS : List.of();
  }

  /** Its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
