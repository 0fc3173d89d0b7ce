package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.Migrations;

class WriterMadeAnewTest {
  @TempDir private Path folder;

  @Test
  void connectionThatIsOfNoUseIsClosed() throws Exception {
    SqliteSettings settings = Host.settings(folder);
    Path garbage = Files.writeString(folder.resolve("garbage"), "no database ".repeat(1_000));
    Calls calls = new Calls("main", statement -> {});
    try (OpenStore store =
        OpenStore.open(
            settings,
            new SqliteDialect(),
            Migrations.beside(SqliteBackend.class, Clock.systemUTC()),
            calls,
            true)) {
      store.writer().giveUp();
      Files.move(garbage, settings.file(), StandardCopyOption.REPLACE_EXISTING);
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(store::writer).isInstanceOf(SQLException.class);
      }
      assertThat(open()).doesNotContain(settings.file().toRealPath());
    }
  }

  /** The files that this process has open, where the machine tells. */
  private static List<Path> open() throws IOException {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      return List.of();
    }
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.map(WriterMadeAnewTest::target).toList();
    }
  }

  /** The descriptor that lists the others is gone by the time it is looked at. */
  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return descriptor;
    }
  }
}
