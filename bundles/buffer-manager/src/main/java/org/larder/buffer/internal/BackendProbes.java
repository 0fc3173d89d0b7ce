package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.BackendStatus;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;

/**
 * How the backends are, looked up on a thread of its own so that a backend that hangs holds up
 * nobody who asks. An answer is at most a few seconds old.
 */
final class BackendProbes implements AutoCloseable {
  private static final Duration BUDGET = Duration.ofMillis(500);
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Backends backends;
  private final Map<BackendHandle, Look> looks = new ConcurrentHashMap<>();
  private final ExecutorService prober =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "larder-probe");
            thread.setDaemon(true);
            return thread;
          });

  BackendProbes(Backends backends) {
    this.backends = backends;
  }

  private record Look(Probe probe, long nanos, boolean underWay) {}

  /** All backends that are there; the first look at a new one waits for its answer, a while. */
  List<BackendStatus> look(String primary) {
    List<BackendStatus> statuses = new ArrayList<>();
    List<BackendHandle> present = backends.all();
    looks.keySet().retainAll(present);
    for (BackendHandle backend : present) {
      Probe probe = probe(backend);
      statuses.add(
          new BackendStatus(
              backend.name(),
              backend.descriptor().kind(),
              backend.name().equals(primary),
              probe.condition().name().toLowerCase(Locale.ROOT),
              probe.detail(),
              probe.storedBytes(),
              backend.descriptor().capabilities().stream().map(Enum::name).sorted().toList()));
    }
    return statuses;
  }

  private Probe probe(BackendHandle backend) {
    Look known = looks.get(backend);
    if (known == null) {
      Look first = new Look(new Probe(Probe.Condition.UP, "not looked at yet", -1), 0, true);
      looks.put(backend, first);
      prober.execute(() -> refresh(backend));
      return first.probe();
    }
    if (!known.underWay() && System.nanoTime() - known.nanos() > FRESH_NANOS) {
      looks.put(backend, new Look(known.probe(), known.nanos(), true));
      prober.execute(() -> refresh(backend));
    }
    return known.probe();
  }

  private void refresh(BackendHandle backend) {
    Probe probe;
    try {
      probe = backend.read(store -> store.probe(BUDGET));
    } catch (StorageException e) {
      probe = new Probe(Probe.Condition.DOWN, e.code() + ": " + e.getMessage(), -1);
    }
    looks.put(backend, new Look(probe, System.nanoTime(), false));
  }

  @Override
  public void close() {
    prober.shutdownNow();
  }
}
