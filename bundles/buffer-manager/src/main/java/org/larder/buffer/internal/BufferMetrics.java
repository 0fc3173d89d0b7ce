package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Metric;
import org.larder.buffer.MetricSource;
import org.larder.storage.spi.PoolUsage;

/** The buffer's figures for dashboards; free for any thread. */
final class BufferMetrics implements MetricSource {
  private final Buffer buffer;

  BufferMetrics(Buffer buffer) {
    this.buffer = buffer;
  }

  @Override
  public List<Metric> metrics() {
    BufferStatus status = buffer.status();
    List<Metric> metrics = new ArrayList<>();
    counter(
        metrics,
        "larder_items_acknowledged_total",
        "Items acknowledged.",
        Map.of(),
        status.acknowledgedItems());
    gauge(
        metrics,
        "larder_in_flight_bytes",
        "Bytes of requests being taken in.",
        Map.of(),
        buffer.inFlightBytes());
    status
        .pending()
        .forEach(
            (collection, count) ->
                gauge(
                    metrics,
                    "larder_pending_records",
                    "Records not in the primary yet.",
                    Map.of("collection", collection),
                    count));
    journal(metrics, status.journal());
    status.followers().forEach(follower -> follower(metrics, follower));
    buffer.pools().forEach((backend, usage) -> pool(metrics, backend, usage));
    return metrics;
  }

  private static void pool(List<Metric> metrics, String backend, PoolUsage usage) {
    Map.of("active", usage.active(), "idle", usage.idle())
        .forEach(
            (state, count) ->
                gauge(
                    metrics,
                    "larder_backend_pool_connections",
                    "Connections of a backend's pool.",
                    Map.of("backend", backend, "state", state),
                    count));
    Map<String, String> labels = Map.of("backend", backend);
    gauge(
        metrics,
        "larder_backend_pool_max_connections",
        "Connections that the pool may have.",
        labels,
        usage.max());
    gauge(
        metrics,
        "larder_backend_pool_waiting_threads",
        "Threads that wait for a connection.",
        labels,
        usage.waiting());
  }

  private static void journal(List<Metric> metrics, JournalStatus journal) {
    gauge(
        metrics,
        "larder_journal_live_bytes",
        "Bytes kept for the followers.",
        Map.of(),
        journal.liveBytes());
    gauge(
        metrics, "larder_journal_max_bytes", "Bound of the journal.", Map.of(), journal.maxBytes());
    gauge(
        metrics,
        "larder_journal_segments",
        "Files that hold frames.",
        Map.of(),
        journal.segments());
    counter(
        metrics,
        "larder_journal_forces_total",
        "Groups forced to the disk.",
        Map.of(),
        journal.groups());
    counter(
        metrics,
        "larder_journal_force_seconds_total",
        "Time spent in forces.",
        Map.of(),
        seconds(journal.forceTotal()));
    gauge(
        metrics,
        "larder_journal_force_max_seconds",
        "Longest force.",
        Map.of(),
        seconds(journal.forceMax()));
    counter(
        metrics,
        "larder_journal_failed_forces_total",
        "Groups that could not be forced.",
        Map.of(),
        journal.failedForces());
  }

  private static void follower(List<Metric> metrics, FollowerStatus follower) {
    Map<String, String> labels = Map.of("follower", follower.name());
    gauge(
        metrics,
        "larder_follower_lag_records",
        "Sequences behind the journal's end.",
        labels,
        follower.lag());
    gauge(
        metrics,
        "larder_follower_oldest_pending_seconds",
        "Wait of the oldest record.",
        labels,
        seconds(follower.oldestPending()));
    gauge(
        metrics,
        "larder_follower_up",
        "1 while it follows, 0 otherwise.",
        labels,
        follower.state() == FollowerStatus.State.FOLLOWING ? 1 : 0);
    counter(
        metrics, "larder_follower_batches_total", "Batches written.", labels, follower.batches());
    counter(
        metrics,
        "larder_follower_mutations_total",
        "Mutations written, after folding.",
        labels,
        follower.items());
    counter(
        metrics,
        "larder_follower_failures_total",
        "Attempts that failed.",
        labels,
        follower.retries());
    gauge(metrics, "larder_dead_letters", "Dead letters kept.", labels, follower.deadLetters());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static void counter(
      List<Metric> metrics, String name, String help, Map<String, String> labels, Number value) {
    metrics.add(new Metric(name, Metric.Type.COUNTER, help, labels, value.doubleValue()));
  }

  private static void gauge(
      List<Metric> metrics, String name, String help, Map<String, String> labels, Number value) {
    metrics.add(new Metric(name, Metric.Type.GAUGE, help, labels, value.doubleValue()));
  }
}
