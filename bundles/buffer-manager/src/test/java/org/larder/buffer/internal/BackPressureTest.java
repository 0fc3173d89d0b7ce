package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.MirrorOptions;
import org.larder.buffer.Submission;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.StorageException;

/** What is too much is refused, and taken again as soon as there is room. */
class BackPressureTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  private static void assertRefused(
      Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(type(BufferException.class))
        .extracting(BufferException::reason)
        .isEqualTo(reason);
  }

  @Test
  void requestsBeyondTheBoundInFlightAreRefused() throws IOException {
    TestNode node = new TestNode(data);
    node.maxInFlightBytes = 1_000_000;
    try (node) {
      node.open();
      try (Submission first = node.buffer.intake().begin("notes", 600_000)) {
        assertRefused(Reason.FULL, () -> node.buffer.intake().begin("notes", 600_000));
        assertRefused(Reason.FULL, () -> beginAndReserve(node, 300_000, 200_000));
        try (Submission third = node.buffer.intake().begin("notes", 400_000)) {
          assertThat(third.size()).isZero();
        }
        assertThat(first.size()).isZero();
      }
      assertThat(node.buffer.inFlightBytes()).isZero();
      try (Submission again = node.buffer.intake().begin("notes", 600_000)) {
        assertThat(again.size()).isZero();
      }
    }
  }

  private static void beginAndReserve(TestNode node, long expected, long more) {
    try (Submission submission = node.buffer.intake().begin("notes", expected)) {
      submission.reserve(more);
    }
  }

  @Test
  void aRequestLargerThanTheBoundIsTakenAlone() throws IOException {
    TestNode node = new TestNode(data);
    node.maxInFlightBytes = 1_000_000;
    try (node) {
      node.open();
      try (Submission large = node.buffer.intake().begin("notes", 3_000_000)) {
        large.reserve(1_000_000);
        assertRefused(Reason.FULL, () -> node.buffer.intake().begin("notes", 1));
      }
      assertThat(node.buffer.inFlightBytes()).isZero();
    }
  }

  @Test
  void roomIsGivenBackHoweverASubmissionEnds() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      try (Submission unused = node.begin()) {
        assertThat(unused.size()).isZero();
      }
      assertThat(node.buffer.inFlightBytes()).isZero();
      try (Submission empty = node.begin()) {
        assertThat(empty.commit(Durability.JOURNAL, Duration.ZERO).receipt()).isEmpty();
      }
      assertThat(node.buffer.inFlightBytes()).isZero();
      for (Durability durability : Durability.values()) {
        node.put(durability, TestNode.LONG, "a");
      }
      TestNode.until(() -> node.buffer.inFlightBytes() == 0);
      node.files.failForces(new IOException("broken disk"));
      assertRefused(Reason.JOURNAL_FAILED, () -> node.puts("b"));
      node.put(Durability.MEMORY, Duration.ZERO, "c");
      TestNode.until(() -> node.buffer.inFlightBytes() == 0);
      node.files.failForces(new IOException("No space left on device"));
      assertRefused(Reason.DISK_FULL, () -> node.puts("d"));
      assertThat(node.buffer.inFlightBytes()).isZero();
      node.files.failForces(null);
      node.flush();
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @Test
  void roomIsHeldWhileTheJournalHoldsTheBytes() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.files.holdForces();
      node.put(Durability.MEMORY, Duration.ZERO, "a");
      assertThat(node.buffer.inFlightBytes()).isEqualTo(1_000);
      node.files.releaseForces();
      TestNode.until(() -> node.buffer.inFlightBytes() == 0);
    }
  }

  @Test
  void aSubmissionIsCommittedOnce() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      try (Submission submission = node.begin()) {
        TestNode.add(submission, Mutation.Kind.PUT, "a", row -> {});
        submission.commit(Durability.JOURNAL, Duration.ZERO);
        assertThatThrownBy(() -> submission.commit(Durability.JOURNAL, Duration.ZERO))
            .isInstanceOf(IllegalStateException.class);
      }
      assertThat(node.buffer.inFlightBytes()).isZero();
    }
  }

  @Test
  void aFullJournalRefusesWritesWhileReadsGoOn() throws IOException {
    TestNode node = new TestNode(data);
    node.journalBytes = 4 << 20;
    try (node) {
      node.open(new FakeBackend(store));
      node.puts("first");
      node.flush();
      node.hold(true);
      String body = "x".repeat(100_000);
      assertRefused(
          Reason.FULL,
          () -> {
            for (int i = 0; i < 100; i++) {
              node.write(Mutation.Kind.PUT, "big" + i, row -> row.set("body", body));
            }
          });
      assertThat(node.buffer.inFlightBytes()).isZero();
      assertThat(node.buffer.reader().get("notes", "first", Consistency.STORED).value())
          .isPresent();
      assertThat(node.buffer.reader().get("notes", "big0", Consistency.BUFFERED).value())
          .isPresent();
      node.hold(false);
      node.flush();
      TestNode.until(
          () -> {
            try {
              node.puts("last");
              return true;
            } catch (BufferException e) {
              return false;
            }
          });
      node.flush();
      assertThat(store.keys("notes")).contains("last");
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  /** Writes until the journal is full, and stays so for longer than others are waited for. */
  private static int writeUntilRefusedForLong(TestNode node) {
    String body = "x".repeat(4_000);
    AtomicInteger written = new AtomicInteger();
    while (isTaken(node, "k" + written, body)) {
      written.incrementAndGet();
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    TestNode.until(
        () -> {
          boolean taken = isTaken(node, "k" + written, body);
          written.addAndGet(taken ? 1 : 0);
          assertThat(node.follower("copy").state()).isNotEqualTo(FollowerStatus.State.STALE);
          return !taken && System.nanoTime() > until;
        });
    return written.get();
  }

  private static boolean isTaken(TestNode node, String key, String body) {
    try {
      node.write(Mutation.Kind.PUT, key, row -> row.set("body", body));
      return true;
    } catch (BufferException e) {
      assertThat(e.reason()).isEqualTo(Reason.FULL);
      return false;
    }
  }

  @Test
  void aMirrorThatBlocksKeepsTheJournalUntilItIsMended() throws IOException {
    FakeStore copy = new FakeStore();
    FakeBackend mirror = new FakeBackend("copy", copy);
    TestNode node = new TestNode(data);
    node.routes =
        new RouteTable(
            Map.of(Route.ALL, new Route(Route.ALL, "main", List.of("copy"), Optional.empty())),
            Map.of("copy", new MirrorOptions(RouteTable.OnLag.BLOCK, RouteTable.Deletes.ALL)));
    try (node) {
      node.open(new FakeBackend(store));
      node.buffer.addBackend(mirror);
      node.puts("first");
      node.flush();
      node.awaitLive("copy");
      mirror.failAlways(
          new StorageException(StorageException.Severity.RETRY, "STORE_UNAVAILABLE", "as told"));
      int written = writeUntilRefusedForLong(node);
      node.flush();
      assertThat(store.keys("notes")).hasSize(written + 1);
      assertThat(copy.keys("notes")).containsExactly("first");
      assertThat(node.buffer.retained()).containsKey("copy");
      mirror.failAlways(null);
      TestNode.until(() -> isTaken(node, "last", ""));
      node.flush();
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).hasSize(written + 2).isEqualTo(store.keys("notes"));
    }
  }
}
