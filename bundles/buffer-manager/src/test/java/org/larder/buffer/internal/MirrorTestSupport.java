package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** A primary and a backend that may be its mirror. */
@Timeout(60)
abstract class MirrorTestSupport {
  @TempDir Path data;
  final FakeStore store = new FakeStore();
  final FakeStore copy = new FakeStore();
  final FakeBackend main = new FakeBackend(store);
  final MigratingFake mirror = new MigratingFake("copy", copy);

  /** The mirror answers while the primary is away. */
  static Route mirrored() {
    return new Route(Route.ALL, "main", List.of("copy"), Optional.of("copy"));
  }

  /** A node with that route, not open yet. */
  TestNode node() {
    TestNode node = new TestNode(data);
    node.routes = RouteTable.of("main").with(mirrored());
    return node;
  }

  /** A node with two collections and a mirror that has all. */
  TestNode openComplete() throws IOException {
    TestNode node = node().open(main);
    node.buffer.addBackend(mirror);
    node.buffer.addCollection(Notes.TAGS);
    node.puts("a");
    node.put(Notes.TAGS, "a");
    node.flush();
    node.awaitLive("copy");
    return node;
  }

  static Answer<Optional<Row>> get(TestNode node, String key, Consistency consistency) {
    return node.buffer.reader().get("notes", key, consistency);
  }

  /** Gives the mirror up, as it is when it holds too much of the journal. */
  static void giveUp(TestNode node) throws IOException {
    node.buffer.routing().follower("copy").detach();
    TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.STALE);
  }

  /** Gives the mirror up, and hangs in the first rows with which it is filled anew. */
  Hang hangWhileFilled(TestNode node) throws Exception {
    giveUp(node);
    node.puts("b");
    node.flush();
    Hang hang = mirror.hangNextPut(true);
    node.buffer.adopt("copy");
    hang.awaitEntered();
    return hang;
  }

  /** What is noted of a collection of the mirror's. */
  Coverage.Extent noted(String collection) throws IOException {
    return Coverage.open(data.resolve("buffer/coverage"))
        .of("copy", collection)
        .orElseThrow()
        .extent();
  }

  /** Writes until the journal has nothing more of what was there before. */
  static void trim(TestNode node) {
    long before = node.buffer.status().journal().endSequence();
    String body = "x".repeat(5_000);
    while (node.buffer.status().journal().startSequence() < before) {
      for (int k = 0; k < 100; k++) {
        node.write(Mutation.Kind.PUT, "long" + k, row -> row.set("body", body));
      }
      node.flush();
      JournalStatus journal = node.buffer.status().journal();
      if (journal.liveBytes() > journal.maxBytes() / 2) {
        TestNode.until(() -> node.buffer.status().journal().startSequence() >= before);
      }
    }
  }
}
