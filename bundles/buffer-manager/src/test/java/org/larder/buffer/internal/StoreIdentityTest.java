package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** A follower writes only into the store that belongs to it; never a silent fresh start. */
class StoreIdentityTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  private TestNode written(String... keys) throws IOException {
    FakeBackend backend = new FakeBackend(store);
    TestNode node = new TestNode(data).open(backend);
    node.puts(keys);
    node.flush();
    node.buffer.removeBackend(backend);
    return node;
  }

  private static void assertHalted(TestNode node, String code, String part) {
    node.awaitState(FollowerStatus.State.HALTED);
    assertThat(node.follower().code()).isEqualTo(code);
    assertThat(node.follower().message()).contains(part);
  }

  @Test
  void anotherStoreHaltsAndStaysUntouched() throws IOException {
    try (TestNode node = written("a")) {
      FakeStore other = new FakeStore();
      node.puts("b");
      node.buffer.addBackend(new FakeBackend(other));
      assertHalted(node, "DIFFERENT_STORE", "Expected the store");
      assertThat(other.keys("notes")).isEmpty();
      assertThat(other.metadata("store_id")).isNull();
      assertThatThrownBy(() -> node.buffer.reader().get("notes", "a", Consistency.STORED))
          .isInstanceOf(BufferException.class);
    }
  }

  @Test
  void adoptGoesOnWithAnotherStore() throws IOException {
    try (TestNode node = written("a")) {
      FakeStore other = new FakeStore();
      node.buffer.addBackend(new FakeBackend(other));
      node.puts("b");
      node.awaitState(FollowerStatus.State.HALTED);
      assertThatThrownBy(() -> node.buffer.adopt("nobody"))
          .isInstanceOf(NoSuchElementException.class);
      node.buffer.adopt("main");
      node.flush();
      assertThat(other.keys("notes")).contains("b");
    }
    // The route remembers the store that was adopted.
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      assertHalted(node, "DIFFERENT_STORE", "Expected the store");
    }
  }

  @Test
  void adoptWithoutNeedAdoptsNothingLater() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.puts("a");
      node.flush();
      node.buffer.adopt("main");
      node.buffer.removeBackend(backend);
      node.buffer.addBackend(new FakeBackend(new FakeStore()));
      assertHalted(node, "DIFFERENT_STORE", "Expected the store");
    }
  }

  @Test
  void theStoreOfAnotherJournalHalts(@TempDir Path elsewhere) throws IOException {
    try (TestNode node = new TestNode(elsewhere).open(new FakeBackend(store))) {
      node.puts("theirs");
      node.flush();
    }
    List<Row> before = store.rows("notes");
    try (TestNode node = new TestNode(data).open()) {
      node.puts("ours");
      node.buffer.addBackend(new FakeBackend(store));
      assertHalted(node, "DIFFERENT_JOURNAL", "another node's journal");
      assertThat(store.rows("notes")).isEqualTo(before);
      node.buffer.adopt("main");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("ours", "theirs");
    }
  }

  @Test
  void anOlderCopyWithinTheLogResumes() throws IOException {
    FakeStore older;
    try (TestNode node = written("a")) {
      older = store.copy();
      FakeBackend backend = new FakeBackend(store);
      node.buffer.addBackend(backend);
      node.puts("b", "c");
      node.flush();
      node.buffer.removeBackend(backend);
      store.become(older);
      node.buffer.addBackend(new FakeBackend(store));
      TestNode.until(() -> store.keys("notes").size() == 3);
      node.flush();
      assertThat(node.buffer.status().pending()).containsEntry("notes", 0L);
      node.hold(true);
      node.puts("d");
      assertThat(node.buffer.status().pending()).containsEntry("notes", 1L);
    }
    // Also after a restart.
    store.become(older);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a", "b", "c", "d");
    }
  }

  @Test
  void aStoreThatIsOlderThanTheJournalHalts() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    TestNode node = new TestNode(data);
    node.journalBytes = 8 << 20;
    try (node) {
      node.open(backend);
      node.puts("a");
      node.flush();
      FakeStore older = store.copy();
      String body = "x".repeat(200_000);
      TestNode.until(
          () -> {
            try {
              node.write(Mutation.Kind.PUT, "big", row -> row.set("body", body));
            } catch (BufferException e) {
              assertThat(e.reason()).isEqualTo(BufferException.Reason.FULL);
            }
            node.flush();
            return node.buffer.status().journal().startSequence() > 0;
          });
      node.buffer.removeBackend(backend);
      List<Row> before = older.rows("notes");
      node.buffer.addBackend(new FakeBackend(older));
      assertHalted(node, "JOURNAL_GAP", "the journal begins at");
      assertThat(older.rows("notes")).isEqualTo(before);
      node.buffer.adopt("main");
      node.puts("z");
      node.flush();
      assertThat(older.keys("notes")).contains("a", "z");
    }
  }

  @Test
  void aStoreAheadOfTheJournalHaltsAlsoWhenTheJournalHasGrownSince(@TempDir Path backup)
      throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.copyDataTo(backup);
      node.buffer.addBackend(new FakeBackend(store));
      for (int i = 0; i < 5; i++) {
        node.puts("a" + i);
      }
      node.flush();
    }
    List<Row> before = store.rows("notes");
    try (TestNode node = new TestNode(backup).open()) {
      // The journal's end comes by the store's position before the store is there.
      for (int i = 0; i < 20; i++) {
        node.puts("b" + i);
      }
      FakeBackend backend = new FakeBackend(store);
      node.buffer.addBackend(backend);
      assertHalted(node, "JOURNAL_BEHIND", "older than the store");
      // Nor does it help that the service comes again.
      node.buffer.removeBackend(backend);
      node.awaitState(FollowerStatus.State.AWAY);
      node.buffer.addBackend(new FakeBackend(store));
      assertHalted(node, "JOURNAL_BEHIND", "older than the store");
      assertThat(store.rows("notes")).isEqualTo(before);
    }
    // Nor a restart, at which the journal is as far as the store.
    try (TestNode node = new TestNode(backup).open(new FakeBackend(store))) {
      assertHalted(node, "JOURNAL_BEHIND", "older than the store");
      assertThat(store.rows("notes")).isEqualTo(before);
      node.buffer.adopt("main");
      node.flush();
      assertThat(store.keys("notes")).hasSize(25);
    }
    try (TestNode node = new TestNode(backup).open(new FakeBackend(store))) {
      node.puts("c");
      node.flush();
      assertThat(store.keys("notes")).hasSize(26);
    }
  }

  @Test
  void aJournalThatWentAheadWithoutItsStoreIsBehindItAllTheSame(@TempDir Path backup)
      throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.puts("a");
      node.flush();
      node.copyDataTo(backup);
      node.puts("b", "c");
      node.flush();
    }
    // The store is away until the journal is as far as it.
    try (TestNode node = new TestNode(backup).open()) {
      node.puts("d", "e", "f", "g");
    }
    try (TestNode node = new TestNode(backup).open(new FakeBackend(store))) {
      assertHalted(node, "JOURNAL_BEHIND", "older than the store");
      node.buffer.adopt("main");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a", "b", "c", "d", "e", "f", "g");
    }
  }

  @Test
  void adoptingTheStoreOfALongerJournalBringsNoOldValuesBack(@TempDir Path backup)
      throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.put("k", 1);
      node.puts("gone");
      node.flush();
      node.copyDataTo(backup);
      node.put("k", 2);
      node.write(Mutation.Kind.DELETE, "gone", row -> {});
      node.flush();
    }
    try (TestNode node = new TestNode(backup).open(new FakeBackend(store))) {
      assertHalted(node, "JOURNAL_BEHIND", "older than the store");
      node.buffer.adopt("main");
      node.puts("new");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("k", "new");
      assertThat(TestNode.n(store.row("notes", "k"))).isEqualTo(2);
    }
  }
}
