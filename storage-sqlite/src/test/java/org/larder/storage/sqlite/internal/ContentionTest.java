package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** What happens when two want the same, and when a call has to end before it is done. */
class ContentionTest {
  @TempDir private Path folder;

  /** What goes wrong with a call that another thread is about to make when this returns. */
  private static Future<StorageException> failureOf(ExecutorService threads, ThrowingCallable call)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Future<StorageException> failure =
        threads.submit(
            () -> {
              begun.countDown();
              return Host.failure(call);
            });
    begun.await();
    return failure;
  }

  @Test
  void newInstanceWaitsForTheOldOne() {
    Host old = Host.at(folder);
    old.attach();
    try (Host next = Host.at(folder)) {
      StorageException refused = Host.failure(next::attach);
      assertThat(refused.severity()).isEqualTo(Severity.RETRY);
      assertThat(refused.code()).isEqualTo("STORE_LOCKED");
      old.write(100, 1);
      old.close();

      next.attach();
      assertThat(next.position()).isEqualTo(100);
      next.write(50, 2);
    }
  }

  @Test
  void writeOutOfTimeIsCutShortAndLeavesNothing() {
    try (Host host = Host.at(folder)) {
      host.attach();
      Batch batch = host.batch(200_000, 1, Duration.ofMillis(150));
      StorageException failure = Host.failure(() -> host.backend.write(batch));
      assertThat(failure.severity()).isEqualTo(Severity.RETRY);
      assertThat(failure.code()).isEqualTo("TIMEOUT");
      assertThat(host.count()).isZero();
      host.write(10, 1);
      assertThat(host.count()).isEqualTo(10);
    }
  }

  @Test
  void interruptedWriteIsCutShortAndLeavesNothing() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Host host = Host.at(folder)) {
      host.attach();
      Batch batch = host.batch(200_000, 1, Duration.ofSeconds(60));
      Future<StorageException> failure = failureOf(threads, () -> host.backend.write(batch));
      threads.shutdownNow();
      assertThat(failure.get().severity()).isEqualTo(Severity.RETRY);
      assertThat(failure.get().code()).isEqualTo("INTERRUPTED");
      assertThat(host.count()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void stoppingCancelsAWriteAndGivesUpTheDatabase() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Host host = Host.at(folder);
      host.attach();
      host.write(10, 1);
      Batch batch = host.batch(400_000, 2, Duration.ofSeconds(60));
      Future<StorageException> failure = failureOf(threads, () -> host.backend.write(batch));
      long start = System.nanoTime();
      host.close();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(5);
      assertThat(failure.get().severity()).isEqualTo(Severity.RETRY);
      assertThat(failure.get().code()).isEqualTo("STOPPING");
      assertThat(Host.failure(host::count).code()).isEqualTo("STOPPING");

      try (Host next = Host.at(folder)) {
        assertThat(next.attach().position().sequence()).isEqualTo(10);
        assertThat(next.count()).isEqualTo(10);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** As on a disk that does not answer. */
  private static void awaitAnyhow(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the threads of that name that are there. */
  private static void awaitEnd(String thread) throws InterruptedException {
    for (Thread running : Thread.getAllStackTraces().keySet()) {
      if (running.getName().equals(thread)) {
        running.join();
      }
    }
  }

  @Test
  @Timeout(60)
  void interruptedStopLeavesTheDatabaseToTheCallThatDoesNotEnd() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch answers = new CountDownLatch(1);
    Host host =
        new Host(
            new SqliteBackend(
                Host.settings(folder),
                Migrations.beside(SqliteBackend.class, Clock.systemUTC()),
                (connection, call) -> {
                  stuck.countDown();
                  awaitAnyhow(answers);
                  Durability.commitForced(connection, call);
                },
                Checkpoints::passive,
                Clock.systemUTC()));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Host next = Host.at(folder)) {
      host.attach();
      Future<StorageException> failure = failureOf(threads, () -> host.backend.sync("primary", 0));
      stuck.await();
      Thread.currentThread().interrupt();
      host.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(Host.failure(next::attach).code()).isEqualTo("STORE_LOCKED");
      answers.countDown();
      assertThat(failure.get().code()).isEqualTo("STOPPING");
      awaitEnd("larder-main-close");
      next.attach();
    } finally {
      answers.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void probeDoesNotWaitForTheStoreToBeOpened() {
    try (Host host = Host.at(folder)) {
      host.attach();
    }
    try (Host host = Host.at(folder)) {
      Probe probe = host.backend.probe(Duration.ofMillis(100));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.UP);
      assertThat(probe.detail()).isEqualTo("Nobody has needed it yet");
      host.attach();
      assertThat(host.backend.probe(Duration.ofSeconds(9)).condition())
          .isEqualTo(Probe.Condition.UP);
    }
  }

  @Test
  void storeThatCannotBeOpenedIsDownAndSaysWhy() {
    try (Host second = Host.at(folder)) {
      try (Host first = Host.at(folder)) {
        first.attach();
        assertThat(Host.failure(second::attach).code()).isEqualTo("STORE_LOCKED");
        Probe probe = second.backend.probe(Duration.ofMillis(100));
        assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
        assertThat(probe.detail()).contains("Another instance");
      }
      second.attach();
      assertThat(second.backend.probe(Duration.ofSeconds(9)).condition())
          .isEqualTo(Probe.Condition.UP);
    }
  }

  @Test
  void anotherProgramThatWritesMakesTheStoreBusy() throws SQLException {
    try (Host host = new Host(settings(Duration.ofMillis(50), 0))) {
      host.attach();
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + Host.settings(folder).file());
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertThat(Host.failure(() -> host.write(10, 1)).severity()).isEqualTo(Severity.BUSY);
        assertThat(host.count()).isZero();
        statement.execute("ROLLBACK");
      }
      host.write(10, 1);
    }
  }

  @Test
  void fullDiskIsRetriedAndLeavesNothing() {
    try (Host host = new Host(settings(Duration.ofSeconds(2), 60))) {
      host.attach();
      host.write(100, 1);
      StorageException failure = Host.failure(() -> host.write(5000, 2));
      assertThat(failure.severity()).isEqualTo(Severity.RETRY);
      assertThat(failure.code()).isEqualTo("STORE_FULL");
      assertThat(host.count()).isEqualTo(100);
      host.write(100, 3);
    }
    try (Host host = Host.at(folder)) {
      host.attach();
      host.write(5000, 4);
      assertThat(host.count()).isEqualTo(5000);
    }
  }

  @Test
  void stoppingCancelsACopyAndLeavesNoPartOfIt() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Host host = Host.at(folder);
      host.attach();
      host.write(100_000, 1);
      Path copies = Files.createDirectory(folder.resolve("copies"));
      Future<StorageException> failure =
          failureOf(
              threads,
              () -> {
                for (int i = 0; ; i++) {
                  host.backend.snapshot(copies.resolve("copy" + i));
                }
              });
      host.close();
      assertThat(failure.get().code()).isEqualTo("STOPPING");
      try (Stream<Path> files = Files.list(copies)) {
        assertThat(files).noneMatch(file -> file.toString().endsWith(".partial"));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private SqliteSettings settings(Duration busyTimeout, int maxPages) {
    SqliteSettings usual = Host.settings(folder);
    return new SqliteSettings(
        usual.name(),
        usual.file(),
        2,
        1,
        usual.poolRecycle(),
        busyTimeout,
        usual.queryTimeout(),
        1024,
        1024,
        0,
        100,
        maxPages);
  }
}
