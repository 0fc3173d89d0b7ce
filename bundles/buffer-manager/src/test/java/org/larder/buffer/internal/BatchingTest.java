package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;
import org.larder.storage.spi.WriteResult;

/** When a batch begins and what is in it. */
@Timeout(30)
class BatchingTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeBackend backend = new FakeBackend(store);

  private TestNode node(int flushSize, Duration flushInterval) throws IOException {
    TestNode node = new TestNode(data);
    node.flushSize = flushSize;
    node.flushInterval = flushInterval;
    node.open(backend);
    node.flush();
    backend.batches.clear();
    return node;
  }

  @Test
  void aDrainBeginsBySize() throws IOException {
    try (TestNode node = node(10, Duration.ofSeconds(30))) {
      IntStream.range(0, 9).forEach(i -> node.puts("k" + i));
      assertThat(backend.batches).isEmpty();
      node.puts("k9");
      TestNode.until(() -> !backend.batches.isEmpty());
      assertThat(backend.batches.get(0).size()).isEqualTo(10);
    }
  }

  @Test
  void aDrainBeginsByTime() throws IOException {
    try (TestNode node = node(1_000, Duration.ofMillis(100))) {
      long before = System.nanoTime();
      node.puts("a");
      TestNode.until(() -> !backend.batches.isEmpty());
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThanOrEqualTo(Duration.ofMillis(90));
    }
  }

  @Test
  void aDrainBeginsAtOnceWhenSomebodyWaits() throws IOException {
    try (TestNode node = node(1_000, Duration.ofSeconds(30))) {
      node.puts("a");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void batchesGrowWithTheBacklog() throws IOException {
    try (TestNode node = node(10, Duration.ofMillis(5))) {
      node.hold(true);
      IntStream.range(0, 1_000).forEach(i -> node.puts("k" + i));
      node.hold(false);
      node.flush();
      assertThat(backend.batches.stream().map(Batch::size))
          .startsWith(10, 20, 40, 80, 160, 160)
          .allMatch(size -> size <= 160);
      assertThat(node.follower().items()).isGreaterThanOrEqualTo(1_000);
    }
  }

  /** Not open yet; the mirror's interval is as long as a test may take in all. */
  private TestNode nodeWithPatientMirror() {
    TestNode node = new TestNode(data);
    node.mirrorFlushInterval = Duration.ofSeconds(30);
    node.routes =
        RouteTable.of("main").with(new Route(Route.ALL, "main", List.of("copy"), Optional.empty()));
    return node;
  }

  @Test
  void aMirrorGathersMoreThanThePrimaryUntilItIsOne() throws IOException {
    FakeStore copy = new FakeStore();
    FakeBackend mirror = new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT);
    TestNode closed = nodeWithPatientMirror();
    closed.flushSize = 10;
    try (TestNode node = closed.open(backend)) {
      node.buffer.addBackend(mirror);
      node.awaitLive("copy");
      node.flush();
      IntStream.range(0, 100).forEach(i -> node.puts("k" + i));
      node.flush();
      assertThat(store.keys("notes")).hasSize(100);
      assertThat(copy.keys("notes")).isEmpty();
      IntStream.range(100, 170).forEach(i -> node.puts("k" + i));
      // A batch is noted after its records are there.
      TestNode.until(() -> mirror.batches.stream().anyMatch(batch -> batch.size() >= 160));
      assertThat(copy.keys("notes")).hasSizeGreaterThanOrEqualTo(160);
      node.buffer.changeRoute(new Route(Route.ALL, "copy", List.of("main"), Optional.empty()));
      node.puts("as-primary");
      TestNode.until(() -> copy.keys("notes").contains("as-primary"));
    }
  }

  @Test
  void aMirrorGathersNoMoreThanABatchMayHave() throws IOException {
    FakeStore copy = new FakeStore();
    TestNode closed = nodeWithPatientMirror();
    closed.journalBytes = 64 << 20;
    try (TestNode node = closed.open(backend)) {
      node.buffer.addBackend(new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT));
      node.awaitLive("copy");
      node.hold(true);
      String body = "x".repeat(250_000);
      for (int i = 0; i < 80; i++) {
        node.write(Mutation.Kind.PUT, "k" + i, row -> row.set("body", body));
      }
      node.hold(false);
      // Less than its interval.
      assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> TestNode.until(() -> copy.keys("notes").size() == 80));
    }
  }

  @Test
  void aBatchHasOneMutationAKeySortedByKey() throws IOException {
    try (TestNode node = node(1_000, Duration.ofSeconds(30))) {
      node.puts("b", "a", "\uD83D\uDE00", "\uFFFD");
      node.puts("a", "c");
      node.flush();
      assertThat(backend.batches).hasSize(1);
      assertThat(backend.batches.get(0).changes().get(0).mutations().stream().map(Mutation::key))
          .containsExactly("a", "b", "c", "\uFFFD", "\uD83D\uDE00");
    }
  }

  @Test
  void anInsertFoldsWithNothingAndLosesToWhatIsThere() throws IOException {
    try (TestNode node = node(1_000, Duration.ofSeconds(30))) {
      node.hold(true);
      node.put("a", 1);
      node.write(Mutation.Kind.INSERT, "b", row -> row.set("n", 2L));
      node.put("c", 3);
      node.write(Mutation.Kind.INSERT, "c", row -> row.set("n", 4L));
      node.write(Mutation.Kind.MERGE, "b", row -> row.set("book", "x"));
      node.hold(false);
      node.flush();
      assertThat(backend.batches.stream().map(Batch::size)).containsExactly(3, 2);
      assertThat(TestNode.n(store.row("notes", "c"))).isEqualTo(3);
      assertThat(TestNode.n(store.row("notes", "b"))).isEqualTo(2);
      assertThat(store.row("notes", "b").value("book")).isEqualTo("x");
    }
  }

  /** The records are of one request, whose frame is cut as well. */
  @Test
  void aBatchThatRunsOutOfTimeIsNotTriedInTheSameSizeForEver() throws IOException {
    AtomicInteger takesInTime = new AtomicInteger(Integer.MAX_VALUE);
    FakeBackend slow =
        new FakeBackend(store) {
          @Override
          public WriteResult write(Batch batch) {
            if (batch.size() > takesInTime.get()) {
              throw new StorageException(Severity.RETRY, "TIMEOUT", "as told");
            }
            return super.write(batch);
          }
        };
    TestNode node = new TestNode(data);
    node.flushSize = 100;
    try (node) {
      node.open(slow);
      node.flush();
      slow.batches.clear();
      takesInTime.set(1);
      node.puts(IntStream.range(0, 100).mapToObj(i -> "k" + i).toArray(String[]::new));
      TestNode.until(() -> slow.batches.size() >= 4);
      takesInTime.set(Integer.MAX_VALUE);
      node.puts(IntStream.range(0, 300).mapToObj(i -> "later" + i).toArray(String[]::new));
      node.flush();
      assertThat(store.keys("notes")).hasSize(400);
      List<Integer> sizes = slow.batches.stream().map(Batch::size).toList();
      assertThat(sizes).startsWith(1, 1, 1, 1).anyMatch(size -> size > 1);
    }
  }

  /** What a mirror begins by is an average; what it takes is not. */
  @Test
  void aBatchIsBoundedByItsBytesThoughRecordsWereSmallBefore() throws IOException {
    TestNode node = new TestNode(data);
    node.journalBytes = 64 << 20;
    node.flushSize = 100_000;
    String body = "x".repeat(200_000);
    try (node) {
      node.open(backend);
      node.hold(true);
      node.puts(IntStream.range(0, 2_000).mapToObj(i -> "small" + i).toArray(String[]::new));
      for (int i = 0; i < 120; i++) {
        node.write(Mutation.Kind.PUT, "large" + i, row -> row.set("body", body));
      }
      node.hold(false);
      node.flush();
      assertThat(store.keys("notes")).hasSize(2_120);
      assertThat(backend.batches)
          .hasSizeGreaterThan(1)
          .allSatisfy(
              batch ->
                  assertThat(bytes(batch))
                      .isLessThan(StretchReader.STRETCH_BYTES + 2L * body.length()));
    }
  }

  private static long bytes(Batch batch) {
    return batch.changes().stream()
        .flatMap(changes -> changes.mutations().stream())
        .mapToLong(item -> item.row().encodedLength())
        .sum();
  }

  @Test
  void aBackendThatCannotInsertIsNeverAskedTo() throws IOException {
    FakeBackend unable = new FakeBackend("main", store);
    try (TestNode node = new TestNode(data).open(unable)) {
      node.put("a", 1);
      node.write(Mutation.Kind.INSERT, "a", row -> row.set("n", 2L));
      node.write(Mutation.Kind.INSERT, "b", row -> row.set("n", 3L));
      node.write(Mutation.Kind.INSERT, "b", row -> row.set("n", 4L));
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(1);
      assertThat(TestNode.n(store.row("notes", "b"))).isEqualTo(3);
    }
  }

  @Test
  void theOldestPendingIsToldWhileTheBackendIsAway() throws IOException {
    try (TestNode node = node(1_000, Duration.ofMillis(5))) {
      assertThat(node.follower().oldestPending()).isZero();
      node.buffer.removeBackend(backend);
      node.puts("a");
      TestNode.until(() -> node.follower().oldestPending().compareTo(Duration.ofMillis(20)) > 0);
      node.buffer.addBackend(new FakeBackend(store));
      node.flush();
      assertThat(node.follower().oldestPending()).isZero();
    }
  }

  @Test
  void whatTheBackendHasIsSyncedSoThatTheJournalCanShrink() throws IOException {
    TestNode node = new TestNode(data);
    node.journalBytes = 4 << 20;
    String body = "x".repeat(100_000);
    try (node) {
      node.open(backend);
      TestNode.until(
          () -> {
            if (node.buffer.status().journal().liveBytes() < 3 << 20) {
              node.write(Mutation.Kind.PUT, "big", row -> row.set("body", body));
            }
            node.flush();
            return backend.syncs.get() > 0;
          });
      TestNode.until(() -> node.follower().durablePosition() > 0);
    }
  }
}
