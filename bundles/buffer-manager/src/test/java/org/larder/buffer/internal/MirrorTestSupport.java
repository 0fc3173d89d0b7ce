package org.larder.buffer.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;

/** A primary and a backend that may be its mirror. */
@Timeout(60)
abstract class MirrorTestSupport {
  @TempDir Path data;
  final FakeStore store = new FakeStore();
  final FakeStore copy = new FakeStore();
  final FakeBackend main = new FakeBackend(store);
  final FakeBackend mirror = new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT);

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

  static Answer<Optional<Row>> get(TestNode node, String key, Consistency consistency) {
    return node.buffer.reader().get("notes", key, consistency);
  }
}
