package org.larder.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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

  /** As a bundle has them before and after an update, while its old instance still stops. */
  @Test
  void versionOfTheBundleWithClassesOfItsOwnDoesNotLetAnotherProcessIn() throws Exception {
    Path directory = folder.resolve("journal");
    Path file = directory.resolve("journal.lock");
    Files.createDirectories(directory);
    URL classes = DirectoryLock.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader version =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      Class<?> other = version.loadClass(DirectoryLock.class.getName());
      assertThat(other).isNotEqualTo(DirectoryLock.class);
      Method tryTake = other.getDeclaredMethod("tryTake", Path.class);
      tryTake.setAccessible(true);
      DirectoryLock ours = DirectoryLock.tryTake(file).orElseThrow();
      assertThat((Optional<?>) tryTake.invoke(null, file)).isEmpty();
      assertThat(openElsewhere(directory)).isEqualTo("locked");
      ours.close();
      Optional<?> theirs = (Optional<?>) tryTake.invoke(null, file);
      assertThat(DirectoryLock.tryTake(file)).isEmpty();
      assertThat(openElsewhere(directory)).isEqualTo("locked");
      ((Closeable) theirs.orElseThrow()).close();
      assertThat(openElsewhere(directory)).startsWith("opened ");
    }
  }
}
