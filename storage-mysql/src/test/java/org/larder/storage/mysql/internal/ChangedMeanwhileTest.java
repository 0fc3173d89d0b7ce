package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** Another connection changes what a call was about to, and is through first. */
class ChangedMeanwhileTest {
  private final Database database = new Database();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private Host host;

  @BeforeEach
  void attach() {
    host = new Host(database.backend());
    host.attach();
  }

  @AfterEach
  void drop() throws SQLException {
    host.close();
    threads.shutdownNow();
    database.close();
  }

  private static CollectionSchema notesByTime() {
    return CollectionSchema.named("notes", 2)
        .key("note_id", 36)
        .field(Field.text("body"))
        .field(Field.int64("round"))
        .field(Field.instant("at"))
        .field(Field.decimal("price", 4))
        .index(Index.on("round"))
        .index(Index.on("at"))
        .build();
  }

  /** The server goes on with a definition whose connection was cut, beside the next attempt. */
  @Test
  void definitionThatWentOnByItselfIsFound() throws Exception {
    try (Connection reading = database.connect(database.name);
        Statement read = reading.createStatement();
        Connection cut = database.connect(database.name);
        Statement define = cut.createStatement()) {
      reading.setAutoCommit(false);
      read.executeQuery("SELECT COUNT(*) FROM notes").close();
      Future<Boolean> first =
          threads.submit(() -> define.execute("CREATE INDEX at ON notes (at, note_id)"));
      awaitDefinitionsThatWait(1);
      Future<StorageException> second =
          threads.submit(() -> Host.failure(() -> host.backend.ensureCollection(notesByTime())));
      awaitDefinitionsThatWait(2);
      reading.rollback();
      first.get();
      assertThat(second.get()).hasMessageContaining("Duplicate key name");
      assertThat(second.get().severity()).isEqualTo(Severity.BUSY);
    }
    host.backend.ensureCollection(notesByTime());
    host.write(10, 1);
    assertThat(host.count(1)).isEqualTo(10);
  }

  private void awaitDefinitionsThatWait(int count) throws SQLException {
    String question =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()"
            + " AND state = 'Waiting for table metadata lock'";
    Waiting.until(
        count + " definitions wait", () -> Integer.toString(count).equals(database.text(question)));
  }

  /** Later servers have this setting by themselves, and do not wait for the other. */
  @Test
  void attachBesideACommitUnderWayIsRepeated() throws Exception {
    host.write(10, 1);
    database.execute("SET GLOBAL innodb_snapshot_isolation = ON");
    try (Host next = new Host(database.backend());
        Connection other = database.connect(database.name);
        Statement move = other.createStatement()) {
      other.setAutoCommit(false);
      move.executeUpdate("UPDATE _position SET sequence = 11");
      assertThat(Host.failure(next::attach).severity()).isEqualTo(Severity.BUSY);
      other.commit();
      next.attach();
      assertThat(next.position()).isEqualTo(11);
    } finally {
      database.execute("SET GLOBAL innodb_snapshot_isolation = OFF");
    }
  }
}
