package org.larder.prove;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.larder.prove.mischief.DiskFull;

/**
 * What the command line asks for.
 *
 * @param kind what is done to the node
 * @param backend with which database
 * @param writeConnections by which each batch is written, if that is MariaDB
 * @param distribution the folder with bin/larder; it is copied
 * @param seconds how long is written, at least
 * @param rounds how often it is done
 * @param hold seconds that an outage or a full disk lasts
 * @param ways in which it is done, in turn; never empty
 * @param rate tasks a second that are written, at most
 * @param writers that write at the same time
 * @param seed of everything that is left to chance
 * @param work where everything lies meanwhile
 * @param disks small file systems that may be filled, if there are any
 * @param json where the result goes as JSON, if anywhere
 * @param keep whether everything stays afterwards
 */
public record ProveOptions(
    Kind kind,
    Backend backend,
    int writeConnections,
    Path distribution,
    int seconds,
    int rounds,
    int hold,
    List<String> ways,
    int rate,
    int writers,
    long seed,
    Path work,
    Optional<Disks> disks,
    Optional<Path> json,
    boolean keep) {

  private static final int MOST_WRITE_CONNECTIONS = 16;

  /** What the help says. */
  public static final String HELP =
      """
      usage: ./larder prove swap|crash|outage|diskfull [options]

      Writes to a node of its own, notes every acknowledgement on the disk, and meanwhile
        swap       stops, updates, replaces, removes and doubles the backend's bundle, leads the
                   records to another backend and back, hangs the backend in a write
        crash      kills the node with SIGKILL and starts it again
        outage     takes the database away for seconds
        diskfull   fills the disk that holds the data, and empties it again
      Then everything is read back and compared with what was acknowledged.

        --backend NAME    %s (sqlite); mysql is a MariaDB that is started for this
        --write-connections N
                          mysql: the connections that write one batch (1)
        --seconds N       how long is written, at least (20)
        --rounds N        how often it is done (once in each way, but crash 5 times at least
                          and others 2); they share the seconds
        --hold N          seconds that an outage or a full disk lasts (3)
        --ways A,B        only in these ways, in turn:
                          swap      update, drop-in, stop, remove, side-by-side, route,
                                    route-alone; mysql also: route-sqlite,
                                    route-sqlite-alone, hang, hang-early
                          crash     node, node-again; mysql also: both, database-first
                          outage    sqlite: lock, stop; mysql: kill, shutdown, pause, stop
                          diskfull  both, journal, database
        --rate N          tasks a second (2000)
        --writers N       writers at the same time (4)
        --seed N          of everything that is left to chance (the time)
        --work FOLDER     where everything lies meanwhile (the system's temporary folder)
        --disk FOLDER     for diskfull: a mounted file system of at most 8 GB that may be filled;
                          without it two are mounted in memory, which needs root or user namespaces
        --database-disk FOLDER
                          another one, for the database alone
        --json FILE       write the result to FILE as well
        --keep            leave everything there; what failed is always left
        --help            this text

      exit codes: 0 proved; 1 something is wrong, see the lines with FAULT; 2 misused;
                  3 not proved: the mischief could not be done, or not begun: there is no
                  folder to work in, or node or database did not start at all
      """;

  /** Says what is wrong with the command line. */
  public static final class BadOptionException extends Exception {
    private static final long serialVersionUID = 1;

    BadOptionException(String message) {
      super(message);
    }
  }

  /** Reads the command line. */
  public static ProveOptions parse(List<String> arguments) throws BadOptionException {
    Words words = new Words(arguments);
    Kind kind = constant(Kind.values(), words.next("what to prove"));
    Backend backend = Backend.SQLITE;
    int writeConnections = 1;
    Optional<Path> distribution = Optional.empty();
    int seconds = 20;
    int rounds = 0;
    int hold = 3;
    Optional<String> ways = Optional.empty();
    int rate = 2_000;
    int writers = 4;
    long seed = System.currentTimeMillis();
    Path work = Path.of(System.getProperty("java.io.tmpdir"));
    Optional<Path> disk = Optional.empty();
    Optional<Path> databaseDisk = Optional.empty();
    Optional<Path> json = Optional.empty();
    boolean keep = false;
    while (words.hasNext()) {
      String option = words.next("an option");
      switch (option) {
        case "--backend" -> backend = constant(Backend.values(), words.next(option));
        case "--write-connections" -> writeConnections = words.number(option);
        case "--dist" -> distribution = Optional.of(words.path(option));
        case "--seconds" -> seconds = words.number(option);
        case "--rounds" -> rounds = words.number(option);
        case "--hold" -> hold = words.number(option);
        case "--ways" -> ways = Optional.of(words.next(option));
        case "--rate" -> rate = words.number(option);
        case "--writers" -> writers = words.number(option);
        case "--seed" -> seed = words.longNumber(option);
        case "--work" -> work = words.path(option);
        case "--disk" -> disk = Optional.of(words.path(option));
        case "--database-disk" -> databaseDisk = Optional.of(words.path(option));
        case "--json" -> json = Optional.of(words.path(option));
        case "--keep" -> keep = true;
        default -> throw new BadOptionException("unknown option " + option);
      }
    }
    if (writeConnections > 1 && backend != Backend.MYSQL) {
      throw new BadOptionException("--write-connections is for --backend mysql");
    }
    if (writeConnections > MOST_WRITE_CONNECTIONS) {
      throw new BadOptionException(
          "--write-connections is " + MOST_WRITE_CONNECTIONS + " at most, not " + writeConnections);
    }
    Optional<Disks> disks = disks(kind, disk, databaseDisk);
    List<String> chosen = ways(ways, kind, backend, disks);
    return new ProveOptions(
        kind,
        backend,
        writeConnections,
        distribution.orElseThrow(
            () -> new BadOptionException("--dist is missing: the folder of the distribution")),
        seconds,
        rounds > 0 ? rounds : kind.rounds(chosen.size()),
        hold,
        chosen,
        rate,
        writers,
        seed,
        work,
        disks,
        json,
        keep);
  }

  /** The names of the constants, as the command line has them. */
  static String names(Object[] constants) {
    return String.join(", ", Stream.of(constants).map(Object::toString).toList());
  }

  private static <T extends Enum<T>> T constant(T[] constants, String name)
      throws BadOptionException {
    for (T constant : constants) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
        return constant;
      }
    }
    throw new BadOptionException("there is " + names(constants) + ", but no " + name);
  }

  private static Optional<Disks> disks(Kind kind, Optional<Path> node, Optional<Path> database)
      throws BadOptionException {
    if (node.isEmpty() && database.isPresent()) {
      throw new BadOptionException("--database-disk wants --disk as well, for the node");
    }
    if (node.isPresent() && kind != Kind.DISKFULL) {
      throw new BadOptionException("--disk is for diskfull, not for " + kind);
    }
    return node.map(path -> new Disks(path, database.orElse(path)));
  }

  private static List<String> ways(
      Optional<String> asked, Kind kind, Backend backend, Optional<Disks> disks)
      throws BadOptionException {
    boolean one = disks.isPresent() && disks.get().isOne();
    List<String> known = one ? DiskFull.WAYS_WITH_ONE_DISK : kind.ways(backend);
    if (asked.isEmpty()) {
      return known;
    }
    List<String> ways = List.of(asked.get().split(",", -1));
    for (String way : ways) {
      if (!known.contains(way)) {
        throw new BadOptionException(
            "no way is named '%s': %s on %s%s has %s"
                .formatted(
                    way, kind, backend, one ? " with one disk" : "", String.join(", ", known)));
      }
    }
    return ways;
  }

  /** The command line, word by word. */
  private static final class Words {
    private final List<String> all;
    private int next;

    Words(List<String> all) {
      this.all = all;
    }

    boolean hasNext() {
      return next < all.size();
    }

    String next(String what) throws BadOptionException {
      if (!hasNext()) {
        throw new BadOptionException("missing at the end: " + what);
      }
      return all.get(next++);
    }

    Path path(String option) throws BadOptionException {
      return Path.of(next(option)).toAbsolutePath().normalize();
    }

    int number(String option) throws BadOptionException {
      String value = next(option);
      if (!value.matches("[1-9][0-9]{0,8}")) {
        throw new BadOptionException(option + " wants a number, not " + value);
      }
      return Integer.parseInt(value);
    }

    long longNumber(String option) throws BadOptionException {
      String value = next(option);
      if (!value.matches("-?[0-9]{1,18}")) {
        throw new BadOptionException(option + " wants a number, not " + value);
      }
      return Long.parseLong(value);
    }
  }
}
