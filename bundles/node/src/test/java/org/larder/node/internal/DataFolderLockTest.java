package org.larder.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderLockTest {
  @TempDir Path data;

  private NodeSettings settings() {
    return new NodeSettings(data, data, "127.0.0.1", 8001);
  }

  @Test
  void secondOwnerIsRefusedAndToldOfTheFirst() throws IOException, StartRefusedException {
    try (DataFolderLock held = DataFolderLock.acquire(settings())) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> DataFolderLock.acquire(settings()))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining(data.toString());
    }
  }

  @Test
  void folderIsFreeAgainAfterClose() throws IOException, StartRefusedException {
    DataFolderLock.acquire(settings()).close();
    assertThat(settings().run().resolve("node.pid")).doesNotExist();
    DataFolderLock.acquire(settings()).close();
  }

  @Test
  void newOwnerIsNotReadyBecauseTheLastOneWas() throws IOException, StartRefusedException {
    Path ready = Files.createDirectories(settings().run()).resolve("ready");
    Files.writeString(ready, "of the last process");
    try (DataFolderLock held = DataFolderLock.acquire(settings())) {
      assertThat(held).isNotNull();
      assertThat(ready).doesNotExist();
    }
  }

  @Test
  void leftoversOfAKilledProcessAreSwept() throws IOException {
    Path run = Files.createDirectories(settings().run());
    Files.createDirectories(run.resolve("cache-1/bundle0"));
    Files.writeString(run.resolve("cache-1/bundle0/bundle.id"), "0");
    Path own = Files.createDirectories(run.resolve("cache-2"));
    DataFolderLock.sweep(run, own);
    assertThat(run).isDirectoryContaining(own::equals);
    assertThat(run.resolve("cache-1")).doesNotExist();
  }
}
