package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.storage.spi.StorageException;

/** A backend's bundle is stopped, updated and replaced while records come in. */
class SwapTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  @Test
  void twentySwapsUnderFourWritersLoseAndDoubleNothing()
      throws IOException, InterruptedException, ExecutionException {
    FakeBackend backend = new FakeBackend(store);
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try (TestNode node = new TestNode(data).open(backend)) {
      AtomicBoolean enough = new AtomicBoolean();
      List<Future<Integer>> written = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        String writer = "w" + w + "-";
        written.add(
            writers.submit(
                () -> {
                  int count = 0;
                  for (; !enough.get(); count++) {
                    // Waits for the backend a while, so that writers and drains keep pace.
                    node.put(Durability.BACKEND, Duration.ofMillis(20), writer + count);
                    node.put(writer + "last", count);
                  }
                  return count;
                }));
      }
      for (int swap = 0; swap < 20; swap++) {
        FakeBackend current = backend;
        TestNode.until(() -> current.batches.size() >= 2);
        if (swap % 2 == 0) {
          node.buffer.removeBackend(backend);
          backend = new FakeBackend(store);
          node.buffer.addBackend(backend);
        } else {
          // An update may bring the new service before the old one goes.
          FakeBackend next = new FakeBackend(store);
          node.buffer.addBackend(next);
          node.buffer.removeBackend(backend);
          backend = next;
        }
      }
      enough.set(true);
      int total = 0;
      for (int w = 0; w < 4; w++) {
        total += written.get(w).get();
      }
      node.flush();
      assertThat(store.keys("notes")).hasSize(total + 4);
      for (int w = 0; w < 4; w++) {
        assertThat(TestNode.n(store.row("notes", "w" + w + "-last")))
            .isEqualTo(written.get(w).get() - 1);
      }
      assertThat(node.buffer.status().pendingTotal()).isZero();
    } finally {
      writers.shutdownNow();
      assertThat(writers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @Timeout(20)
  void aHungWriteIsGivenUpAfterItsTime() throws IOException, InterruptedException {
    FakeBackend backend = new FakeBackend(store);
    TestNode node = new TestNode(data);
    node.writeTimeout = Duration.ofMillis(200);
    Hang hang = backend.hangNextWrite(true);
    try (node) {
      node.open(backend);
      node.puts("a");
      hang.awaitEntered();
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
      assertThat(node.follower().retries()).isEqualTo(1);
    }
  }

  @Test
  @Timeout(20)
  void aWriteThatNeverReturnsDoesNotHoldUpARemoval() throws IOException, InterruptedException {
    FakeBackend stuck = new FakeBackend(store);
    Hang hang = stuck.hangNextWrite(false);
    try (TestNode node = new TestNode(data).open(stuck)) {
      node.puts("a");
      hang.awaitEntered();
      long before = System.nanoTime();
      node.buffer.removeBackend(stuck);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(4_500));
      node.awaitState(FollowerStatus.State.AWAY);
      hang.release();
    }
  }

  @Test
  @Timeout(20)
  void aZombieWriteOfATransactionalStoreChangesNothing() throws IOException, InterruptedException {
    TransactionalFake stuck = new TransactionalFake(store);
    Hang hang = stuck.hangNextWrite(false);
    TestNode node = new TestNode(data);
    node.writeTimeout = Duration.ofMillis(200);
    try (node) {
      node.open(stuck);
      node.put("a", 1);
      hang.awaitEntered();
      // Given up: the next write goes past it, on another thread.
      node.put("a", 2);
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(2);
      int batches = stuck.batches.size();
      hang.release();
      TestNode.until(() -> stuck.batches.size() > batches);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(2);
      node.put("b", 3);
      node.flush();
      assertThat(node.follower().state()).isEqualTo(FollowerStatus.State.FOLLOWING);
    }
  }

  @Test
  @Timeout(20)
  void aZombieThatCommitsBetweenAttachAndWriteDoesNotHalt()
      throws IOException, InterruptedException {
    TransactionalFake stuck = new TransactionalFake(store);
    Hang zombie = stuck.hangNextWrite(false);
    Hang next = stuck.hangNextWrite(false);
    TestNode node = new TestNode(data);
    node.writeTimeout = Duration.ofMillis(300);
    try (node) {
      node.open(stuck);
      node.put("a", 1);
      zombie.awaitEntered();
      node.put("a", 2);
      // Attached again, and on the way to write from where the store stood.
      next.awaitEntered();
      zombie.release();
      TestNode.until(() -> stuck.batches.size() == 1);
      next.release();
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(2);
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @Test
  @Timeout(20)
  void aStoreWithoutTransactionsIsNotWrittenBesideAZombie()
      throws IOException, InterruptedException {
    FakeBackend stuck = new FakeBackend(store);
    Hang hang = stuck.hangNextPut(false);
    TestNode node = new TestNode(data);
    node.writeTimeout = Duration.ofMillis(200);
    try (node) {
      node.open(stuck);
      node.put("a", 1);
      hang.awaitEntered();
      node.awaitState(FollowerStatus.State.BACKING_OFF);
      node.buffer.removeBackend(stuck);
      FakeBackend fresh = new FakeBackend(store);
      node.buffer.addBackend(fresh);
      node.put("a", 2);
      long failures = node.follower().retries();
      TestNode.until(() -> node.follower().retries() > failures + 3);
      assertThat(node.follower().code()).isEqualTo("BACKEND_TIMEOUT");
      assertThat(fresh.calls).isEmpty();
      hang.release();
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(2);
    }
  }

  @Test
  @Timeout(20)
  void threadsThatAreGivenUpAreBounded() throws IOException, InterruptedException {
    TransactionalFake stuck = new TransactionalFake(store);
    List<Hang> hangs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      hangs.add(stuck.hangNextWrite(false));
    }
    TestNode node = new TestNode(data);
    node.writeTimeout = Duration.ofMillis(100);
    try (node) {
      node.open(stuck);
      node.puts("a");
      for (int i = 0; i < 4; i++) {
        hangs.get(i).awaitEntered();
      }
      long retries = node.follower().retries();
      TestNode.until(() -> node.follower().retries() > retries + 5);
      assertThat(
              Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().equals("larder-backend-main")))
          .hasSizeLessThanOrEqualTo(4);
      hangs.forEach(Hang::release);
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void aCallThatComesWhenItsThreadHasEndedFailsAtOnce() throws InterruptedException {
    CallThread thread = new CallThread("larder-test");
    thread.start();
    thread.end(new StorageException(RETRY, "GONE", "gone"));
    CallThread.Call<String> call = new CallThread.Call<>(() -> "");
    thread.submit(call);
    assertThat(call.await(TestNode.LONG)).isTrue();
    assertThatThrownBy(call::result).hasMessage("gone");
    thread.join();
  }

  @Test
  void aBackendThatGoesIsLetGoOf() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.awaitAttached();
      backend.failAlways(new StorageException(StorageException.Severity.HALT, "BAD", "as told"));
      node.puts("a");
      node.awaitState(FollowerStatus.State.HALTED);
      node.buffer.status();
      node.buffer.removeBackend(backend);
      node.awaitState(FollowerStatus.State.AWAY);
      assertThat(Reachability.reaches(node.buffer, backend)).isEmpty();
    }
  }

  @Test
  void anExceptionOfThePluginStaysInTheHandle() {
    class PluginFailure extends StorageException {
      private static final long serialVersionUID = 1L;

      PluginFailure() {
        super(RETRY, "CODE", "message", new IllegalStateException("cause"));
      }
    }
    BackendHandle handle = new BackendHandle(new FakeBackend(store), new Stragglers());
    assertThatThrownBy(
            () ->
                handle.read(
                    any -> {
                      throw new PluginFailure();
                    }))
        .isExactlyInstanceOf(StorageException.class)
        .hasMessage("message")
        .hasNoCause();
    handle.retire(Duration.ZERO);
  }

  @Test
  @Timeout(20)
  void aReadThatHangsIsInterruptedByARemoval() throws IOException, InterruptedException {
    BackendHandle handle = new BackendHandle(new FakeBackend(store), new Stragglers());
    Hang hang = new Hang(true);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    Future<Boolean> interrupted =
        reader.submit(
            () -> {
              try {
                handle.read(
                    any -> {
                      hang.hang();
                      return "";
                    });
              } catch (StorageException e) {
                // What was meant for the call does not outlive it.
                return Thread.currentThread().isInterrupted();
              }
              return true;
            });
    hang.awaitEntered();
    handle.retire(Duration.ofMillis(100));
    assertThat(interrupted).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
    reader.shutdown();
    assertThat(reader.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }
}
