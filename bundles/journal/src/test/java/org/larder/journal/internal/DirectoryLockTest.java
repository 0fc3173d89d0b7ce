package org.larder.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.journal.Journal;
import org.larder.journal.JournalLockedException;
import org.larder.journal.JournalOptions;

class DirectoryLockTest {
  private static final long MAX_BYTES = 64L << 20;

  @TempDir private Path folder;

  /** Says whether it could open the journal. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) throws IOException {
      try (Journal journal = journal(Path.of(arguments[0]))) {
        System.out.println("opened " + journal.id());
      } catch (JournalLockedException e) {
        System.out.println("locked");
      }
    }
  }

  private static Journal journal(Path directory) throws IOException {
    return Journal.open(JournalOptions.of(directory, MAX_BYTES));
  }

  private static String openElsewhere(Path directory) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] answer = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return new String(answer, StandardCharsets.UTF_8).strip();
  }

  @Test
  void secondOpeningInTheProcessDoesNotLetAnotherProcessIn() throws Exception {
    Path directory = folder.resolve("journal");
    Journal journal = journal(directory);
    assertThatThrownBy(() -> journal(directory)).isInstanceOf(JournalLockedException.class);
    assertThat(openElsewhere(directory)).isEqualTo("locked");
    journal.close();
    assertThat(openElsewhere(directory)).isEqualTo("opened " + journal.id());
  }
}
