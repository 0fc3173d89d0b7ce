package org.larder.prove;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** Says what is wrong with the command line. */
  public static final class BadOptionException extends Exception {
    private static final long serialVersionUID = 1;

    BadOptionException(String message) {
      super(message);
    }
  }

  /** Reads the command line. */
  public static ProveOptions parse(List<String> arguments) throws BadOptionException {
    return ProveCommandLine.read(arguments);
  }

  /** The names of the constants, as the command line has them. */
  static String names(Object[] constants) {
    return String.join(", ", Stream.of(constants).map(Object::toString).toList());
  }
}
