package org.larder.shell.internal;

import java.util.Optional;

/** What each command is for. */
enum Help {
  HEALTH("health", "whether all is well, and if not, what is wrong"),
  BACKENDS("backends", "the backends and blob stores that are there, with state and size"),
  COLLECTIONS("collections [name]", "the collections, or the fields of one"),
  BUFFER("buffer", "what the journal holds and what is still to be drained"),
  FOLLOWERS("followers", "how far each backend has followed the journal"),
  FLUSH("flush [seconds]", "drain everything accepted so far, within 30 s unless said"),
  DEAD("dead [sequence]", "what backends refused, or one of these letters in full"),
  REPLAY(
      "replay <follower> [key]",
      "offer dead letters to their backend once more, a record's in order",
      "--all           those of all records; without a choice, only lists them",
      "--sequence n    those of the record of this letter; with the key if others share n",
      "--collection c  of this collection only"),
  DISCARD(
      "discard <follower> [key]",
      "give dead letters up: their changes will never reach the backend",
      "--all           those of all records",
      "--sequence n    this letter alone; later ones of its record can be replayed then;",
      "                with the key if letters of other records share n",
      "--collection c  of this collection only",
      "--yes           do it; without, only lists them"),
  ROUTES("routes", "which backends get which records, and how far each is"),
  ROUTE(
      "route <collection|all> [primary]",
      "the route of a collection, or of all others; or another in its place",
      "--mirrors a,b   backends that get a copy",
      "--read-from a   the mirror that answers while the primary is away",
      "--remove        no route of its own any more"),
  SWAP(
      "swap <collection|all> <backend>",
      "make a mirror the primary, and the primary a mirror",
      "Reads move when the new primary has reached the place of the swap."),
  MIGRATE(
      "migrate <collection|all> <from> <to>",
      "move a collection to another backend while writes go on",
      "--dry-run       only say what would be done",
      "--mirror        end as a mirror that was compared, without a cut-over",
      "--primary       refuse if the backend cannot become the primary",
      "migrate                 all migrations, newest first",
      "migrate status <id>     one of them: progress, rate, what it waits for",
      "migrate rollback <id>   give the old route back, after the cut-over as well",
      "migrate cancel <id>     end it before the cut-over, and give the old route back"),
  QUERY(
      "query <collection> [field=value ...]",
      "records of a collection",
      "field:ne=value  other comparisons: lt, le, gt, ge, prefix, contains",
      "--sort field    in that order; -field for the greatest first",
      "--limit rows    at most so many (20)",
      "--fields a,b    these fields only",
      "--consistency c stored (as it is in the backend), buffered or flushed",
      "--long          one field a line, nothing cut off"),
  STATS("stats", "totals since the start: items, forces, batches, memory"),
  RECOVERY("recovery", "what the last start cut, quarantined and replayed"),
  ADOPT(
      "adopt <follower>",
      "let a halted follower go on with the store that it found, fill a stale one anew",
      "--yes           do it; without, only says what would be done to a halted one"),
  HELP("help [command]", "this list, or one command's options");

  /** What adopting means. */
  static final String ADOPT_WARNING =
      """
      Adopting takes the store as it is: records that neither it nor the journal has are missing
      from then on. A mirror's store becomes a copy of its primary: it is given what it lacks, and
      loses what the primary has not got. What other mirrors of this store have stays as it is.
      Put the right store back if there is one; else repeat with --yes.
      """;

  /** What is missing before anything is discarded. */
  static final String DISCARD_WHICH =
      "Repeat with a key, a --sequence, or with --all, and with --yes.\n";

  /** What discarding means. */
  static final String DISCARD_WARNING =
      "These changes will never reach the backend. Repeat with --yes.\n";

  private final String usage;
  private final String purpose;
  private final String options;

  Help(String usage, String purpose, String... options) {
    this.usage = usage;
    this.purpose = purpose;
    this.options = String.join("\n  ", options);
  }

  static Optional<Help> of(String command) {
    String plain = command.startsWith("larder:") ? command.substring(7) : command;
    for (Help help : values()) {
      if (help.command().equals(plain)) {
        return Optional.of(help);
      }
    }
    return Optional.empty();
  }

  static String all() {
    StringBuilder text = new StringBuilder();
    for (Help help : values()) {
      text.append(String.format("%-21s %s%n", help.command(), help.purpose));
    }
    return text.append("A command followed by --help lists its options.\n").toString();
  }

  String command() {
    return usage.split(" ", 2)[0];
  }

  /** How many words without dashes the command takes. */
  int words() {
    return usage.contains("...") ? Integer.MAX_VALUE : usage.split(" [<\\[]", -1).length - 1;
  }

  String text() {
    String more = options.isEmpty() ? "" : "  " + options + "\n";
    return "larder:" + usage + "\n  " + purpose + "\n" + more;
  }
}
