package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan needs memory for a chunk, not for the collection. */
class LargeScanTest {
  private static final int ROWS = 300;
  private static final int BODY_LENGTH = 250_000;
  private static final String HEAP = "-Xmx48m";

  /** What a chunk of such rows may be at most, once their size is known. */
  private static final int CHUNK_ROWS = 16;

  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path folder;

  @Test
  void collectionLargerThanTheMemoryIsScannedInChunks() throws Exception {
    try (Database database = new Database()) {
      try (Host host = new Host(database.backend())) {
        host.attach();
      }
      database.execute(
          """
          INSERT INTO %s.notes (note_id, body, _version)
          WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)
          SELECT CONCAT('note-', LPAD(n, 8, '0')), REPEAT('z', %d), %d FROM numbers
          """
              .formatted(database.name, ROWS, BODY_LENGTH, Host.NOTES.version()));
      try (Connection own = database.connect();
          StatementLog log = new StatementLog(own)) {
        String[] said = scan(database.server.url(database.name)).strip().split(" ", -1);
        long characters = Long.parseLong(said[1]);
        assertThat(Long.parseLong(said[0])).as("rows").isEqualTo(ROWS);
        assertThat(characters).isEqualTo((long) ROWS * BODY_LENGTH);
        assertThat(characters).as("more than fits").isGreaterThan(Long.parseLong(said[2]));

        List<String> chunks = log.questions("notes");
        assertThat(chunks).hasSizeGreaterThanOrEqualTo(ROWS / CHUNK_ROWS);
        assertThat(chunks.subList(1, chunks.size()))
            .allSatisfy(
                chunk ->
                    assertThat(chunk)
                        .contains("`note_id` > 'note-")
                        .endsWith(" ORDER BY `note_id` LIMIT " + CHUNK_ROWS));
      }
    }
  }

  private String scan(String url) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                LargeScan.class.getName(),
                url)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readString(output);
  }
}
