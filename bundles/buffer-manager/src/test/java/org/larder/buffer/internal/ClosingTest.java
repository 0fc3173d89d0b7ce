package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Consistency;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;

/** A buffer that is closed, or was never whole, leaves nothing behind. */
@Timeout(60)
class ClosingTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  /** Followers are closed in the order of their names. */
  private TestNode node() {
    TestNode node = new TestNode(data);
    node.routes =
        RouteTable.of("main")
            .with(new Route(Route.ALL, "main", List.of("other"), Optional.empty()));
    return node;
  }

  private static boolean isRunning(String thread) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(one -> one.getName().equals(thread));
  }

  @Test
  void aFileThatCannotBeClosedKeepsNeitherTheOtherFollowersNorTheJournal() throws IOException {
    try (TestNode node = node().open(new FakeBackend(store))) {
      node.awaitAttached();
      node.hold(true);
      node.puts("a");
      // Whoever asks has a reader of the journal now.
      assertThat(node.buffer.reader().get("notes", "a", Consistency.BUFFERED).value()).isPresent();
      assertThat(isRunning("larder-follower-other")).isTrue();
      node.files.failCloses(new IOException("as told"));
      assertThatThrownBy(node::close).isInstanceOf(IOException.class).hasMessage("as told");
      node.files.failCloses(null);
      assertThat(isRunning("larder-follower-other")).isFalse();
      node.hold = false;
      node.open(new FakeBackend(store));
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }
}
