package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/** Batches that are longer than a block of rows. */
class ManyRowsTest {
  private static final int BLOCK = 500;
  private static final int ROWS = 2 * BLOCK + 203;

  private final Database database = new Database();
  private Host host;

  @BeforeEach
  void attach() {
    host = new Host(database.backend());
    host.attach();
  }

  @AfterEach
  void drop() throws SQLException {
    host.close();
    database.close();
  }

  private static String key(int number) {
    return "note-%08d".formatted(number);
  }

  private List<String> contents() {
    List<String> contents = new ArrayList<>();
    try (RecordCursor cursor = host.backend.scan(ScanRequest.all(Host.NOTES))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        contents.add(row.key() + " " + row.value(1) + " " + row.value(2));
      }
    }
    return contents;
  }

  private List<String> written() throws SQLException {
    try (Connection own = database.connect();
        StatementLog log = new StatementLog(own)) {
      host.commit(rows(1, "one"));
      return log.beginningWith("INSERT INTO `notes`");
    }
  }

  /** Notes whose numbers are so far apart; those of all numbers have it as their round. */
  private Batch rows(int step, String body) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          step == 1
              ? Host.note(key(i), "round", (long) i, "body", body)
              : Host.note(key(i * step), "body", body));
    }
    return host.batch(Mutation.Kind.MERGE, rows, Duration.ofMinutes(1));
  }

  @Test
  void eachBlockIsOneStatementAndTheRestAnother() throws SQLException {
    assertThat(written())
        .hasSize(3)
        .extracting(sql -> sql.split("'note-", -1).length - 1)
        .containsExactly(BLOCK, BLOCK, ROWS - 2 * BLOCK);
    assertThat(contents()).hasSize(ROWS).startsWith(key(0) + " one 0");
  }

  @Test
  void blockMergesWithTheRowsThatAreThere() {
    host.commit(rows(1, "one"));
    host.commit(rows(2, "two"));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2 * ROWS; i++) {
      if (i % 2 == 0) {
        expected.add(key(i) + " two " + (i < ROWS ? i : null));
      } else if (i < ROWS) {
        expected.add(key(i) + " one " + i);
      }
    }
    assertThat(contents()).isEqualTo(expected);
  }

  /** The server's packets may be little longer than the longest item. */
  @Test
  void rowsTooLongForABlockGoByTheirNumberOfBytes() throws Exception {
    String body = "'".repeat(3_000);
    try (MariaDbServer server = Database.newServer("--max-allowed-packet=2202009");
        Database small = new Database(server);
        Host narrow = new Host(small.backend())) {
      narrow.attach();
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(Host.note(key(i), "body", body));
      }
      narrow.commit(narrow.batch(rows, Duration.ofMinutes(1)));
      assertThat(narrow.count()).isEqualTo(ROWS);
    }
  }
}
