package org.larder.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two small file systems in memory, seen by this program's child only: {@code unshare} gives it a
 * namespace of its own, which an ordinary user may have on most systems, and nothing has to be
 * unmounted afterwards. For one thread.
 */
final class SmallDisk {
  private static final List<List<String>> WAYS =
      List.of(List.of("unshare", "-Urm"), List.of("unshare", "-m"));
  private static final long LEAST_NODE_MB = 160;
  private static final long LEAST_FILE_MB = 40;
  private static final long LEAST_SERVER_MB = 250;
  private static final long MOST_MB = 4_096;

  /** What a task takes in the database, with much to spare. */
  private static final long BYTES_PER_TASK = 2_500;

  private static final String MOUNT =
      "mount -t tmpfs -o size=%dm larder-prove \"$0\" &&"
          + " mount -t tmpfs -o size=%dm larder-prove \"$1\" && shift && exec \"$@\"";

  private SmallDisk() {}

  /** Runs this program again with disks that it may fill; empty if no such disks can be had. */
  static Optional<Integer> runOn(ProveOptions options, List<String> arguments) throws IOException {
    Path work = Files.createDirectories(options.work());
    Path node = Files.createTempDirectory(work, "larder-disk");
    Path database = Files.createTempDirectory(work, "larder-disk");
    try {
      String mount = MOUNT.formatted(LEAST_NODE_MB, databaseMegabytes(options));
      for (List<String> way : WAYS) {
        List<String> mounting = new ArrayList<>(way);
        mounting.addAll(List.of("sh", "-c", mount, node.toString(), database.toString()));
        if (run(with(mounting, List.of("true")), false) == 0) {
          List<String> again = new ArrayList<>();
          again.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
          again.addAll(List.of("-cp", System.getProperty("java.class.path")));
          again.add(Prove.class.getName());
          again.addAll(arguments);
          again.addAll(List.of("--disk", node.toString(), "--database-disk", database.toString()));
          return Optional.of(run(with(mounting, again), true));
        }
      }
      return Optional.empty();
    } finally {
      Files.delete(node);
      Files.delete(database);
    }
  }

  private static long databaseMegabytes(ProveOptions options) {
    long tasks = (long) options.rate() * (options.seconds() + 30L * options.rounds());
    long least = options.backend() == Backend.MYSQL ? LEAST_SERVER_MB : LEAST_FILE_MB;
    return Math.min(MOST_MB, least + tasks * BYTES_PER_TASK / 1_000_000);
  }

  private static List<String> with(List<String> mounting, List<String> program) {
    List<String> command = new ArrayList<>(mounting);
    command.addAll(program);
    return command;
  }

  private static int run(List<String> command, boolean shown) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (shown) {
      builder.inheritIO();
    }
    try {
      Process process = builder.start();
      if (!shown) {
        process.getOutputStream().close();
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a proof ran", e);
    } catch (IOException e) {
      if (shown) {
        throw e;
      }
      return -1; // There is no such program, so this is not the way.
    }
  }
}
