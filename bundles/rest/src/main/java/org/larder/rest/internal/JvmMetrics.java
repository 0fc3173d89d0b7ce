package org.larder.rest.internal;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.larder.buffer.Metric;
import org.larder.buffer.MetricSource;

/** What the Java machine and its process take. Free for any thread. */
final class JvmMetrics implements MetricSource {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final long KIBIBYTE = 1024;
  private static final double MILLIS_A_SECOND = 1000.0;

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    String used = "larder_jvm_memory_used_bytes";
    String help = "Memory in use";
    metrics.add(
        gauge(used, help, Map.of("area", "heap"), (double) memory.getHeapMemoryUsage().getUsed()));
    metrics.add(
        gauge(
            used,
            help,
            Map.of("area", "nonheap"),
            (double) memory.getNonHeapMemoryUsage().getUsed()));
    metrics.add(
        gauge(
            "larder_jvm_memory_max_bytes",
            "The heap's bound",
            Map.of("area", "heap"),
            (double) memory.getHeapMemoryUsage().getMax()));
    metrics.add(
        gauge(
            "larder_jvm_threads",
            "Threads alive",
            Map.of(),
            ManagementFactory.getThreadMXBean().getThreadCount()));
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      metrics.add(
          new Metric(
              "larder_jvm_gc_seconds_total",
              Metric.Type.COUNTER,
              "Time spent in garbage collections",
              Map.of("collector", collector.getName()),
              collector.getCollectionTime() / MILLIS_A_SECOND));
    }
    metrics.add(
        gauge(
            "larder_process_uptime_seconds",
            "Time since the start",
            Map.of(),
            ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS_A_SECOND));
    Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    metrics.add(
        new Metric(
            "larder_process_cpu_seconds_total",
            Metric.Type.COUNTER,
            "CPU time taken",
            Map.of(),
            cpu.toMillis() / MILLIS_A_SECOND));
    residentBytes()
        .ifPresent(
            bytes ->
                metrics.add(
                    gauge(
                        "larder_process_resident_memory_bytes",
                        "Resident memory",
                        Map.of(),
                        (double) bytes)));
    return metrics;
  }

  private static Metric gauge(String name, String help, Map<String, String> labels, double value) {
    return new Metric(name, Metric.Type.GAUGE, help, labels, value);
  }

  /** Known where there is a {@code /proc}. */
  private static OptionalLong residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(RESIDENT)) {
          String kibibytes = line.substring(RESIDENT.length()).replace("kB", "").strip();
          return OptionalLong.of(Long.parseLong(kibibytes) * KIBIBYTE);
        }
      }
    } catch (IOException e) {
      // Not this system: the sample is left out.
    }
    return OptionalLong.empty();
  }
}
