package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.RouteTable;

/** What cannot begin leaves things as they were, and says what to do. */
class ChangeTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  @Test
  void primaryWhoseFollowerCannotBeginLeavesTheOldOptions() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.buffer.addBackend(new FakeBackend("spare", new FakeStore()));
      Path letters = data.resolve("buffer").resolve("dead-letters-spare");
      Files.createDirectories(letters);
      BufferOptions before = node.options();
      node.routes = RouteTable.of("spare");
      node.flushSize = before.flushSize() + 1;
      node.hold = true;
      assertThatThrownBy(() -> node.buffer.change(node.options())).isInstanceOf(IOException.class);
      assertThat(node.follower().name()).isEqualTo("main");
      assertThat(node.buffer.status().capacity()).isEqualTo(before.flushSize());
      assertThat(node.buffer.retained()).containsOnlyKeys("main");
      node.puts("a");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
      Files.delete(letters);
      node.hold = false;
      node.reconfigure();
      TestNode.until(() -> node.buffer.retained().keySet().equals(Set.of("spare")));
      assertThat(node.follower().name()).isEqualTo("spare");
    }
  }

  @Test
  void damagedMemoryOfStoresSaysWhatToDo() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.puts("a");
      node.flush();
    }
    Path memory = data.resolve("buffer").resolve("stores");
    Files.write(memory, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> new TestNode(data).open())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(memory.toString())
        .hasMessageContaining("move it away");
    Files.delete(memory);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.puts("b");
      node.flush();
      assertThat(store.keys("notes")).containsExactlyInAnyOrder("a", "b");
    }
  }
}
