package org.larder.bench.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Linux says about a process, under /proc.
 *
 * @param cpuMicros processor time it has used so far, its own and the kernel's for it
 * @param residentBytes memory it holds now
 */
public record ProcessFigures(long cpuMicros, long residentBytes) {
  /** Linux counts the ticks of /proc in hundredths of a second on every architecture we run on. */
  private static final long TICK_MICROS = 10_000;

  /** The figures of that process now. */
  public static ProcessFigures of(long pid) throws IOException {
    Path folder = Path.of("/proc", Long.toString(pid));
    return new ProcessFigures(
        cpuMicros(Files.readString(folder.resolve("stat"))),
        residentBytes(Files.readAllLines(folder.resolve("status"))));
  }

  /** The figures of this program now. */
  public static ProcessFigures own() throws IOException {
    return of(ProcessHandle.current().pid());
  }

  static long cpuMicros(String stat) {
    // The name, in brackets, may hold blanks; user and system time are fields 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MICROS;
  }

  static long residentBytes(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
