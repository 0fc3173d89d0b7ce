package org.larder.node.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.larder.storage.spi.LockFile;

/**
 * The right to use a data folder, held as a lock of the operating system and so given back even by
 * a process that was killed. Used by the thread that starts and stops the bundle.
 */
final class DataFolderLock implements AutoCloseable {
  private final LockFile lock;
  private final Path pidFile;

  private DataFolderLock(LockFile lock, Path pidFile) {
    this.lock = lock;
    this.pidFile = pidFile;
  }

  static DataFolderLock acquire(NodeSettings settings) throws StartRefusedException {
    Path run = settings.run();
    Path pidFile = run.resolve("node.pid");
    try {
      Files.createDirectories(run);
      LockFile lock = LockFile.tryTake(run.resolve("node.lock")).orElse(null);
      if (lock == null) {
        throw new StartRefusedException(
            StartRefusedException.DATA_IN_USE,
            "another node"
                + owner(pidFile)
                + " is running on the data folder "
                + settings.data()
                + "; stop it, or set LARDER_DATA to another folder");
      }
      // In this order: who waits for the node looks for its id first.
      Files.deleteIfExists(run.resolve("ready"));
      Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
      return new DataFolderLock(lock, pidFile);
    } catch (IOException e) {
      throw new StartRefusedException(
          StartRefusedException.BAD_SETTING,
          "cannot use the data folder " + settings.data() + ": " + e,
          e);
    }
  }

  private static String owner(Path pidFile) throws IOException {
    try {
      return " (process " + Files.readString(pidFile).strip() + ")";
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** Removes what earlier processes, killed before they could tidy up, left in the run folder. */
  static void sweep(Path run, Path ownCache) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> entries = Files.list(run)) {
      leftovers =
          entries
              .filter(entry -> entry.getFileName().toString().startsWith("cache-"))
              .filter(entry -> !entry.equals(ownCache))
              .toList();
    }
    for (Path leftover : leftovers) {
      delete(leftover);
    }
  }

  /** Deletes a file, or a folder with all that is in it. */
  static void delete(Path path) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(pidFile);
    lock.close();
  }
}
