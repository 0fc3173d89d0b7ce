package org.larder.bench.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.bench.load.KeySequence;

class RawTest {
  @TempDir Path folder;

  @Test
  void copiedTableTakesTheRowsAndLeavesNothingBehind() throws IOException, SQLException {
    Path database = folder.resolve("node.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          CREATE TABLE "translation_tasks" (task_id TEXT NOT NULL PRIMARY KEY, session_id TEXT,
            row_index BIGINT, confidence BIGINT, start_time BIGINT, _version BIGINT NOT NULL)
          """);
      statement.executeUpdate(
          "CREATE INDEX \"translation_tasks$session\" ON translation_tasks (session_id)");
    }
    TableCopy table = TableCopy.of(database, TableCopy.Writer.of(folder));
    assertThat(table.statements()).hasSize(2);
    assertThat(table.columns()).startsWith("task_id").endsWith("_version");

    Path work = Files.createDirectory(folder.resolve("work"));
    RawSqlite.Result result = RawSqlite.run(work, table, KeySequence.random(1), 500, 2_300);

    assertThat(result.rows()).isEqualTo(2_300);
    assertThat(result.perSecond()).isPositive();
    try (Stream<Path> left = Files.list(work)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void appendsArePacedFromTheirIntendedStarts() throws IOException {
    RawAppend.Result result =
        RawAppend.run(folder.resolve("file"), 1_000, Duration.ofMillis(10), Duration.ofMillis(300));
    assertThat(result.appends()).isEqualTo(30);
    assertThat(result.percentileMs(100)).isPositive();
    assertThat(folder.resolve("file")).doesNotExist();
  }
}
