package org.larder.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param distribution the folder with bin/larder
 * @param only names of the sections to run; empty for all
 * @param quick whether a short run is wanted, to see that everything works
 * @param runs how often each figure is taken, if said
 * @param seconds how long the longest loads last, if said
 * @param rows tasks of the large data set of the queries and of the migration, if said
 * @param json where the figures go as JSON, if anywhere
 * @param work where nodes keep their data, if not in the system's folder for temporary files
 * @param keep whether that data stays afterwards
 * @param help whether only the help is wanted
 */
public record Options(
    Path distribution,
    List<String> only,
    boolean quick,
    Optional<Integer> runs,
    Optional<Integer> seconds,
    Optional<Integer> rows,
    Optional<Path> json,
    Optional<Path> work,
    boolean keep,
    boolean help) {

  /** What the help says. */
  public static final String HELP =
      """
      usage: ./larder bench [options]     or: java -jar larder-bench.jar --dist <folder> [options]

        --dist FOLDER     the distribution to measure (./larder bench fills this in)
        --quick           everything, but short: shows that it works, not how fast it is
        --only A,B        only these sections: %s
        --runs N          take each figure N times and show the median (5; quick: 1)
        --seconds N       length of the longest loads (30; quick: 2)
        --rows N          tasks of the large data set of the queries and of the migration
                          (1000000; quick: 20000)
        --json FILE       write every value of every run to FILE as well
        --work FOLDER     where nodes keep their data meanwhile (the system's temporary folder);
                          the disk that is measured is the one it lies on
        --keep            leave that data there
        --help            this text

      environment:
        BENCH_JDKS        folders of further JDKs to start the node on, separated as in PATH
      """;

  /** Says what is wrong with the command line. */
  public static final class BadOptionException extends Exception {
    private static final long serialVersionUID = 1;

    BadOptionException(String message) {
      super(message);
    }
  }

  /** Reads the command line; {@code sections} are the names that exist. */
  public static Options parse(List<String> arguments, List<String> sections)
      throws BadOptionException {
    Path distribution = null;
    List<String> only = new ArrayList<>();
    boolean quick = false;
    boolean keep = false;
    boolean help = false;
    Optional<Integer> runs = Optional.empty();
    Optional<Integer> seconds = Optional.empty();
    Optional<Integer> rows = Optional.empty();
    Optional<Path> json = Optional.empty();
    Optional<Path> work = Optional.empty();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--quick" -> quick = true;
        case "--keep" -> keep = true;
        case "--help", "-h" -> help = true;
        case "--dist" -> distribution = path(arguments, ++i);
        case "--json" -> json = Optional.of(path(arguments, ++i));
        case "--work" -> work = Optional.of(path(arguments, ++i));
        case "--runs" -> runs = Optional.of(number(arguments, ++i));
        case "--seconds" -> seconds = Optional.of(number(arguments, ++i));
        case "--rows" -> rows = Optional.of(number(arguments, ++i));
        case "--only" -> {
          only.addAll(List.of(value(arguments, ++i).split(",")));
          for (String name : only) {
            if (!sections.contains(name)) {
              throw new BadOptionException("no section is named " + name + ": " + sections);
            }
          }
        }
        default -> throw new BadOptionException("unknown option " + argument);
      }
    }
    if (distribution == null && !help) {
      throw new BadOptionException("--dist is missing: the folder of the distribution to measure");
    }
    return new Options(
        distribution, List.copyOf(only), quick, runs, seconds, rows, json, work, keep, help);
  }

  private static String value(List<String> arguments, int index) throws BadOptionException {
    if (index >= arguments.size()) {
      throw new BadOptionException("a value is missing after " + arguments.get(index - 1));
    }
    return arguments.get(index);
  }

  private static Path path(List<String> arguments, int index) throws BadOptionException {
    return Path.of(value(arguments, index)).toAbsolutePath().normalize();
  }

  private static int number(List<String> arguments, int index) throws BadOptionException {
    String value = value(arguments, index);
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new BadOptionException(arguments.get(index - 1) + " wants a number, not " + value);
    }
    return Integer.parseInt(value);
  }
}
