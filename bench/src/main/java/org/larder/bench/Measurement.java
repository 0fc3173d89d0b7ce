package org.larder.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.larder.bench.node.NodeSetup;
import org.larder.bench.report.Report;
import org.larder.prove.node.Folders;

/**
 * What every section measures with.
 *
 * @param distribution what is measured
 * @param effort how long and how often
 * @param work an empty folder on the disk that is measured
 * @param report takes the figures
 * @param progress where people see what is going on
 * @param folders counts the folders that were handed out
 * @param keep whether they stay
 */
public record Measurement(
    Path distribution,
    Effort effort,
    Path work,
    Report report,
    PrintStream progress,
    AtomicInteger folders,
    boolean keep) {

  /** A section of the report. */
  public interface Section {
    /** Measures; throws when it cannot. */
    void run(Measurement measurement) throws Exception;
  }

  /** Says what is being done. */
  public void say(String what) {
    progress.println("  " + what);
  }

  /** A new empty folder. */
  public Path folder(String name) throws IOException {
    return Files.createDirectories(work.resolve(folders.incrementAndGet() + "-" + name));
  }

  /** Gives back the room of all folders so far, which nothing uses any more; unless they stay. */
  public void clear() throws IOException {
    if (!keep) {
      Folders.delete(work);
      Files.createDirectories(work);
    }
  }

  /** A node as it is shipped, in a new folder. */
  public NodeSetup newNode(String name) throws IOException {
    return NodeSetup.shipped(distribution, folder(name));
  }
}
