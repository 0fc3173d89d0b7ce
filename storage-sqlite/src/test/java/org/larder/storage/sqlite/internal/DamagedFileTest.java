package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;

class DamagedFileTest {
  private static final int PAGE = 8192;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void fill() {
    file = folder.resolve("larder.db");
    try (Host host = Host.at(folder)) {
      host.attach();
      host.write(2000, 1);
    }
  }

  private void assertReportedAndLeftAlone(String code) throws IOException {
    byte[] before = Files.readAllBytes(file);
    try (Host host = Host.at(folder)) {
      StorageException failure = Host.failure(host::attach);
      assertThat(failure.severity()).isEqualTo(StorageException.Severity.HALT);
      assertThat(failure.code()).isEqualTo(code);
      Probe probe = host.backend.probe(Duration.ofSeconds(1));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
      assertThat(probe.detail()).isNotBlank();
      assertThat(probe.storedBytes()).isEqualTo(before.length);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void fileThatIsNoDatabaseIsReportedAndLeftAlone() throws IOException {
    Files.write(file, "These are somebody's notes.\n".repeat(500).getBytes(StandardCharsets.UTF_8));
    assertReportedAndLeftAlone("CORRUPT_STORE");
  }

  @Test
  void overwrittenHeaderIsReportedAndLeftAlone() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 0, 100, (byte) 0x55);
    Files.write(file, bytes);
    assertReportedAndLeftAlone("CORRUPT_STORE");
  }

  @Test
  void databaseOfAnotherProgramIsLeftAlone() throws IOException, SQLException {
    Files.delete(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs (x INTEGER)");
    }
    assertReportedAndLeftAlone("DIFFERENT_STORE");
  }

  @Test
  void databaseOfALaterReleaseIsLeftAlone() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema_version VALUES (99, 0)");
    }
    assertReportedAndLeftAlone("STORE_NEWER");
  }

  /**
   * What is damaged where nobody looked yet is found by the check, and nothing is written to it.
   */
  @Test
  void damagedPagesAreFoundAndNothingMoreIsWritten() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int page = 8; page < bytes.length / PAGE; page++) {
      Arrays.fill(bytes, page * PAGE, page * PAGE + 64, (byte) 0xAA);
    }
    Files.write(file, bytes);
    try (Host host = Host.at(folder)) {
      StorageException failure =
          Host.failure(
              () -> {
                host.attach();
                host.write(10, 2);
              });
      assertThat(failure.code()).isEqualTo("CORRUPT_STORE");
      assertThat(failure.getMessage()).contains("restore a backup");
      assertThat(host.backend.probe(Duration.ofSeconds(1)).condition())
          .isEqualTo(Probe.Condition.DEGRADED);
      assertThat(Host.failure(() -> host.backend.sync("primary", 0)).code())
          .isEqualTo("CORRUPT_STORE");
    }
  }

  @Test
  void truncatedFileIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2 / PAGE * PAGE));
    try (Host host = Host.at(folder)) {
      StorageException failure =
          Host.failure(
              () -> {
                host.attach();
                host.write(2000, 2);
              });
      assertThat(failure.code()).isEqualTo("CORRUPT_STORE");
    }
  }

  @Test
  void fileThatIsGoneIsNotBegunAnewForAKnownStore() throws IOException {
    Files.delete(file);
    try (Host host = Host.at(folder)) {
      Attachment claim =
          new Attachment(
              "primary",
              0,
              new UUID(1, 2),
              1,
              Optional.of(UUID.randomUUID()),
              OptionalLong.empty());
      assertThat(Host.failure(() -> host.backend.attach(claim)).code())
          .isEqualTo("DIFFERENT_STORE");
      assertThat(Host.failure(host::count).code()).isEqualTo("STORE_ABSENT");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void fileThatIsReplacedWhileOpenHaltsTheNextSync() throws IOException {
    try (Host host = Host.at(folder)) {
      host.attach();
      Path moved = folder.resolve("moved.db");
      Files.move(file, moved);
      assertThat(Host.failure(() -> host.backend.sync("primary", 0)).code())
          .isEqualTo("DIFFERENT_STORE");
      assertThat(host.backend.probe(Duration.ofSeconds(1)).condition())
          .isEqualTo(Probe.Condition.DOWN);
    }
  }
}
