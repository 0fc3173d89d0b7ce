package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Metric;
import org.larder.storage.spi.PoolUsage;
import org.larder.storage.spi.PooledBackend;
import org.larder.storage.spi.StorageException;

class PoolMetricsTest {
  @TempDir Path directory;

  /** A backend over a pool, once it has been opened. */
  private static final class Pooled extends FakeBackend implements PooledBackend {
    private Optional<PoolUsage> usage = Optional.empty();
    private boolean failing;

    Pooled() {
      super("main", new FakeStore());
    }

    @Override
    public Optional<PoolUsage> pool() {
      if (failing) {
        throw new StorageException(StorageException.Severity.RETRY, "STORE_UNAVAILABLE", "away");
      }
      return usage;
    }
  }

  @Test
  void poolOfABackendIsMeasuredWhileThereIsOne() throws IOException {
    try (TestNode node = new TestNode(directory).open()) {
      Pooled backend = new Pooled();
      node.buffer.addBackend(backend);
      assertThat(poolMetrics(node)).isEmpty();
      backend.usage = Optional.of(new PoolUsage(3, 1, 2, 4));
      assertThat(poolMetrics(node))
          .extracting(Metric::name, Metric::labels, Metric::value)
          .containsExactlyInAnyOrder(
              tuple("connections", Map.of("backend", "main", "state", "active"), 3.0),
              tuple("connections", Map.of("backend", "main", "state", "idle"), 1.0),
              tuple("max_connections", Map.of("backend", "main"), 4.0),
              tuple("waiting_threads", Map.of("backend", "main"), 2.0));
      backend.failing = true;
      assertThat(poolMetrics(node)).isEmpty();
    }
  }

  private static Tuple tuple(String name, Map<String, String> labels, double value) {
    return Tuple.tuple("larder_backend_pool_" + name, labels, value);
  }

  private static List<Metric> poolMetrics(TestNode node) {
    return new BufferMetrics(node.buffer)
        .metrics().stream().filter(metric -> metric.name().contains("_pool_")).toList();
  }
}
