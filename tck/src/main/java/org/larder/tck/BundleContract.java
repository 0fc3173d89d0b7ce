package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** That the backend comes and goes in a framework while a host writes to it. */
@Area(
    name = "hot unplug",
    promise = "The bundle is stopped, updated and removed in mid-write, and nothing is lost.")
public interface BundleContract extends BackendUnderTest {
  /** Runs something in a framework of its own, if the test class names its bundle. */
  interface Visit {
    void to(Container container) throws Exception;
  }

  private void visit(Visit visit) throws Exception {
    BundleUnderTest tested = store().take("bundle", bundle()).orElse(null);
    if (tested == null) {
      return;
    }
    try (Container container = new Container(tested)) {
      container.start();
      visit.to(container);
    }
  }

  @Test
  default void bundleResolvesAndExportsNothing() throws Exception {
    visit(
        container -> {
          container.bundle().start();
          assertThat(container.bundle().getState()).isEqualTo(Bundle.ACTIVE);
          assertThat(container.bundle().getHeaders().get(Constants.EXPORT_PACKAGE)).isNull();
        });
  }

  @Test
  default void eachConfigurationIsOneServiceWithItsName() throws Exception {
    visit(
        container -> {
          container.bundle().start();
          assertThat(container.backends()).as("backends before a configuration").isEmpty();
          container.configure();
          assertThat(container.hasBackends(1)).as("one backend once configured").isTrue();
          ServiceReference<StorageBackend> reference = container.backends().get(0);
          assertThat(reference.getProperty(StorageBackend.NAME))
              .isEqualTo(container.find().descriptor().name());
          container.removeConfiguration();
          assertThat(container.hasBackends(0)).as("none once it is gone").isTrue();
        });
  }

  @Test
  default void stoppedAndUpdatedInMidWriteNothingIsLostOrDoubled() throws Exception {
    writeWhile(
        2, BundleContract::restart, BundleContract::restartRefreshed, BundleContract::update);
  }

  /** What the configuration made is there again once the bundle is. */
  @Test
  default void removedInMidWriteAndPutBackNothingIsLostOrDoubled() throws Exception {
    writeWhile(3, BundleContract::removeAndPutBack);
  }

  /** Disturbs the bundle in each of these ways, so many times, while a host writes. */
  private void writeWhile(int times, Visit... disturbances) throws Exception {
    visit(
        container -> {
          container.bundle().start();
          container.configure();
          AtomicBoolean done = new AtomicBoolean();
          AtomicLong committed = new AtomicLong();
          Random random = new Random();
          try (Clocked<Void> host = Clocked.begin(() -> write(container, committed, done))) {
            for (int i = 0; i < times; i++) {
              for (Visit disturbance : disturbances) {
                awaitProgress(host, committed, random);
                disturbance.to(container);
              }
            }
            awaitProgress(host, committed, random);
            done.set(true);
            host.within(Duration.ofSeconds(30));
          }
          assertRowsAre(container.find(), committed.get(), committed.get());
        });
  }

  private static void restart(Container container) throws Exception {
    inTime(container, each -> each.bundle().stop());
    container.bundle().start();
  }

  private static void restartRefreshed(Container container) throws Exception {
    inTime(container, each -> each.bundle().stop());
    container.refresh();
    container.bundle().start();
  }

  private static void update(Container container) throws Exception {
    inTime(container, Container::update);
    container.bundle().start();
  }

  private static void removeAndPutBack(Container container) throws Exception {
    inTime(container, Container::remove);
    assertThat(container.backends()).as("backends of a removed bundle").isEmpty();
    container.putBack();
  }

  /** Does what may wait for the host's call, but not for long. */
  private static void inTime(Container container, Visit visit) throws Exception {
    Callable<Void> call =
        () -> {
          visit.to(container);
          return null;
        };
    try (Clocked<Void> clocked = Clocked.begin(call)) {
      clocked.within(Duration.ZERO);
    }
  }

