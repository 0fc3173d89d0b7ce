package org.larder.rest.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** How full the stores of large objects are that count. Free for any thread. */
@Component
public final class BlobMetrics implements MetricSource {
  private static final Logger log = LoggerFactory.getLogger(BlobMetrics.class);

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      fieldOption = FieldOption.REPLACE)
  private volatile List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores = List.of();

  /** Reads the stores that come and go. */
  public BlobMetrics() {}

  BlobMetrics(List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores) {
    this.stores = stores;
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    for (Map.Entry<Map<String, Object>, QuotaBlobStore> store : stores) {
      Map<String, String> labels =
          Map.of("store", String.valueOf(store.getKey().get(BlobStore.NAME)));
      try {
        BlobUsage usage = store.getValue().usage();
        metrics.add(gauge("larder_blob_store_up", "1 while the store can be used.", labels, 1));
        usage(usage, labels, metrics);
      } catch (IOException e) {
        log.debug("The store {} cannot say how full it is", labels, e);
        metrics.add(gauge("larder_blob_store_up", "1 while the store can be used.", labels, 0));
      }
    }
    return metrics;
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
