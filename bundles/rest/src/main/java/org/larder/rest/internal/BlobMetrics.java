package org.larder.rest.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.larder.buffer.Metric;
import org.larder.buffer.MetricSource;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full the stores of large objects are that count. They are asked on threads of their own, at
 * most one a store, since the first question may count all its files: who asks waits half a second,
 * then gets what the last look saw. Free for any thread.
 */
@Component
public final class BlobMetrics implements MetricSource {
  private static final Logger log = LoggerFactory.getLogger(BlobMetrics.class);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Map<QuotaBlobStore, BlobLook> looks =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Executor threads;
  private final Duration patience;
  private final LongSupplier nanos;

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      fieldOption = FieldOption.REPLACE)
  private volatile List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores = List.of();

  /** Reads the stores that come and go. */
  public BlobMetrics() {
    this(List.of(), BlobMetrics::start, PATIENCE, System::nanoTime);
  }

  BlobMetrics(
      List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores,
      Executor threads,
      Duration patience,
      LongSupplier nanos) {
    this.stores = stores;
    this.threads = threads;
    this.patience = patience;
    this.nanos = nanos;
  }

  private static void start(Runnable look) {
    Thread thread = new Thread(look, "larder-blob-usage");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public List<Metric> metrics() {
    List<QuotaBlobStore> present = new ArrayList<>();
    List<BlobLook> begun = new ArrayList<>();
    long start = nanos.getAsLong();
    for (Map.Entry<Map<String, Object>, QuotaBlobStore> store : stores) {
      present.add(store.getValue());
      BlobLook look = looks.computeIfAbsent(store.getValue(), any -> look(store));
      look.begin(threads, start);
      begun.add(look);
    }
    looks.keySet().retainAll(present);
    List<Metric> metrics = new ArrayList<>();
    for (BlobLook look : begun) {
      long now = nanos.getAsLong();
      metrics.addAll(look.answer(Math.max(0, patience.toNanos() - (now - start)), now));
    }
    return metrics;
  }

  private static BlobLook look(Map.Entry<Map<String, Object>, QuotaBlobStore> store) {
    Map<String, String> labels =
        Map.of("store", String.valueOf(store.getKey().get(BlobStore.NAME)));
    return new BlobLook(() -> ask(store.getValue(), labels), List.of(up(labels, 0)));
  }

  private static List<Metric> ask(QuotaBlobStore store, Map<String, String> labels) {
    try {
      BlobUsage usage = store.usage();
      List<Metric> metrics = new ArrayList<>();
      metrics.add(up(labels, 1));
      usage(usage, labels, metrics);
      return metrics;
    } catch (IOException e) {
      log.debug("The store {} cannot say how full it is", labels, e);
      return List.of(up(labels, 0));
    }
  }

  private static Metric up(Map<String, String> labels, int value) {
    return gauge("larder_blob_store_up", "1 while the store can be used.", labels, value);
  }

  private static void usage(BlobUsage usage, Map<String, String> labels, List<Metric> metrics) {
    metrics.add(gauge("larder_blob_objects", "Objects kept.", labels, usage.objects()));
    metrics.add(gauge("larder_blob_bytes", "Bytes of the objects kept.", labels, usage.bytes()));
    if (usage.maxObjects() > 0) {
      metrics.add(gauge("larder_blob_max_objects", "Objects allowed.", labels, usage.maxObjects()));
    }
    if (usage.maxBytes() > 0) {
      metrics.add(gauge("larder_blob_max_bytes", "Bytes allowed.", labels, usage.maxBytes()));
    }
  }

  private static Metric gauge(String name, String help, Map<String, String> labels, long value) {
    return new Metric(name, Metric.Type.GAUGE, help, labels, (double) value);
  }
}
