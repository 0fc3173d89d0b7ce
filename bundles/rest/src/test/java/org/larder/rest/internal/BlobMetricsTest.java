package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;

class BlobMetricsTest {
  /** A store that holds nothing and says what it is told to; null for a failure. */
  private record Counting(BlobUsage told) implements QuotaBlobStore {
    @Override
    public BlobUsage usage() throws IOException {
      if (told == null) {
        throw new IOException("The folder is gone");
      }
      return told;
    }

    @Override
    public void put(String name, Source source, String sha256, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<InputStream> open(String name, long offset, long length) {
      return Optional.empty();
    }

    @Override
    public Optional<BlobInfo> stat(String name) {
      return Optional.empty();
    }

    @Override
    public List<BlobInfo> list(String prefix, String after, int limit) {
      return List.of();
    }

    @Override
    public boolean delete(String name) {
      return false;
    }
  }

  private static List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores(BlobUsage... told) {
    List<Map.Entry<Map<String, Object>, QuotaBlobStore>> all = new ArrayList<>();
    for (BlobUsage usage : told) {
      Map<String, Object> properties = Map.of(BlobStore.NAME, "store" + all.size());
      all.add(Map.entry(properties, new Counting(usage)));
    }
    return all;
  }

  private static String text(BlobUsage... told) {
    return text(new BlobMetrics(stores(told), Runnable::run, Duration.ZERO, () -> 0));
  }

  private static String text(BlobMetrics metrics) {
    return new MetricsText(() -> List.of(metrics)).text();
  }

  @Test
  void storeShowsWhatItHoldsAndItsBounds() {
    assertThat(text(new BlobUsage(3, 1_500, 10, 2_000)).lines())
        .contains(
            "larder_blob_store_up{store=\"store0\"} 1",
            "larder_blob_objects{store=\"store0\"} 3",
            "larder_blob_bytes{store=\"store0\"} 1500",
            "larder_blob_max_objects{store=\"store0\"} 10",
            "larder_blob_max_bytes{store=\"store0\"} 2000");
  }

  @Test
  void boundThatIsNoneIsNotShownAsZero() {
    assertThat(text(new BlobUsage(3, 1_500, 0, 0)))
        .contains("larder_blob_bytes")
        .doesNotContain("larder_blob_max");
  }

  @Test
  void storeThatFailsHidesNoOther() {
    assertThat(text(null, new BlobUsage(1, 2, 0, 0)).lines())
        .contains(
            "larder_blob_store_up{store=\"store0\"} 0",
            "larder_blob_store_up{store=\"store1\"} 1",
            "larder_blob_objects{store=\"store1\"} 1")
        .noneMatch(line -> line.startsWith("larder_blob_objects{store=\"store0\"}"));
  }

  @Test
  void scrapeDoesNotWaitForAStoreThatCounts() {
    Queue<Runnable> looks = new ArrayDeque<>();
    BlobMetrics metrics =
        new BlobMetrics(
            stores(new BlobUsage(1, 2, 0, 0)), looks::add, Duration.ofMillis(1), () -> 0);
    assertThat(text(metrics)).doesNotContain("larder_blob");
    assertThat(text(metrics)).doesNotContain("larder_blob");
    assertThat(looks).as("one look at a time").hasSize(1);
    looks.remove().run();
    for (int scrape = 0; scrape < 2; scrape++) {
      assertThat(text(metrics).lines())
          .contains(
              "larder_blob_store_up{store=\"store0\"} 1",
              "larder_blob_objects{store=\"store0\"} 1");
    }
    assertThat(looks).hasSize(1);
  }

  @Test
  void storeThatHangsIsDownThoughItWasSeen() {
    Queue<Runnable> looks = new ArrayDeque<>();
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    BlobMetrics metrics =
        new BlobMetrics(stores(new BlobUsage(1, 2, 0, 0)), looks::add, Duration.ZERO, nanos::get);
    text(metrics);
    looks.remove().run();
    assertThat(text(metrics)).contains("larder_blob_store_up{store=\"store0\"} 1");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
    assertThat(text(metrics))
        .contains("larder_blob_store_up{store=\"store0\"} 0")
        .doesNotContain("larder_blob_objects");
    looks.remove().run();
    assertThat(text(metrics)).contains("larder_blob_store_up{store=\"store0\"} 1");
  }
}