  /** Lets the host write some batches more, and then a moment longer. */
  private static void awaitProgress(Clocked<Void> host, AtomicLong committed, Random random)
      throws Exception {
    long enough = committed.get() + 1 + random.nextInt(20);
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (committed.get() < enough) {
      if (host.endsWithin(Duration.ofMillis(2))) {
        host.within(Duration.ZERO);
      }
      assertThat(System.nanoTime()).as("the host gets on").isLessThan(giveUp);
    }
    boolean unused = host.endsWithin(Duration.ofNanos(random.nextInt(5_000_000)));
  }

  /** The host: it takes whatever service there is, and repeats what it has no answer to. */
  private static Void write(Container container, AtomicLong committed, AtomicBoolean done)
      throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    StorageBackend attached = null;
    while (!done.get()) {
      StorageBackend backend = container.find();
      try {
        if (backend != null && backend != attached) {
          Position position = backend.attach(CrashHistory.attachment(1)).position();
          assertThat(position.sequence() / CrashHistory.BATCH)
              .as("what was acknowledged is there")
              .isBetween(committed.get(), committed.get() + 1);
          backend.ensureCollection(CrashHistory.SCHEMA);
          // Of the batch that had no answer there may be all, nothing or, in some stores, a part.
          assertRowsAre(backend, position.sequence() / CrashHistory.BATCH, committed.get() + 1);
          attached = backend;
        }
        if (backend != null) {
          WriteResult result = backend.write(CrashHistory.batch(committed.get(), 1));
          assertThat(result).isInstanceOf(WriteResult.Committed.class);
          committed.incrementAndGet();
          continue;
        }
      } catch (StorageException e) {
        assertThat(e.severity())
            .as(e.getMessage())
            .isIn(StorageException.Severity.RETRY, StorageException.Severity.BUSY);
      } catch (NoClassDefFoundError e) {
        // A call that the removal of its bundle overtook finds no more classes: no answer either.
        assertThat(container.find()).as(e.toString()).isNotSameAs(backend);
      }
      boolean unused = never.await(5, TimeUnit.MILLISECONDS);
    }
    return null;
  }

  private static void assertRowsAre(StorageBackend backend, long first, long last) {
    Map<String, Set<String>> possible = CrashHistory.possible(first, last);
    List<Row> rows = new ArrayList<>();
    try (RecordCursor cursor = backend.scan(ScanRequest.all(CrashHistory.SCHEMA))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
    }
    assertThat(rows).extracting(Row::key).doesNotHaveDuplicates();
    CrashHistory.describe(rows)
        .forEach((key, row) -> assertThat(possible.get(key)).as(key).contains(row));
  }

  @Test
  default void removedBundleLeavesNothingInMemory() throws Exception {
    visit(
        container -> {
          WeakReference<ClassLoader> loader = useAndUninstall(container);
          CountDownLatch never = new CountDownLatch(1);
          RecordMethods.forgetLast();
          for (int i = 0; i < 200 && loader.get() != null; i++) {
            System.gc();
            boolean unused = never.await(50, TimeUnit.MILLISECONDS);
          }
          assertThat(loader.get() == null)
              .as("the class loader of the removed bundle was collected")
              .isTrue();
        });
  }

  private static WeakReference<ClassLoader> useAndUninstall(Container container) throws Exception {
    container.bundle().start();
    container.configure();
    assertThat(container.hasBackends(1)).isTrue();
    StorageBackend backend = container.find();
    backend.attach(CrashHistory.attachment(1));
    backend.ensureCollection(CrashHistory.SCHEMA);
    backend.write(CrashHistory.batch(0, 1));
    backend.sync(TestStore.FOLLOWER, 0);
    backend.probe(Duration.ofSeconds(5));
    assertRowsAre(backend, 1, 1);
    WeakReference<ClassLoader> loader =
        new WeakReference<>(container.bundle().adapt(BundleWiring.class).getClassLoader());
    container.uninstall();
    return loader;
  }
}
