package org.larder.storage.files.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.blob.BlobException;

/** What a folder makes durable, on a disk that refuses at will. */
class FolderTest {
  @TempDir private Path root;
  private final List<Path> forced = new ArrayList<>();
  private Path failing;

  private Folder take() throws IOException {
    return Folder.take(
        root,
        folder -> {
          if (folder.equals(failing)) {
            throw new IOException("Input/output error");
          }
          forced.add(folder);
        });
  }

  @Test
  void newFoldersAreForcedAndWhatHoldsThem() throws IOException {
    try (Folder folder = take()) {
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(forced).contains(root, root.resolve("a"), root.resolve("a/b"));
      forced.clear();
      folder.makeParents(root.resolve("a/b/d.bin"));
      assertThat(forced).isEmpty();
      folder.makeParents(root.resolve("a/e/f.bin"));
      assertThat(forced).containsExactly(root.resolve("a/e"), root.resolve("a"));
    }
  }

  @Test
  void folderWhoseForceFailedIsForcedByTheNextObject() throws IOException {
    try (Folder folder = take()) {
      failing = root.resolve("a");
      assertThatIOException().isThrownBy(() -> folder.makeParents(root.resolve("a/b/c.bin")));
      failing = null;
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(forced).contains(root, root.resolve("a"), root.resolve("a/b"));
    }
  }

  /** It may have been killed between making them and forcing them. */
  @Test
  void foldersOfAnEarlierRunAreForcedOnce() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    try (Folder folder = take()) {
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(forced).contains(root, root.resolve("a"), root.resolve("a/b"));
      forced.clear();
      folder.makeParents(root.resolve("a/b/c.bin"));
      assertThat(forced).isEmpty();
    }
  }

  @Test
  void folderThatWasRemovedAndMadeAgainIsForcedAgain() throws IOException {
    try (Folder folder = take()) {
      Path file = root.resolve("a/b/c.bin");
      folder.makeParents(file);
      folder.removeEmptyParents(file);
      assertThat(root.resolve("a")).doesNotExist();
      forced.clear();
      folder.makeParents(file);
      assertThat(forced).contains(root, root.resolve("a"), root.resolve("a/b"));
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
