package org.larder.rest.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.larder.buffer.Metric;
import org.larder.buffer.MetricSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures of all requests since the start. Free for any thread. */
@Component(
    service = {RequestMeter.class, MetricSource.class},
    configurationPid = RestSettings.PID)
public final class RequestMeter implements MetricSource {
  private static final Logger log = LoggerFactory.getLogger("org.larder.rest.requests");
  private static final int CLASSES = 6;
  private static final double NANOS_A_SECOND = 1e9;

  private final LongAdder[] replies = new LongAdder[CLASSES];
  private final LongAdder nanos = new LongAdder();
  private volatile long slowNanos;

  /** Begins at zero. */
  public RequestMeter() {
    for (int i = 0; i < CLASSES; i++) {
      replies[i] = new LongAdder();
    }
  }

  @Activate
  @Modified
  void configure(RestSettings settings) {
    slowNanos = TimeUnit.MILLISECONDS.toNanos(settings.slow__request__ms());
  }

  /** Counts a request that is done. */
  void count(HttpServletRequest request, int status, long took) {
    replies[Math.min(CLASSES - 1, Math.max(0, status / 100))].increment();
    nanos.add(took);
    long slow = slowNanos;
    if (slow > 0 && took > slow) {
      log.warn(
          "Slow request: {} {} took {} ms, replied {}",
          request.getMethod(),
          request.getRequestURI(),
          TimeUnit.NANOSECONDS.toMillis(took),
          status);
    }
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    long total = 0;
    for (int i = 1; i < CLASSES; i++) {
      long count = replies[i].sum();
      total += count;
      metrics.add(
          new Metric(
              "larder_http_requests_total",
              Metric.Type.COUNTER,
              "Requests answered, by class of status",
              Map.of("status", i + "xx"),
              (double) count));
    }
    metrics.add(counter("larder_http_request_seconds_count", "Requests timed", (double) total));
    metrics.add(
        counter(
            "larder_http_request_seconds_sum",
            "Time spent in requests",
            nanos.sum() / NANOS_A_SECOND));
    return metrics;
  }

  private static Metric counter(String name, String help, double value) {
    return new Metric(name, Metric.Type.COUNTER, help, Map.of(), value);
  }
}
