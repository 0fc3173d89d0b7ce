package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.model.Field;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Batch;

/** What an operator sees with the tools of the database, and copies of it. */
class TablesForPeopleTest {
  @TempDir private Path folder;

  private static String text(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    }
  }

  @Test
  void viewShowsTimesAndDecimals() throws Exception {
    Path file = folder.resolve("larder.db");
    try (Host host = Host.at(folder)) {
      host.attach();
      put(host, "a", Instant.parse("1969-12-31T23:59:59.000001Z"), new BigDecimal("-0.5"));
      put(host, "b", Instant.parse("2026-11-21T06:00:00Z"), new BigDecimal("12.0001"));
      put(host, "c", null, null);

      assertThat(text(file, "SELECT at FROM notes_v WHERE note_id = 'a'"))
          .isEqualTo("1969-12-31T23:59:59.000001Z");
      assertThat(text(file, "SELECT price FROM notes_v WHERE note_id = 'a'")).isEqualTo("-0.5000");
      assertThat(text(file, "SELECT at FROM notes_v WHERE note_id = 'b'"))
          .isEqualTo("2026-11-21T06:00:00.000000Z");
      assertThat(text(file, "SELECT price FROM notes_v WHERE note_id = 'b'")).isEqualTo("12.0001");
      assertThat(text(file, "SELECT at FROM notes_v WHERE note_id = 'c'")).isNull();
      assertThat(text(file, "SELECT price FROM notes_v WHERE note_id = 'c'")).isNull();
      assertThat(text(file, "SELECT MAX(version) FROM schema_version")).isEqualTo("1");
    }
  }

  @Test
  void viewShowsFieldsThatTheSchemaGained() throws Exception {
    Path file = folder.resolve("larder.db");
    try (Host host = Host.at(folder)) {
      host.attach();
      put(host, "a", Instant.EPOCH, BigDecimal.ONE);
    }
    try (Host host = Host.at(folder)) {
      host.attach();
      host.backend.ensureCollection(Host.notes(2).field(Field.instant("seen_at")).build());
      assertThat(text(file, "SELECT at || coalesce(seen_at, ' never') FROM notes_v"))
          .isEqualTo("1970-01-01T00:00:00.000000Z never");
    }
  }

  private static void put(Host host, String key, Instant at, BigDecimal price) throws Exception {
    Row row = Row.of(Host.NOTES).set("note_id", key).set("at", at).set("price", price).build();
    Batch empty = host.batch(1, 1, Duration.ofSeconds(9));
    Mutation mutation = new Mutation(Mutation.Kind.MERGE, row, empty.from());
    host.commit(
        new Batch(
            empty.follower(),
            0,
            new UUID(1, 2),
            1,
            empty.from(),
            empty.to(),
            List.of(new Batch.Changes(Host.NOTES, List.of(mutation))),
            empty.timeout()));
  }

  @Test
  void tableChangedByHandIsNamed() throws SQLException {
    try (Host host = Host.at(folder)) {
      host.attach();
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("larder.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("DROP VIEW notes_v");
      statement.execute("ALTER TABLE notes DROP COLUMN body");
    }
    try (Host host = Host.at(folder)) {
      assertThat(Host.failure(host::attach)).hasMessageContaining("notes lacks the columns body");
    }
  }

  @Test
  void copyMadeWhileWritingIsWholeAndOfOneState() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Host host = Host.at(folder)) {
      host.attach();
      host.write(5000, 0);
      Path copies = Files.createDirectory(folder.resolve("copies"));
      Future<?> writer =
          threads.submit(
              () -> {
                for (int round = 1; round < 40; round++) {
                  host.write(5000, round);
                }
              });
      Path copy = copies.resolve("larder.db");
      host.backend.snapshot(copy);
      writer.get();

      assertThat(text(copy, "SELECT COUNT(DISTINCT round) FROM notes")).isEqualTo("1");
      assertThat(text(copy, "PRAGMA integrity_check")).isEqualTo("ok");
      assertThatThrownBy(() -> host.backend.snapshot(copy))
          .isInstanceOf(FileAlreadyExistsException.class);
      try (Host restored = Host.at(copies)) {
        assertThat(restored.attach().position().sequence()).isBetween(5000L, host.position());
      }
      assertThat(names(copies)).noneMatch(name -> name.endsWith(".partial"));
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void copyIsKeptBeforeAMigration() throws Exception {
    Path file = folder.resolve("larder.db");
    try (Host host = Host.at(folder)) {
      host.attach();
      host.write(10, 1);
    }
    String first;
    try (InputStream script = SqliteBackend.class.getResourceAsStream("0001.sql")) {
      first = new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
    Files.createFile(folder.resolve("larder.db.format-1"));
    Files.createFile(folder.resolve("larder.db.format-1-20261120T060000Z"));
    Clock clock = Clock.fixed(Instant.parse("2026-11-21T06:00:00Z"), ZoneOffset.UTC);
    Migrations later = new Migrations(List.of(first, "CREATE TABLE _more (x INTEGER);\n"), clock);
    try (Host host = new Host(new SqliteBackend(Host.settings(folder), later, clock))) {
      assertThat(Host.failure(host::count)).hasMessageContaining("older format");
      assertThat(host.attach().format()).isEqualTo(2);
      assertThat(host.count()).isEqualTo(10);
    }
    Path copy = folder.resolve("larder.db.format-1-20261121T060000Z");
    assertThat(text(copy, "SELECT COUNT(*) FROM notes")).isEqualTo("10");
    assertThat(text(file, "SELECT MAX(version) FROM schema_version")).isEqualTo("2");
    try (Host host = Host.at(folder)) {
      assertThat(Host.failure(host::attach).code()).isEqualTo("STORE_NEWER");
    }
  }

  @Test
  void syncAddsAForcedCommitToTheLog() throws SQLException {
    Path file = folder.resolve("larder.db");
    try (Host host = Host.at(folder)) {
      host.attach();
      host.write(10, 1);
      host.backend.sync("primary", 0);
      host.backend.sync("primary", 0);
      assertThat(text(file, "SELECT forced FROM _store")).isEqualTo("2");
    }
  }
}
