package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;
import org.larder.storage.spi.WriteResult;

/** Batches that go through several connections. */
class PartsTest {
  private static final Partition IN_FOUR = new Partition(4, 1);
  private static final int ROWS = 40;
  private static final String OTHER_PART = keyOfAnotherPart();

  private final Database database = new Database();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();

  @AfterEach
  void drop() throws SQLException {
    threads.shutdownNow();
    database.close();
  }

  private Host host(Partition writing) {
    return new Host(new MysqlBackend(database.settings(writing)));
  }

  /** One that {@link Host#batch} has and that does not go with the position. */
  private static String keyOfAnotherPart() {
    int number = 0;
    while (IN_FOUR.partOf("note-%08d".formatted(number)) == 0) {
      number++;
    }
    return "note-%08d".formatted(number);
  }

  @Test
  void refusalInOnePartLeavesNothingOfTheOthers() throws SQLException {
    try (Host host = host(IN_FOUR)) {
      host.attach();
      host.write(ROWS, 1);
      database.execute("ALTER TABLE " + database.name + ".notes ADD CHECK (round <> 13)");
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        String key = "note-%08d".formatted(i);
        rows.add(Host.note(key, "round", key.equals(OTHER_PART) ? 13L : 2L));
      }
      Batch batch = host.batch(rows, Duration.ofMinutes(1));
      assertThat(host.backend.write(batch))
          .isInstanceOfSatisfying(
              WriteResult.Refused.class,
              refused -> assertThat(refused.collection()).isEqualTo("notes"));
      assertThat(host.count(1)).isEqualTo(ROWS);
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(ROWS);
      host.write(ROWS, 3);
      assertThat(host.count(3)).isEqualTo(ROWS);
    }
  }

  @Test
  void rowThatAnotherHasMakesTheStoreBusyAndNothingIsStored() throws SQLException {
    try (Host host = host(IN_FOUR)) {
      host.attach();
      host.write(ROWS, 1);
      Batch batch = host.batch(ROWS, 2);
      RowHolder holder = new RowHolder(database, "notes", "note_id", OTHER_PART);
      try {
        StorageException failure = Host.failure(() -> host.backend.write(batch));
        assertThat(failure.severity()).isEqualTo(Severity.BUSY);
        assertThat(host.count(1)).isEqualTo(ROWS);
      } finally {
        holder.close();
      }
      host.attach();
      host.commit(batch);
      assertThat(host.count(2)).isEqualTo(ROWS);
    }
  }

  @Test
  void stopInMidWriteEndsEveryPartAndLeavesNothingBehind() throws Exception {
    Host host = host(IN_FOUR);
    host.attach();
    host.write(ROWS, 1);
    Batch batch = host.batch(ROWS, 2);
    try (RowHolder holder = new RowHolder(database, "notes", "note_id", OTHER_PART)) {
      Future<StorageException> failure =
          threads.submit(() -> Host.failure(() -> host.backend.write(batch)));
      holder.awaitOneWaits(failure);
      host.close();
      assertThat(failure.get().severity()).isIn(Severity.RETRY, Severity.BUSY);
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().contains("larder-main-part")) {
        thread.join(30_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
    try (Host next = host(IN_FOUR)) {
      attach(next);
      assertThat(next.position()).isEqualTo(ROWS);
      assertThat(next.count(1)).isEqualTo(ROWS);
    }
  }

  /** The server may need a moment to notice that a connection was cut. */
  private static void attach(Host host) {
    StorageException busy;
    do {
      busy = null;
      try {
        host.attach();
      } catch (StorageException e) {
        assertThat(e.severity()).as(e.getMessage()).isEqualTo(Severity.BUSY);
        busy = e;
      }
    } while (busy != null);
  }

  /** The same node after a change of its configuration, and the instance that it gave up. */
  @Test
  void instanceThatDividesOtherwiseFindsNoPartsOfItsOwn() throws SQLException {
    for (Partition now : List.of(Partition.WHOLE, new Partition(8, 1))) {
      try (Host before = host(IN_FOUR);
          Host after = host(now)) {
        before.attach();
        before.write(ROWS, 1);
        after.attach();
        assertThat(database.text("SELECT COUNT(*) FROM _position"))
            .isEqualTo(Integer.toString(now.parts()));
        StorageException late = Host.failure(() -> before.write(ROWS, 2));
        assertThat(late.severity()).isEqualTo(Severity.BUSY);
        assertThat(after.count(1)).isEqualTo(ROWS);
        after.write(ROWS, 3);
        assertThat(after.count(3)).isEqualTo(ROWS);
      }
      database.close();
    }
  }
}
