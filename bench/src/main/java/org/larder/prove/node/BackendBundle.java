package org.larder.prove.node;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bundle of a backend in a running node, moved by the node's shell; for one thread. */
public final class BackendBundle {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Pattern ROW =
      Pattern.compile("\\s*(\\d+)\\|(\\w+)\\s*\\|\\s*\\d+\\|(\\S+) \\(([^)]+)\\).*");

  private final NodeUnderProof node;
  private final String symbolicName;

  /**
   * A bundle of one version.
   *
   * @param id the framework's
   * @param state Active and so on
   * @param version the bundle's
   */
  public record Installed(long id, String state, String version) {
    /** Whether it is active in that version. */
    public boolean isActive(String wanted) {
      return state.equals("Active") && version.equals(wanted);
    }
  }

  /** The bundle with that name. */
  public BackendBundle(NodeUnderProof node, String symbolicName) {
    this.node = node;
    this.symbolicName = symbolicName;
  }

  /** All versions that are installed. */
  public List<Installed> installed() throws IOException {
    return node.shell("felix:lb -s " + symbolicName)
        .lines()
        .map(ROW::matcher)
        .filter(row -> row.matches() && row.group(3).equals(symbolicName))
        .map(BackendBundle::installed)
        .toList();
  }

  private static Installed installed(Matcher row) {
    return new Installed(Long.parseLong(row.group(1)), row.group(2), row.group(4));
  }

  /** Stops it. */
  public void stop() throws IOException {
    move("$b stop");
  }

  /** Starts it. */
  public void start() throws IOException {
    move("$b start");
  }

  /** Stops it, reads its jar anew, and starts it. */
  public void update() throws IOException {
    move("$b stop; $b update; $b start");
  }

  private void move(String commands) throws IOException {
    List<Installed> all = installed();
    if (all.size() != 1) {
      throw new IOException("expected one " + symbolicName + ", found " + all);
    }
    node.shell("b = (${.context} getBundle " + all.get(0).id() + "); " + commands);
  }

  /** Says whether what is installed is as wanted. */
  public interface Condition {
    /** Whether it is. */
    boolean test(List<Installed> installed);
  }

  /** Waits until what is installed is as wanted. */
  public void await(String what, Condition condition) throws IOException {
    long begin = System.nanoTime();
    List<Installed> all = installed();
    while (!condition.test(all)) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException(what + " has not happened in time: " + all);
      }
      LockSupport.parkNanos(POLL.toNanos());
      all = installed();
    }
  }
}
