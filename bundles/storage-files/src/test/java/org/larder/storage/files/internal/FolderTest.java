package org.larder.storage.files.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.blob.BlobException;

/** What a folder makes durable, on a disk that refuses at will. */
class FolderTest {
  @TempDir private Path root;
  private NotingDisk disk;

  @BeforeEach
  void makeDisk() {
    disk = new NotingDisk(root);
  }

  private Folder take() throws IOException {
    return Folder.take(root, disk);
  }

  @Test
  void newFoldersAreForcedAndWhatHoldsThem() throws IOException {
    try (Folder folder = take()) {
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(disk.steps()).contains("force folder ", "force folder a", "force folder a/b");
      disk.steps().clear();
      folder.makeParents(root.resolve("a/b/d.bin"));
      assertThat(disk.steps()).isEmpty();
      folder.makeParents(root.resolve("a/e/f.bin"));
      assertThat(disk.steps()).containsExactly("force folder a/e", "force folder a");
    }
  }

  @Test
  void folderWhoseForceFailedIsForcedByTheNextObject() throws IOException {
    try (Folder folder = take()) {
      disk.refuse("force folder a");
      assertThatIOException().isThrownBy(() -> folder.makeParents(root.resolve("a/b/c.bin")));
      disk.refuse("");
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(disk.steps()).contains("force folder ", "force folder a", "force folder a/b");
    }
  }

  /** It may have been killed between making them and forcing them. */
  @Test
  void foldersOfAnEarlierRunAreForcedOnce() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    try (Folder folder = take()) {
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(disk.steps()).contains("force folder ", "force folder a", "force folder a/b");
      disk.steps().clear();
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(disk.steps()).isEmpty();
    }
  }

  @Test
  void folderThatWasRemovedAndMadeAgainIsForcedAgain() throws IOException {
    try (Folder folder = take()) {
      Path file = root.resolve("a/b/c.bin");
      folder.makeParents(file);
      folder.removeEmptyParents(file);
      assertThat(root.resolve("a")).doesNotExist();
      disk.steps().clear();
      folder.makeParents(file);
      assertThat(disk.steps()).contains("force folder ", "force folder a", "force folder a/b");
    }
  }

  @Test
  void fileOfAnotherProgramInTheWayIsNamed() throws IOException {
    Files.createFile(root.resolve("a"));
    try (Folder folder = take()) {
      assertThatIOException()
          .isThrownBy(() -> folder.makeParents(root.resolve("a/c.bin")))
          .isInstanceOf(BlobException.class)
          .withMessageContaining("a in the folder of the store");
    }
  }
}
