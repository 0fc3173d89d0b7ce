package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.Outcome;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.sqlite.internal.SqliteBackend;

/** Inserts that nobody could check are settled by the database. */
@Timeout(60)
class SqliteInsertTest {
  @TempDir Path data;

  private Path database() {
    return data.resolve("main.db");
  }

  private TestNode open() throws IOException {
    TestNode node = new TestNode(data).open();
    node.buffer.addCollection(Stock.ITEMS);
    return node;
  }

  private static Acknowledgement insert(TestNode node, long n, String... keys) {
    try (Submission submission = node.buffer.intake().begin("stock", 100)) {
      for (String key : keys) {
        submission.row().set("item_id", key).set("n", n).checkComplete();
        submission.add(Mutation.Kind.INSERT);
      }
      return submission.commit(Durability.JOURNAL, TestNode.LONG);
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static long stored(TestNode node, String key) {
    return TestNode.n(
        node.buffer.reader().get("stock", key, Consistency.FLUSHED).value().orElseThrow());
  }

  private static void assertSettled(TestNode node, Acknowledgement of) {
    ReceiptState receipt = node.buffer.receipt(of.receipt()).orElseThrow();
    assertThat(receipt.state()).isEqualTo(ReceiptState.State.DUPLICATE);
    assertThat(receipt.duplicates()).containsExactly("old");
  }

  /** A record that the journal knows nothing of. */
  private void putBehindTheJournal() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO stock (item_id, name, n, _version) VALUES ('old', 'first', 1, 0)");
    }
  }

  @Test
  void whatWasUncheckedIsADuplicateIfTheDatabaseHasIt() throws Exception {
    try (SqliteBackend main = SqliteBackend.at("main", database());
        TestNode node = open()) {
      node.buffer.addBackend(main);
      node.flush();
    }
    putBehindTheJournal();
    Acknowledgement unknown;
    try (SqliteBackend main = SqliteBackend.at("main", database());
        TestNode node = open()) {
      unknown = insert(node, 2, "new", "old");
      assertThat(unknown.outcomes()).containsExactly(Outcome.UNCHECKED, Outcome.UNCHECKED);
      assertThat(node.buffer.receipt(unknown.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.PENDING);
      node.buffer.addBackend(main);
      node.flush();
      assertSettled(node, unknown);
      assertThat(stored(node, "old")).isEqualTo(1);
      assertThat(stored(node, "new")).isEqualTo(2);
      assertThat(insert(node, 3, "new", "old").outcomes())
          .containsExactly(Outcome.DUPLICATE, Outcome.DUPLICATE);
    }
    try (SqliteBackend main = SqliteBackend.at("main", database());
        TestNode node = open()) {
      node.buffer.addBackend(main);
      node.flush();
      assertSettled(node, unknown);
      assertThat(stored(node, "old")).isEqualTo(1);
    }
  }
}
