package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Durability;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Submission;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.sqlite.internal.SqliteBackend;

/** From one SQLite database to another, while others write. */
@Timeout(120)
class MigrationSqliteTest {
  @TempDir Path data;

  private static void write(TestNode node, int batch) {
    try (Submission submission = node.begin()) {
      for (int i = 0; i < 50; i++) {
        int n = i;
        TestNode.add(
            submission,
            i % 10 == 9 ? Mutation.Kind.DELETE : Mutation.Kind.MERGE,
            "k" + (batch * 37 + i) % 20_000,
            row -> row.set("n", (long) batch).set("best", (long) n).set("body", "b" + batch));
      }
      submission.commit(Durability.JOURNAL, TestNode.LONG);
    }
  }

  /** A follower far behind would be given up: the journal of a test is small. */
  private static boolean isKeepingUp(TestNode node) {
    return node.buffer.status().followers().stream().allMatch(one -> one.lag() < 5_000);
  }

  private static List<String> rows(StorageBackend store) {
    List<String> rows = new ArrayList<>();
    try (RecordCursor cursor = store.scan(ScanRequest.all(Notes.V1))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row + " v" + row.version());
      }
    }
    return rows;
  }

  @Test
  void allOfItMovesWhileOthersWrite() throws Exception {
    TestNode node = MigrationFixture.open(data);
    try (SqliteBackend main = SqliteBackend.at("main", data.resolve("main.db"));
        SqliteBackend copy = SqliteBackend.at("copy", data.resolve("copy.db"))) {
      node.buffer.addBackend(main);
      node.buffer.addBackend(copy);
      for (int batch = 0; batch < 600; batch++) {
        write(node, batch);
      }
      node.flush();
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger written = new AtomicInteger(600);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                while (!stop.get()) {
                  write(node, written.getAndIncrement());
                  TestNode.until(() -> isKeepingUp(node));
                }
              });
      long id = node.buffer.migrations().start(MigrationFixture.request("notes")).id();
      TestNode.until(() -> MigrationFixture.status(node, id).phase() != Phase.BACKFILLING);
      MigrationStatus done = MigrationFixture.await(node, id, Phase.DONE);
      stop.set(true);
      writer.join();
      assertThat(done.verified()).isPositive();
      assertThat(done.comparison().ranges()).isGreaterThan(1);
      node.flush();
      TestNode.until(() -> rows(main).equals(rows(copy)));
      assertThat(rows(copy)).hasSizeGreaterThan(10_000);
      node.buffer.removeBackend(main);
      node.buffer.removeBackend(copy);
      node.close();
    }
  }
}
