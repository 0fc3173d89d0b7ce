package org.larder.storage.files.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.blob.BlobException;
import org.larder.tck.BlobContent;

/** In which order an object becomes durable: a name never stands for what the disk may not have. */
class DurableObjectTest {
  private static final BlobContent CONTENT = BlobContent.of(1, 20_000);

  @TempDir private Path root;
  private NotingDisk disk;
  private FileBlobStore store;

  @BeforeEach
  void open() throws IOException {
    disk = new NotingDisk(root);
    store = new FileBlobStore(new FilesSettings("main", root, 0, 0), disk);
    store.put("a/old", BlobContent.of(2, 10), BlobContent.of(2, 10).sha256(), 10);
    disk.steps().clear();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void put(String name) throws IOException {
    store.put(name, CONTENT, CONTENT.sha256(), CONTENT.length());
  }

  @Test
  void contentIsForcedBeforeItsNameAndTheNameAfterIt() throws IOException {
    put("a/name");
    assertThat(disk.steps()).startsWith("write");
    assertThat(disk.steps().stream().dropWhile("write"::equals))
        .containsExactly("force", "rename to a/name%", "force folder a");
  }

  @Test
  void objectInANewFolderIsForcedWithAllThatHoldsIt() throws IOException {
    put("b/c/name");
    List<String> steps = disk.steps().stream().dropWhile("write"::equals).toList();
    assertThat(steps).startsWith("force").endsWith("rename to b/c/name%", "force folder b/c");
    assertThat(steps).contains("force folder b/c", "force folder b", "force folder ");
  }

  @Test
  void contentThatCannotBeForcedTakesNoName() throws IOException {
    disk.refuse("force");
    for (String name : List.of("a/name", "a/old")) {
      refused(name);
    }
    assertThat(disk.steps()).containsOnly("write");
    assertThat(store.stat("a/name")).isEmpty();
    assertThat(store.stat("a/old").orElseThrow().sha256())
        .isEqualTo(BlobContent.of(2, 10).sha256());
    try (Stream<Path> left = Files.list(root.resolve(".larder/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  /** It has its name already; a repeated put writes nothing, but it must not forget the folder. */
  @Test
  void nameThatCouldNotBeForcedIsForcedByTheRepeatedPut() throws IOException {
    disk.refuse("force folder a");
    refused("a/name");
    disk.refuse("");
    disk.steps().clear();
    put("a/name");
    assertThat(disk.steps()).endsWith("force folder a");
  }

  @Test
  void deletedNameIsForced() throws IOException {
    assertThat(store.delete("a/old")).isTrue();
    assertThat(disk.steps()).containsExactly("force folder a");
  }

  @Test
  void deleteThatCouldNotBeForcedIsForcedByTheRepeatedOne() throws IOException {
    put("a/name");
    disk.refuse("force folder a");
    assertThatThrownBy(() -> store.delete("a/old")).isInstanceOf(BlobException.class);
    disk.refuse("");
    disk.steps().clear();
    assertThat(store.delete("a/old")).isFalse();
    assertThat(disk.steps()).containsExactly("force folder a");
  }

  private void refused(String name) {
    assertThatThrownBy(() -> put(name))
        .isInstanceOfSatisfying(
            BlobException.class, e -> assertThat(e.code()).isEqualTo(BlobException.UNAVAILABLE))
        .hasMessageContaining("Input/output error");
  }
}
