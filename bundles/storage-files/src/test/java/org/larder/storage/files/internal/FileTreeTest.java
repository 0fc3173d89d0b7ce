package org.larder.storage.files.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  @TempDir private Path root;

  /** So one that goes meanwhile, before its turn, is not seen. */
  @Test
  void filesAreLookedAtWhenTheirTurnComes() throws IOException {
    try (Folder folder = Folder.take(root, Disk.SYSTEM)) {
      for (String name : List.of("a.bin", "b.bin", "c.bin")) {
        Files.createFile(root.resolve(name));
      }
      Files.createDirectories(root.resolve("d"));
      Files.createFile(root.resolve("d/e.bin"));
      List<String> seen = new ArrayList<>();
      FileTree.walk(
          folder,
          "",
          "",
          (name, attributes) -> {
            seen.add(name);
            Files.deleteIfExists(root.resolve("b.bin"));
            Files.deleteIfExists(root.resolve("d/e.bin"));
            Files.deleteIfExists(root.resolve("d"));
            return true;
          });
      assertThat(seen).containsExactly("a.bin", "c.bin");
    }
  }

  @Test
  void whatIsNotWhatItsNameSaysIsPassedOver() throws IOException {
    try (Folder folder = Folder.take(root, Disk.SYSTEM)) {
      Files.createDirectory(root.resolve("a.bin"));
      Files.createFile(root.resolve("b"));
      Files.createFile(root.resolve("c.bin"));
      List<String> seen = new ArrayList<>();
      FileTree.walk(folder, "", "", (name, attributes) -> seen.add(name));
      assertThat(seen).containsExactly("c.bin");
    }
  }
}
