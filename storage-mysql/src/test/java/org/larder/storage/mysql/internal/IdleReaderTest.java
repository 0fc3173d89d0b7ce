package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.WriteResult;

/** Readers that are connected go on where the pool gets no more of them. */
class IdleReaderTest {
  private static final int ROWS = 10;

  /** The writer and one reader. */
  private static final int ADMITTED = 2;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** A second host makes the backend look for another server; it is never there. */
  private static MysqlBackend backend(FailingProxy proxy, String database) {
    String url = "jdbc:mysql://127.0.0.1:%d,127.0.0.1:1/%s".formatted(proxy.port(), database);
    return new MysqlBackend(
        new MysqlSettings(
            "main",
            ServerUrl.parse(url),
            MariaDbServer.ROOT,
            Secret.of(""),
            Tls.preferred(),
            Partition.WHOLE,
            ADMITTED,
            ADMITTED,
            Duration.ofHours(1),
            Duration.ofSeconds(3),
            LIMIT));
  }

  @Test
  void readDoesNotWaitForAWriteAfterThePoolFailedToConnect() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (MariaDbServer server = Database.newServer();
        Database database = new Database(server)) {
      try (Host before = new Host(database.backend())) {
        before.attach();
        before.write(ROWS, 1);
      }
      try (FailingProxy proxy = FailingProxy.admitting(ADMITTED, server.port());
          Host host = new Host(backend(proxy, database.name));
          Connection other = database.connect();
          Statement statement = other.createStatement()) {
        host.attach();
        Waiting.until("a reader is idle", () -> host.backend.pool().orElseThrow().idle() == 1);
        // One thread of the pool connects: it has noted by now that the first one failed.
        Waiting.until("readers were turned away", () -> proxy.turnedAway() > 1);
        statement.execute("FLUSH TABLES WITH READ LOCK");
        Batch batch = host.batch(ROWS, 2);
        Future<WriteResult> writing = threads.submit(() -> host.backend.write(batch));
        Waiting.until(
            "the write waits",
            () ->
                !"0"
                    .equals(
                        database.text(
                            "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for%lock'")));
        assertThat(host.count(1)).isEqualTo(ROWS);
        assertThat(writing).as("the write").isNotDone();
        statement.execute("UNLOCK TABLES");
        assertThat(writing.get()).isInstanceOf(WriteResult.Committed.class);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
