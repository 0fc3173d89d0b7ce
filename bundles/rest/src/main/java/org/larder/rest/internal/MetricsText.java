package org.larder.rest.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.larder.buffer.Metric;
import org.larder.buffer.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples in Prometheus' text format, version 0.0.4. Free for any thread. */
final class MetricsText {
  private static final Logger log = LoggerFactory.getLogger(MetricsText.class);

  private final Supplier<List<MetricSource>> sources;
  private final MetricSource machine = new JvmMetrics();

  MetricsText(Supplier<List<MetricSource>> sources) {
    this.sources = sources;
  }

  String text() {
    Map<String, List<Metric>> byName = new LinkedHashMap<>();
    List<MetricSource> all = new ArrayList<>(sources.get());
    all.add(machine);
    for (MetricSource source : all) {
      try {
        source
            .metrics()
            .forEach(m -> byName.computeIfAbsent(m.name(), any -> new ArrayList<>()).add(m));
      } catch (RuntimeException e) {
        // One plugin's trouble must not blind the operator to all the others.
        log.warn("{} gives no metrics", source.getClass().getName(), e);
      }
    }
    StringBuilder text = new StringBuilder(8192);
    byName.forEach((name, samples) -> write(name, samples, text));
    return text.toString();
  }

  private static void write(String name, List<Metric> samples, StringBuilder text) {
    Metric first = samples.get(0);
    text.append("# HELP ").append(name).append(' ').append(escape(first.help())).append('\n');
    text.append("# TYPE ")
        .append(name)
        .append(' ')
        .append(first.type().name().toLowerCase(Locale.ROOT))
        .append('\n');
    for (Metric sample : samples) {
      text.append(name);
      String separator = "{";
      for (Map.Entry<String, String> label : new TreeMap<>(sample.labels()).entrySet()) {
        text.append(separator).append(label.getKey()).append("=\"");
        text.append(escape(label.getValue()).replace("\"", "\\\"")).append('"');
        separator = ",";
      }
      text.append(sample.labels().isEmpty() ? " " : "} ").append(number(sample.value()));
      text.append('\n');
    }
  }

  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : Double.toString(value);
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }
}
