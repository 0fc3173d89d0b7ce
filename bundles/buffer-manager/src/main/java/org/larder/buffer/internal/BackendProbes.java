package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.larder.buffer.BackendStatus;
import org.larder.storage.spi.PoolUsage;
import org.larder.storage.spi.PooledBackend;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the backends are, looked up on threads of its own, at most one a backend, so that a backend
 * that hangs holds up nobody who asks. An answer is at most a few seconds old. Free for any thread.
 */
final class BackendProbes {
  private static final Logger LOG = LoggerFactory.getLogger(BackendProbes.class);
  private static final Duration BUDGET = Duration.ofMillis(500);
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Backends backends;
  private final Map<BackendHandle, Look> looks = new ConcurrentHashMap<>();

  BackendProbes(Backends backends) {
    this.backends = backends;
  }

  /** The looks at one backend: the last answer, and since when another is awaited. */
  private static final class Look {
    private final CountDownLatch first = new CountDownLatch(1);
    private Probe probe = new Probe(Probe.Condition.UP, "not looked at yet", -1);
    private long nanos;
    private boolean underWay;

    /** True if the caller has to look again. */
    synchronized boolean begin() {
      boolean stale = first.getCount() > 0 || System.nanoTime() - nanos > FRESH_NANOS;
      if (underWay || !stale) {
        return false;
      }
      underWay = true;
      nanos = System.nanoTime();
      return true;
    }

    synchronized void end(Probe answer) {
      probe = answer;
      nanos = System.nanoTime();
      underWay = false;
      first.countDown();
    }

    synchronized Probe probe() {
      boolean hangs = underWay && System.nanoTime() - nanos > HANGING_NANOS;
      return hangs ? new Probe(Probe.Condition.DOWN, "It does not answer", -1) : probe;
    }
  }

  /** Of a backend whose name an older one has. */
  private static final Probe SPARE =
      new Probe(
          Probe.Condition.DEGRADED,
          "Another backend has this name and is used in its place until it goes; unless it is being"
              + " replaced, give one of them another name",
          -1);

  /** All backends that are there; the first look at a new one waits for its answer, a while. */
  List<BackendStatus> look(Predicate<String> isPrimary) {
    List<BackendStatus> statuses = new ArrayList<>();
    for (BackendHandle backend : backends.all()) {
      boolean isUsed = backends.find(backend.name()).equals(Optional.of(backend));
      Probe probe = isUsed ? probe(backend) : SPARE;
      statuses.add(
          new BackendStatus(
              backend.name(),
              backend.descriptor().kind(),
              isPrimary.test(backend.name()),
              probe.condition().name().toLowerCase(Locale.ROOT),
              probe.detail(),
              probe.storedBytes(),
              backend.descriptor().capabilities().stream().map(Enum::name).sorted().toList()));
    }
    return statuses;
  }

  /** The pools of the backends that have one, by the backend's name; waits for no backend. */
  Map<String, PoolUsage> pools() {
    Map<String, PoolUsage> pools = new TreeMap<>();
    for (BackendHandle backend : backends.all()) {
      try {
        backend.read(BackendProbes::pool).ifPresent(usage -> pools.put(backend.name(), usage));
      } catch (StorageException e) {
        LOG.debug("Backend {} cannot say how its pool is used", backend.name(), e);
      }
    }
    return pools;
  }

  /** Lets go of the backends that are gone. */
  void forget() {
    looks.keySet().retainAll(backends.all());
  }

  private static Optional<PoolUsage> pool(StorageBackend store) {
    return store instanceof PooledBackend pooled ? pooled.pool() : Optional.empty();
  }

  private Probe probe(BackendHandle backend) {
    Look look = looks.computeIfAbsent(backend, any -> new Look());
    if (look.begin()) {
      Thread thread = new Thread(() -> refresh(backend, look), "larder-probe-" + backend.name());
      thread.setDaemon(true);
      thread.start();
    }
    if (backend.isRetired()) {
      forget();
    }
    try {
      boolean looked = look.first.await(BUDGET.toMillis(), TimeUnit.MILLISECONDS);
      return looked ? look.probe() : new Probe(Probe.Condition.DOWN, "It does not answer", -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return look.probe();
    }
  }

  private static void refresh(BackendHandle backend, Look look) {
    Probe probe = new Probe(Probe.Condition.DOWN, "It cannot be asked", -1);
    try {
      probe = backend.read(store -> store.probe(BUDGET));
    } catch (StorageException e) {
      probe = new Probe(Probe.Condition.DOWN, e.code() + ": " + e.getMessage(), -1);
    } finally {
      look.end(probe);
    }
  }
}
