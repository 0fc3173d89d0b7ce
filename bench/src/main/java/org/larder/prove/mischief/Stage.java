package org.larder.prove.mischief;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.larder.prove.ProveOptions;
import org.larder.prove.database.DatabaseUnderProof;
import org.larder.prove.load.Answers;
import org.larder.prove.load.Load;
import org.larder.prove.node.NodeUnderProof;

/** Where mischief is done, and what it noted; for one thread. */
public final class Stage {
  private static final Duration LEAST_REST = Duration.ofMillis(300);

  private final ProveOptions options;
  private final DatabaseUnderProof database;
  private final NodeUnderProof node;
  private final Answers answers;
  private final Load load;
  private final PrintStream progress;
  private final SplittableRandom random;
  private final long beginNanos = System.nanoTime();
  private final List<Round> rounds = new ArrayList<>();
  private final Map<String, String> figures = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> unproved = new ArrayList<>();

  /** With a node that runs and writers that write. */
  public Stage(
      ProveOptions options,
      DatabaseUnderProof database,
      NodeUnderProof node,
      Answers answers,
      Load load,
      PrintStream progress) {
    this.options = options;
    this.database = database;
    this.node = node;
    this.answers = answers;
    this.load = load;
    this.progress = progress;
    this.random = new SplittableRandom(options.seed() + 1);
  }

  ProveOptions options() {
    return options;
  }

  DatabaseUnderProof database() {
    return database;
  }

  NodeUnderProof node() {
    return node;
  }

  Answers answers() {
    return answers;
  }

  SplittableRandom random() {
    return random;
  }

  /** Says what is going on. */
  void say(String what) {
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    progress.printf(
        Locale.ROOT, "  %6.1f s  %,10d acknowledged  %s%n", seconds, answers.items(), what);
  }

  /** Lets the writers write until it is time for that round; the rounds share the time evenly. */
  public void rest(int round) throws IOException {
    double share = (double) round / (options.rounds() + 1);
    long due = beginNanos + (long) (options.seconds() * 1e9 * share);
    pause(Duration.ofNanos(Math.max(LEAST_REST.toNanos(), due - System.nanoTime())));
  }

  /** Lets the writers write for that long. */
  void pause(Duration pause) throws IOException {
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    load.check();
  }

  /** How long it takes until the database has all that was acknowledged before this call. */
  public Duration catchUp() throws IOException {
    return CatchUp.measure(node::flush, load::check, System::nanoTime);
  }

  /** Notes a round that began then, now that the database is back; waits until it has caught up. */
  void done(int number, String what, long begunNanos) throws IOException {
    Duration took = Duration.ofNanos(System.nanoTime() - begunNanos);
    Round round = new Round(number, what, took, catchUp());
    rounds.add(round);
    say(
        String.format(
            Locale.ROOT,
            "round %d: %s, %.1f s, caught up after %.2f s",
            number,
            what,
            took.toMillis() / 1e3,
            round.caughtUp().toMillis() / 1e3));
  }

  /** Notes a fault unless every single write was answered with 202. */
  void requireOnlyAccepted() {
    if (!answers.others().isEmpty()) {
      fault("not every write was answered with 202");
    }
  }

  /** Notes a fault unless the database's native library, if it has one, is in memory once. */
  void requireOneLibrary() throws IOException {
    if (database.nativeLibrary().isPresent()) {
      Set<String> mapped = node.mapped(database.nativeLibrary().get());
      figure("native libraries of the database in memory", "" + mapped.size());
      if (mapped.size() != 1) {
        fault("one native library should be mapped, not " + mapped);
      }
    }
  }

  /** Notes something worth knowing. */
  void figure(String name, String value) {
    figures.put(name, value);
  }

  /** Notes that the node did what it must not do. */
  public void fault(String what) {
    faults.add(what);
  }

  /** Notes that the mischief was not what it should have been, so that nothing is proved. */
  void unproved(String why) {
    unproved.add(why);
  }

  /** What was done. */
  public List<Round> rounds() {
    return List.copyOf(rounds);
  }

  /** What is worth knowing besides. */
  public Map<String, String> figures() {
    return figures;
  }

  /** What the node must not do and did. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** Why nothing is proved. */
  public List<String> unproved() {
    return List.copyOf(unproved);
  }
}
