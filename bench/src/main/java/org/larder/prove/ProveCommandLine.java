package org.larder.prove;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.larder.prove.ProveOptions.BadOptionException;
import org.larder.prove.mischief.DiskFull;

/** The command line while it is read: what it has said so far, the usual values for the rest. */
final class ProveCommandLine {
  private static final int MOST_WRITE_CONNECTIONS = 16;

  /** What the help says; to be formatted with the names of the backends. */
  static final String HELP =
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

  private final Words words;
  private final Kind kind;
  private Backend backend = Backend.SQLITE;
  private int writeConnections = 1;
  private Optional<Path> distribution = Optional.empty();
  private int seconds = 20;
  private int rounds;
  private int hold = 3;
  private Optional<String> ways = Optional.empty();
  private int rate = 2_000;
  private int writers = 4;
  private long seed = System.currentTimeMillis();
  private Path work = Path.of(System.getProperty("java.io.tmpdir"));
  private Optional<Path> disk = Optional.empty();
  private Optional<Path> databaseDisk = Optional.empty();
  private Optional<Path> json = Optional.empty();
  private boolean keep;

  private ProveCommandLine(Words words, Kind kind) {
    this.words = words;
    this.kind = kind;
  }

  /** Reads the whole of it. */
  static ProveOptions read(List<String> arguments) throws BadOptionException {
    Words words = new Words(arguments);
    Kind kind = constant(Kind.values(), words.next("what to prove"));
    ProveCommandLine line = new ProveCommandLine(words, kind);
    while (words.hasNext()) {
      line.take(words.next("an option"));
    }
    return line.options();
  }

  private void take(String option) throws BadOptionException {
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

  private ProveOptions options() throws BadOptionException {
    requireWriteConnections();
    Optional<Disks> disks = disks();
    List<String> chosen = chosen(disks);
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

  private void requireWriteConnections() throws BadOptionException {
    if (writeConnections > 1 && backend != Backend.MYSQL) {
      throw new BadOptionException("--write-connections is for --backend mysql");
    }
    if (writeConnections > MOST_WRITE_CONNECTIONS) {
      throw new BadOptionException(
          "--write-connections is " + MOST_WRITE_CONNECTIONS + " at most, not " + writeConnections);
    }
  }

  private Optional<Disks> disks() throws BadOptionException {
    if (disk.isEmpty() && databaseDisk.isPresent()) {
      throw new BadOptionException("--database-disk wants --disk as well, for the node");
    }
    if (disk.isPresent() && kind != Kind.DISKFULL) {
      throw new BadOptionException("--disk is for diskfull, not for " + kind);
    }
    return disk.map(path -> new Disks(path, databaseDisk.orElse(path)));
  }

  private List<String> chosen(Optional<Disks> disks) throws BadOptionException {
    boolean one = disks.isPresent() && disks.get().isOne();
    List<String> known = one ? DiskFull.WAYS_WITH_ONE_DISK : kind.ways(backend);
    if (ways.isEmpty()) {
      return known;
    }
    List<String> chosen = List.of(ways.get().split(",", -1));
    for (String way : chosen) {
      if (!known.contains(way)) {
        throw new BadOptionException(
            "no way is named '%s': %s on %s%s has %s"
                .formatted(
                    way, kind, backend, one ? " with one disk" : "", String.join(", ", known)));
      }
    }
    return chosen;
  }

  private static <T extends Enum<T>> T constant(T[] constants, String name)
      throws BadOptionException {
    for (T constant : constants) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
        return constant;
      }
    }
    throw new BadOptionException("there is " + ProveOptions.names(constants) + ", but no " + name);
  }

  /** What has not been read yet. */
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
