package org.larder.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir private Path folder;

  /** Says whether it could take the file. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(LockFile.tryTake(Path.of(arguments[0])).isPresent());
    }
  }

  private boolean isFreeElsewhere(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return Boolean.parseBoolean(answer);
  }

  @Test
  void secondTakerInTheProcessDoesNotLetAnotherProcessIn() throws Exception {
    Path file = folder.resolve("lock");
    LockFile first = LockFile.tryTake(file).orElseThrow();
    assertThat(LockFile.tryTake(file)).isEmpty();
    assertThat(isFreeElsewhere(file)).isFalse();
    first.close();
    assertThat(isFreeElsewhere(file)).isTrue();
  }

  @Test
  void anotherPathToTheFileIsTheSameFile() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    LockFile first = LockFile.tryTake(folder.resolve("lock")).orElseThrow();
    assertThat(LockFile.tryTake(link.resolve("lock"))).isEmpty();
    first.close();
    LockFile.tryTake(link.resolve("lock")).orElseThrow().close();
  }

  @Test
  void givenUpTwiceIsNotTakenFromTheNextOne() throws IOException {
    Path file = folder.resolve("lock");
    LockFile first = LockFile.tryTake(file).orElseThrow();
    first.close();
    try (LockFile second = LockFile.tryTake(file).orElseThrow()) {
      first.close();
      assertThat(LockFile.tryTake(file)).isEmpty();
      assertThat(second).isNotSameAs(first);
    }
  }

  /** As when a call that never ends keeps a backend from being closed. */
  @Test
  @Timeout(30)
  void lockThatNobodyRefersToIsFreeAgain() throws IOException {
    Path file = folder.resolve("lock");
    assertThat(LockFile.tryTake(file)).isPresent();
    Optional<LockFile> next = Optional.empty();
    while (next.isEmpty()) {
      System.gc();
      next = LockFile.tryTake(file);
    }
    next.get().close();
  }

  @Test
  void fileThatCannotBeOpenedIsTakenByNobody() throws IOException {
    Path file = Files.createDirectory(folder.resolve("lock"));
    assertThatIOException().isThrownBy(() -> LockFile.tryTake(file));
    Files.delete(file);
    LockFile.tryTake(file).orElseThrow().close();
  }
}
