package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Files of the node that this process has open, where the machine tells. */
  private List<String> openFiles() throws IOException {
    List<String> found = new ArrayList<>();
    Path all = Path.of("/proc/self/fd");
    if (Files.isDirectory(all)) {
      try (DirectoryStream<Path> links = Files.newDirectoryStream(all)) {
        for (Path link : links) {
          try {
            Path file = Files.readSymbolicLink(link);
            if (file.startsWith(data.toRealPath())) {
              found.add(file.getFileName().toString());
            }
          } catch (NoSuchFileException e) {
            // Closed meanwhile, as that of the directory itself.
          }
        }
      }
    }
    return found;
  }

  @Test
  void anOpeningThatFailsWhenFollowersAreThereLeavesNothingOpen() throws IOException {
    node().open().close();
    TestNode node = new TestNode(data);
    // The other follower cannot be let go of.
    Path inTheWay = Files.createDirectories(data.resolve("journal/readers.new/in-the-way"));
    assertThatThrownBy(node::open).isInstanceOf(IOException.class);
    assertThat(openFiles()).isEmpty();
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    try (node) {
      node.open(new FakeBackend(store));
      node.puts("a");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }
}
