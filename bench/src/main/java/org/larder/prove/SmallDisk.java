package org.larder.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small file system in memory, seen by this program's child only: {@code unshare} gives it a
 * namespace of its own, which an ordinary user may have on most systems, and nothing has to be
 * unmounted afterwards. For one thread.
 */
final class SmallDisk {
  private static final List<List<String>> WAYS =
      List.of(List.of("unshare", "-Urm"), List.of("unshare", "-m"));
  private static final long LEAST_MB = 160;
  private static final long MOST_MB = 4_096;

  /** What a task takes in journal and database together, with much to spare. */
  private static final long BYTES_PER_TASK = 2_500;

  private SmallDisk() {}

  /** Runs this program again with a disk that it may fill; empty if no such disk can be had. */
  static Optional<Integer> runOn(ProveOptions options, List<String> arguments) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(options.work()), "larder-disk");
    try {
      for (List<String> way : WAYS) {
        if (run(command(way, folder, LEAST_MB, List.of("true")), false) == 0) {
          List<String> again = new ArrayList<>();
          again.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
          again.addAll(List.of("-cp", System.getProperty("java.class.path")));
          again.add(Prove.class.getName());
          again.addAll(arguments);
          again.addAll(List.of("--disk", folder.toString()));
          return Optional.of(run(command(way, folder, megabytes(options), again), true));
        }
      }
      return Optional.empty();
    } finally {
      Files.delete(folder);
    }
  }

  private static long megabytes(ProveOptions options) {
    long tasks = (long) options.rate() * (options.seconds() + 30L * options.rounds());
    return Math.min(MOST_MB, LEAST_MB + tasks * BYTES_PER_TASK / 1_000_000);
  }

  private static List<String> command(
      List<String> way, Path folder, long megabytes, List<String> program) {
    List<String> command = new ArrayList<>(way);
    String mount = "mount -t tmpfs -o size=" + megabytes + "m larder-prove \"$0\" && exec \"$@\"";
    command.addAll(List.of("sh", "-c", mount, folder.toString()));
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
