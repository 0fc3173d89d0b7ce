package org.larder.storage.mysql.server;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data of a server that was just made and has ended, kept for others to begin with: making it
 * takes some seconds, copying it does not. Free for any thread and any process.
 */
record DataTemplate(Path folder) {
  /** By it servers of MySQL know each other, so that each makes its own. */
  private static final String IDENTITY = "auto.cnf";

  interface Maker {
    void make(Path data) throws IOException, InterruptedException;
  }

  /** Fills an empty folder; makes the template if it is not there. */
  void copyTo(Path data, Maker maker) throws IOException, InterruptedException {
    if (!Files.exists(folder)) {
      make(maker);
    }
    for (Path file : files(folder)) {
      Path target = data.resolve(folder.relativize(file));
      if (Files.isDirectory(file)) {
        Files.createDirectories(target);
      } else if (!file.endsWith(IDENTITY)) {
        Files.copy(file, target);
      }
    }
  }

  private void make(Maker maker) throws IOException, InterruptedException {
    Files.createDirectories(folder.getParent());
    Path made = Files.createTempDirectory(folder.getParent(), "new-");
    try {
      maker.make(made);
      Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.exists(folder)) {
        throw e;
      }
      // Another process made it at the same time.
    } finally {
      if (Files.exists(made)) {
        delete(made);
      }
    }
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path data) throws IOException {
    List<Path> files = files(data);
    for (int i = files.size() - 1; i >= 0; i--) {
      Files.delete(files.get(i));
    }
  }

  /** All that is in a folder, and it; each after the one that it is in. */
  private static List<Path> files(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
