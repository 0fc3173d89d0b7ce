package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;

/** A mirror applies the deletes that it is told to, and no others. */
@Timeout(60)
class ArchiveTest {
  @TempDir Path data;

  /** A primary, and a mirror that may be an archive. */
  private static final class Pair implements AutoCloseable {
    final FakeStore store = new FakeStore();
    final FakeStore copy = new FakeStore();
    final FakeBackend main = new FakeBackend(store);
    final TestNode node;

    Pair(Path folder, Deletes deletes) throws IOException {
      node = new TestNode(Files.createDirectory(folder));
      Route route = new Route(Route.ALL, "main", List.of("copy"), Optional.of("copy"));
      node.routes =
          new RouteTable(
              Map.of(Route.ALL, route),
              Map.of("copy", new RouteTable.MirrorOptions(RouteTable.OnLag.DETACH, deletes)));
      node.open(main);
      node.buffer.addBackend(new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT));
    }

    /** Writes what the words say, as one request. */
    void write(List<String> words) throws InvalidRowException {
      try (Submission submission = node.begin()) {
        for (String word : words) {
          add(submission, word);
        }
        submission.commit(Durability.JOURNAL, TestNode.LONG);
      }
    }

    void settle() {
      node.flush();
      node.awaitLive("copy");
    }

