package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Metric;
import org.larder.buffer.RouteTable;
import org.larder.buffer.Submission;
import org.larder.storage.model.Mutation;

/** Changes while running, and what a stop leaves. */
@Timeout(30)
class ConfigurationTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeBackend backend = new FakeBackend(store);

  @Test
  void flushSizeChangesLive() throws IOException {
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(backend);
      node.flush();
      node.puts("a", "b", "c");
      node.flushSize = 3;
      node.reconfigure();
      TestNode.until(() -> store.keys("notes").size() == 3);
      assertThat(node.buffer.status().capacity()).isEqualTo(3);
    }
  }

  @Test
  void heldFollowersDrainNothingButReadsGoOn() throws IOException {
    TestNode node = new TestNode(data);
    node.hold = true;
    try (node) {
      node.open(backend);
      node.awaitAttached();
      node.puts("a");
      assertThatThrownBy(node::flush).isInstanceOf(BufferException.class);
      assertThat(store.keys("notes")).isEmpty();
      assertThat(node.buffer.reader().get("notes", "a", Consistency.BUFFERED).value()).isPresent();
      assertThat(node.buffer.reader().get("notes", "a", Consistency.STORED).value()).isEmpty();
      node.hold(false);
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void anotherPrimaryIsFollowedFromTheStartOfTheJournal() throws IOException {
    FakeStore other = new FakeStore();
    try (TestNode node = new TestNode(data).open(backend)) {
      node.buffer.addBackend(new FakeBackend("second", other));
      node.puts("a");
      node.flush();
      node.puts("b");
      node.routes = RouteTable.of("second");
      node.reconfigure();
      TestNode.until(
          () ->
              node.buffer.reader().get("notes", "a", Consistency.STORED).source().equals("second"));
      node.puts("c");
      node.flush();
      assertThat(other.keys("notes")).containsExactly("a", "b", "c");
      assertThat(node.buffer.status().pendingTotal()).isZero();
      assertThat(node.buffer.reader().get("notes", "c", Consistency.STORED).source())
          .isEqualTo("second");
      // And back again: it stands where it was.
      node.routes = RouteTable.of("main");
      node.reconfigure();
      TestNode.until(() -> store.keys("notes").equals(List.of("a", "b", "c")));
    }
  }

  @Test
  void aFormerPrimaryDoesNotHoldTheJournal() throws IOException {
    try (TestNode node = new TestNode(data).open(backend)) {
      node.buffer.addBackend(new FakeBackend("second", new FakeStore()));
      node.puts("a");
      node.flush();
      node.routes = RouteTable.of("second");
      node.reconfigure();
      TestNode.until(() -> node.buffer.retained().keySet().equals(Set.of("second")));
    }
  }

  @Test
  void theBoundInFlightChangesLive() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.maxInFlightBytes = 1_000_000;
      node.reconfigure();
      try (Submission first = node.buffer.intake().begin("notes", 900_000)) {
        assertThat(first.size()).isZero();
        assertThatThrownBy(() -> node.buffer.intake().begin("notes", 200_000))
            .isInstanceOf(BufferException.class);
      }
    }
  }

  @Test
  void aStopDrains() throws IOException {
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    node.open(backend);
    node.awaitAttached();
    node.puts("a");
    node.close();
    assertThat(store.keys("notes")).containsExactly("a");
  }

  @Test
  void aStopKeepsWhatCannotBeDrained() throws IOException, InterruptedException {
    Hang hang = backend.hangNextWrite(true);
    TestNode node = new TestNode(data);
    node.drainOnStop = Duration.ofMillis(50);
    node.open(backend);
    node.puts("a");
    hang.awaitEntered();
    long before = System.nanoTime();
    node.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
    assertThat(store.keys("notes")).isEmpty();
    try (TestNode again = new TestNode(data).open(new FakeBackend(store))) {
      again.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void nothingIsTakenInAfterTheStop() throws IOException {
    TestNode node = new TestNode(data).open(backend);
    Submission begun = node.begin();
    TestNode.add(begun, Mutation.Kind.PUT, "a", row -> {});
    Buffer buffer = node.buffer;
    node.close();
    assertThatThrownBy(() -> begun.commit(Durability.JOURNAL, Duration.ZERO))
        .isInstanceOf(BufferException.class);
    assertThatThrownBy(() -> buffer.intake().begin("notes", 1)).isInstanceOf(BufferException.class);
    assertThat(buffer.inFlightBytes()).isZero();
    buffer.close();
  }

  @Test
  void noThreadIsLeftAfterTheStop() throws IOException {
    TestNode node = new TestNode(data).open(backend);
    node.puts("a");
    node.flush();
    node.buffer.status();
    node.close();
    TestNode.until(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("larder-")));
  }

  @Test
  void aNodeIsReadyWhenThePrimaryHasCaughtUp() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.puts("a");
      assertThat(node.follower().state()).isEqualTo(FollowerStatus.State.AWAY);
    }
    try (TestNode node = new TestNode(data).open()) {
      assertThat(node.buffer.status().ready()).isFalse();
      node.buffer.addBackend(backend);
      node.flush();
      assertThat(node.buffer.status().ready()).isTrue();
    }
  }

  @Test
  void aNodeIsReadyAfterFiveSecondsWithoutItsPrimary() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.puts("a");
    }
    AtomicLong nanos = new AtomicLong();
    TestNode node = new TestNode(data);
    node.nanoTime = nanos::get;
    try (node) {
      node.open();
      assertThat(node.buffer.status().ready()).isFalse();
      nanos.set(TimeUnit.SECONDS.toNanos(5));
      assertThat(node.buffer.status().ready()).isFalse();
      nanos.incrementAndGet();
      assertThat(node.buffer.status().ready()).isTrue();
    }
  }

  @Test
  void statusAndMetricsSayHowItIs() throws IOException {
    try (TestNode node = new TestNode(data).open(backend)) {
      node.flush();
      node.hold(true);
      node.puts("a", "b");
      assertThat(node.buffer.status().acknowledgedItems()).isEqualTo(2);
      assertThat(node.buffer.status().backends()).hasSize(1);
      assertThat(node.buffer.status().backends().get(0).condition()).isEqualTo("up");
      assertThat(node.follower().lag()).isEqualTo(2);
      assertThat(
              new BufferMetrics(node.buffer)
                  .metrics().stream()
                      .filter(metric -> metric.name().equals("larder_pending_records"))
                      .map(Metric::value))
          .containsExactly(2.0);
    }
  }

  @Test
  void secondBackendOfANameSaysThatItIsNotUsed() throws IOException {
    try (TestNode node = new TestNode(data).open(backend)) {
      node.flush();
      FakeBackend second = new FakeBackend(new FakeStore());
      node.buffer.addBackend(second);
      assertThat(node.buffer.status().backends())
          .extracting(BackendStatus::condition)
          .containsExactly("up", "degraded");
      assertThat(node.buffer.status().backends().get(1).detail()).contains("another name");
      node.buffer.removeBackend(backend);
      assertThat(node.buffer.status().backends())
          .extracting(BackendStatus::condition)
          .containsExactly("up");
    }
  }

  @Test
  void optionsOutOfRangeAreRefusedByName() {
    TestNode node = new TestNode(data);
    node.flushSize = 0;
    assertThatThrownBy(node::options)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flush_size");
    BufferOptions good = BufferOptions.in(data);
    assertThatThrownBy(
            () ->
                new BufferOptions(
                    data,
                    5_000_000,
                    good.flushSize(),
                    good.flushInterval(),
                    good.mirrorFlushInterval(),
                    good.maxInFlightBytes(),
                    good.writeTimeout(),
                    good.retryBase(),
                    good.retryMax(),
                    good.drainOnStop(),
                    good.routes(),
                    false))
        .hasMessage("max_journal_mb has to be from 64 to 1000000, not 5");
  }
}
