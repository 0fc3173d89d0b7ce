package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.buffer.FollowerStatus;
import org.larder.storage.spi.StorageException;

/** What the classes of failures make the follower do. */
class RetryTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeBackend backend = new FakeBackend(store);

  @ParameterizedTest
  @EnumSource(
      value = StorageException.Severity.class,
      names = {"RETRY", "BUSY"})
  void whatMayPassIsTriedAgain(StorageException.Severity severity) throws IOException {
    try (TestNode node = new TestNode(data).open(backend.fail(severity, "AS_TOLD", 7))) {
      node.puts("a", "b");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a", "b");
      TestNode.until(() -> node.follower().state() == FollowerStatus.State.FOLLOWING);
      assertThat(node.follower().retries()).isEqualTo(7);
      assertThat(node.follower().code()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageException.Severity.class,
      names = {"HALT", "FENCED"})
  void whatCannotPassHalts(StorageException.Severity severity) throws IOException {
    try (TestNode node = new TestNode(data).open(backend.fail(severity, "AS_TOLD", 1))) {
      node.puts("a");
      node.awaitState(FollowerStatus.State.HALTED);
      assertThat(node.follower().code()).isEqualTo("AS_TOLD");
      assertThat(store.keys("notes")).isEmpty();
      // Only a person, or another instance of the backend, ends that.
      node.puts("b");
      assertThat(node.follower().state()).isEqualTo(FollowerStatus.State.HALTED);
      node.buffer.removeBackend(backend);
      node.buffer.addBackend(new FakeBackend(store));
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a", "b");
    }
  }

  @Test
  void anUnexpectedExceptionIsTriedAgain() throws IOException {
    try (TestNode node = new TestNode(data).open(backend)) {
      node.awaitAttached();
      backend.loseNextAnswer(new IllegalStateException("a bug of the plugin"));
      node.puts("a");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void pausesGrowAlsoWhenAttachingSucceeds() throws IOException {
    TestNode node = new TestNode(data);
    node.retryBase = Duration.ofMillis(10);
    node.retryMax = Duration.ofSeconds(60);
    try (node) {
      node.open(backend);
      node.awaitAttached();
      backend.failAlways(new StorageException(RETRY, "AWAY", "as told"));
      long before = System.nanoTime();
      node.puts("a");
      TestNode.until(() -> node.follower().retries() == 7);
      // At least half of 10 + 20 + 40 + 80 + 160 + 320 ms.
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(300));
      node.drainOnStop = Duration.ZERO;
      node.reconfigure();
    }
  }

  @Test
  void backoffDoublesWithJitterUpToItsBound() {
    Backoff backoff = new Backoff(new Random(1));
    Duration base = Duration.ofMillis(100);
    Duration most = Duration.ofSeconds(10);
    long whole = 100;
    for (int i = 0; i < 60; i++) {
      assertThat(backoff.next(base, most).toMillis()).isBetween(whole / 2, whole);
      whole = Math.min(10_000, whole * 2);
    }
    Set<Duration> different = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      different.add(backoff.next(base, most));
    }
    assertThat(different).hasSizeGreaterThan(10);
    backoff.reset();
    assertThat(backoff.next(base, most).toMillis()).isBetween(50L, 100L);
  }

  @Test
  void severitiesAreWhatTheyAre() {
    assertThat(StorageException.Severity.values()).containsExactly(RETRY, BUSY, HALT, FENCED);
  }
}