    @Override
    public void close() throws IOException {
      node.close();
    }
  }

  /** A word says what happens to the note, and with which number. */
  private static void add(Submission submission, String word) throws InvalidRowException {
    String[] parts = word.split(":", 2);
    switch (parts[0]) {
      case "user" -> submission.delete("a");
      case "retention" -> submission.delete("a", DeleteOrigin.RETENTION);
      case "put" -> {
        submission.row().set("note_id", "a").set("n", Long.valueOf(parts[1]));
        submission.add(Mutation.Kind.PUT);
      }
      default -> {
        submission.row().set("note_id", "a").set("best", Long.valueOf(parts[1]));
        submission.add(Mutation.Kind.MERGE);
      }
    }
  }

  /** What is left of the note: its numbers, or nothing. */
  private static String left(FakeStore of) {
    Row row = of.row("notes", "a");
    if (row == null) {
      return "-";
    }
    int best = Notes.V1.ordinal("best");
    return TestNode.n(row) + "/" + (row.has(best) ? row.getLong(best) : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "put:1 user,                    -,   -,   1/0",
    "put:1 retention,               -,   1/0, 1/0",
    "put:1 retention user,          -,   -,   1/0",
    "put:1 user retention,          -,   -,   1/0",
    "put:1 retention put:2,         2/0, 2/0, 2/0",
    "put:1 user put:2 retention,    -,   2/0, 2/0",
    "put:1 retention merge:5,       0/5, 1/5, 1/5",
    "put:1 user merge:5,            0/5, 0/5, 1/5",
    "put:1 user merge:5 retention,  -,   0/5, 1/5",
    "put:1 retention merge:5 user,  -,   -,   1/5",
    "retention put:3 user put:4,    4/0, 4/0, 4/0"
  })
  void deletesThatAreFoldedCountAsIfTheyCameOneByOne(
      String items, String all, String user, String none) throws Exception {
    Map<Deletes, String> expected =
        Map.of(Deletes.ALL, all, Deletes.USER, user, Deletes.NONE, none);
    List<String> words = Arrays.asList(items.split(" "));
    for (Deletes deletes : Deletes.values()) {
      try (Pair folded = new Pair(data.resolve(deletes + "-folded"), deletes);
          Pair apart = new Pair(data.resolve(deletes + "-apart"), deletes)) {
        folded.write(words);
        folded.settle();
        for (String word : words) {
          apart.write(List.of(word));
          apart.settle();
        }
        assertThat(left(folded.copy)).as(deletes + " folded").isEqualTo(expected.get(deletes));
        assertThat(left(apart.copy)).as(deletes + " apart").isEqualTo(expected.get(deletes));
        assertThat(left(folded.store)).isEqualTo(all);
        assertThat(left(apart.store)).isEqualTo(all);
      }
    }
  }

  /** What is pending for it is laid over its records as it is going to apply it. */
  @Test
  void anArchiveThatAnswersForThePrimaryShowsWhatItKeepsAlsoWhileTheDeleteIsPending()
      throws Exception {
    try (Pair pair = new Pair(data.resolve("asked"), Deletes.USER)) {
      TestNode node = pair.node;
      node.puts("a", "b", "c");
      pair.settle();
      node.hold(true);
      TestNode.until(() -> node.follower("copy").code().equals("HELD"));
      try (Submission submission = node.begin()) {
        submission.delete("a", DeleteOrigin.RETENTION);
        submission.delete("b");
        submission.commit(Durability.JOURNAL, TestNode.LONG);
      }
      assertThat(isThere(node, "a", "main")).isFalse();
      node.buffer.removeBackend(pair.main);
      assertThat(isThere(node, "a", "copy")).isTrue();
      assertThat(isThere(node, "b", "copy")).isFalse();
      node.hold = false;
      node.reconfigure();
      TestNode.until(() -> node.follower("copy").lag() == 0);
      assertThat(isThere(node, "a", "copy")).isTrue();
      assertThat(isThere(node, "b", "copy")).isFalse();
    }
  }

  private static boolean isThere(TestNode node, String key, String source) {
    Answer<Optional<Row>> answer = node.buffer.reader().get("notes", key, Consistency.BUFFERED);
    assertThat(answer.source()).isEqualTo(source);
    return answer.value().isPresent();
  }

  @Test
  void anArchiveThatWasAwayKeepsWhatRetentionRemovedMeanwhile() throws Exception {
    try (Pair pair = new Pair(data.resolve("away"), Deletes.USER)) {
      pair.node.puts("a", "b", "c");
      pair.settle();
      pair.node.hold(true);
      try (Submission submission = pair.node.begin()) {
        submission.delete("a", DeleteOrigin.RETENTION);
        submission.delete("b");
        submission.commit(Durability.JOURNAL, TestNode.LONG);
      }
      TestNode again = pair.node;
      again.close();
      again.hold = false;
      again.open(new FakeBackend(pair.store));
      again.buffer.addBackend(new FakeBackend("copy", pair.copy, Capability.INSERT_IF_ABSENT));
      pair.settle();
      assertThat(pair.store.keys("notes")).containsExactly("c");
      assertThat(pair.copy.keys("notes")).containsExactly("a", "c");
    }
  }

  @Test
  void aDecisionSaysWhyItDeletesAsWell() throws Exception {
    try (Pair pair = new Pair(data.resolve("decided"), Deletes.USER)) {
      pair.node.buffer.addCollection(Stock.ITEMS);
      for (String key : List.of("i1", "i2")) {
        DecisionTest.plain(pair.node, Durability.JOURNAL, key, 1);
      }
      DecisionTest.decide(
          pair.node,
          TestNode.LONG,
          draft -> {
            draft.delete("stock", "i1", DeleteOrigin.RETENTION);
            draft.delete("stock", "i2");
            return null;
          },
          Guard.record("stock", "i1"),
          Guard.record("stock", "i2"));
      pair.settle();
      assertThat(pair.store.keys("stock")).isEmpty();
      assertThat(pair.copy.keys("stock")).containsExactly("i1");
    }
  }

  /** Journals of releases that knew one origin only are read as they were meant. */
  @Test
  void aDeleteAsItHasAlwaysBeenWrittenIsAUsers() throws InvalidRowException {
    FramePayload payload = new FramePayload(Notes.V1, 0);
    payload.add(Mutation.Kind.DELETE, Row.of(Notes.V1).set("note_id", "a"));
    int first = 1 + "notes".length();
    assertThat(payload.bytes()[first]).isEqualTo((byte) 4);
    FramePayload users = new FramePayload(Notes.V1, 0);
    users.add(FramePayload.deleteCode(DeleteOrigin.USER), Row.of(Notes.V1).set("note_id", "a"));
    assertThat(users.bytes()).isEqualTo(payload.bytes());
    FramePayload expiry = new FramePayload(Notes.V1, 0);
    expiry.add(
        FramePayload.deleteCode(DeleteOrigin.RETENTION), Row.of(Notes.V1).set("note_id", "a"));
    assertThat(expiry.bytes()[first]).isEqualTo((byte) 5);
    assertThat(expiry.items(7).get(0).kind()).isEqualTo(Mutation.Kind.DELETE);
  }
}
