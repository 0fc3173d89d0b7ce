package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.StorageException;

/** A database has one instance at a time, in this process and between processes. */
class StoreLockTest {
  @TempDir private Path folder;

  /** Says what it is answered when it wants the store too. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) {
      try (Host host = Host.at(Path.of(arguments[0]))) {
        System.out.println(host.attach().storeId());
      } catch (StorageException e) {
        System.out.println(e.code());
      }
    }
  }

  private String attachElsewhere() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] answer = process.getInputStream().readAllBytes();
    return new String(answer, StandardCharsets.UTF_8);
  }

  @Test
  void secondInstanceInTheProcessDoesNotLetAnotherProcessIn() throws IOException {
    String store;
    try (Host first = Host.at(folder)) {
      store = first.attach().storeId().toString();
      try (Host second = Host.at(folder)) {
        assertThat(Host.failure(second::attach).code()).isEqualTo("STORE_LOCKED");
      }
      assertThat(attachElsewhere()).contains("STORE_LOCKED");
    }
    assertThat(attachElsewhere()).contains(store);
  }
}
