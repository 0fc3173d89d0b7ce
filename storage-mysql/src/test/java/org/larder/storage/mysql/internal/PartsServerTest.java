package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** Which server takes the parts of a batch. */
class PartsServerTest {
  private static final Partition IN_FOUR = new Partition(4, 1);
  private static final int ROWS = 40;

  private static MysqlBackend through(FailingProxy proxy, Database database) {
    String url = "jdbc:mysql://127.0.0.1:%d/%s".formatted(proxy.port(), database.name);
    return new MysqlBackend(
        MysqlSettings.of("main", url, MariaDbServer.ROOT, "").dividing(IN_FOUR));
  }

  /** As a proxy does that turns to a replica, which has all and takes writes as well. */
  @Test
  void partsGoToNoOtherServerBehindTheSameAddress() throws Exception {
    try (MariaDbServer other = Database.newServer();
        Database database = new Database();
        FailingProxy proxy = new FailingProxy(database.server.port(), 0);
        Host host = new Host(through(proxy, database))) {
      host.attach();
      Database there = new Database(other, database.name);
      try (Host same = new Host(there.backend())) {
        same.attach();
      }
      there.execute(
          "UPDATE %1$s._store SET store_id = '%2$s'"
              .formatted(there.name, database.text("SELECT store_id FROM _store")));
      proxy.leadTo(other.port());
      StorageException failure = Host.failure(() -> host.write(ROWS, 1));
      assertThat(failure.severity()).isEqualTo(Severity.BUSY);
      assertThat(failure).hasMessageContaining("another server");
      assertThat(database.text("SELECT COUNT(*) FROM notes")).isEqualTo("0");
      assertThat(there.text("SELECT COUNT(*) FROM notes")).isEqualTo("0");

      proxy.leadTo(database.server.port());
      host.persist(host.batch(ROWS, 1));
      assertThat(database.text("SELECT COUNT(*) FROM notes WHERE round = 1")).isEqualTo("40");
    }
  }

  @Test
  void serverThatLogsStatementsSaysWhatToDo() throws Exception {
    try (MariaDbServer server =
            Database.newServer("--log-bin=binary", "--binlog-format=STATEMENT");
        Database database = new Database(server);
        Host host = new Host(new MysqlBackend(database.settings(IN_FOUR)))) {
      StorageException failure = Host.failure(host::attach);
      assertThat(failure.severity()).isEqualTo(Severity.HALT);
      assertThat(failure)
          .hasMessageContaining("binlog_format")
          .hasMessageContaining("write_connections = 1");
    }
  }
}
