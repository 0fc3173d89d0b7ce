package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.larder.storage.mysql.server.MariaDbServer;

/**
 * A MariaDB server and its replica. A commit is answered when the replica has noted it, which does
 * not mean that it has applied it. For one thread at a time.
 */
final class Replication implements AutoCloseable {
  private static final String USER = "worker";
  private static final String PASSWORD = "secret";
  private static final long PATIENCE_SECONDS = 60;

  final MariaDbServer first;
  final MariaDbServer second;
  private final Database atFirst;
  private final Database atSecond;

  private Replication(MariaDbServer first, MariaDbServer second) {
    this.first = first;
    this.second = second;
    atFirst = new Database(first);
    atSecond = new Database(second);
  }

  /**
   * Starts both, of which the second takes no writes, and makes an account that is bound to that.
   */
  static Replication start() throws SQLException, IOException {
    MariaDbServer first = server(1);
    try {
      return start(first, server(2));
    } catch (SQLException | RuntimeException | AssertionError e) {
      try (first) {
        throw e;
      }
    }
  }

  private static Replication start(MariaDbServer first, MariaDbServer second)
      throws SQLException, IOException {
    try {
      Replication pair = new Replication(first, second);
      pair.connect();
      return pair;
    } catch (SQLException | RuntimeException | AssertionError e) {
      try (second) {
        throw e;
      }
    }
  }

  private static MariaDbServer server(int number) {
    return Database.newServer(
        "--server-id=" + number,
        "--log-bin=binary",
        "--log-slave-updates",
        "--binlog-format=ROW",
        // A server that is killed loses nothing by it; only the machine could.
        "--sync-binlog=0",
        "--innodb-flush-log-at-trx-commit=2",
        "--rpl-semi-sync-slave-enabled=ON",
        "--rpl-semi-sync-master-enabled=ON",
        "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
        "--rpl-semi-sync-master-wait-no-slave=OFF",
        "--rpl-semi-sync-master-timeout=" + Duration.ofHours(1).toMillis());
  }

  private void connect() throws SQLException {
    atSecond.execute(
        "SET GLOBAL read_only = 1",
        """
        CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = '%s',
        MASTER_SSL = 0, MASTER_USE_GTID = slave_pos
        """
            .formatted(first.port(), MariaDbServer.ROOT),
        "START SLAVE");
    Waiting.until(
        "the replica has connected",
        () ->
            status("Rpl_semi_sync_master_clients").equals("1")
                && status("Rpl_semi_sync_master_status").equals("ON"));
    atFirst.execute(
        "CREATE USER %s IDENTIFIED BY '%s'".formatted(USER, PASSWORD),
        "GRANT ALL ON %s.* TO %s".formatted(atFirst.name, USER));
  }

  private String status(String variable) throws SQLException {
    return answer(atFirst, "SHOW GLOBAL STATUS LIKE '" + variable + "'", "Value");
  }

  private static String answer(Database at, String question, String column) throws SQLException {
    try (Connection connection = at.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      assertThat(result.next()).as(question).isTrue();
      return result.getString(column);
    }
  }

  /** A backend that knows both. */
  MysqlBackend backend() {
    String url =
        "jdbc:mysql://127.0.0.1:%d,127.0.0.1:%d/%s"
            .formatted(first.port(), second.port(), atFirst.name);
    return new MysqlBackend(MysqlSettings.of("main", url, USER, PASSWORD));
  }

  /** A backend that knows only the second. */
  MysqlBackend backendOfTheSecond() {
    return new MysqlBackend(
        MysqlSettings.of("second", second.url(atFirst.name), MariaDbServer.ROOT, ""));
  }

  /** Lets the first take no more writes, and then the second take over. */
  void switchOver() throws SQLException {
    atFirst.execute("SET GLOBAL read_only = 1");
    promoteSecond(answer(atFirst, "SELECT @@global.gtid_binlog_pos AS place", "place"));
  }

  /** Loses the first at once, and then lets the second take over. */
  void failOver() throws SQLException, IOException, InterruptedException {
    first.kill();
    promoteAfterLoss();
  }

  /** Lets the second take over from the first, which is away. */
  void promoteAfterLoss() throws SQLException {
    atSecond.execute("STOP SLAVE IO_THREAD");
    promoteSecond(answer(atSecond, "SHOW SLAVE STATUS", "Gtid_IO_Pos"));
  }

  /** Lets the second take writes as soon as it has applied what the first wrote. */
  private void promoteSecond(String place) throws SQLException {
    String wait = "SELECT MASTER_GTID_WAIT('%s', %d) AS late".formatted(place, PATIENCE_SECONDS);
    assertThat(answer(atSecond, wait, "late")).as("the replica is late").isEqualTo("0");
    atSecond.execute("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = 0");
  }

  @Override
  public void close() throws IOException {
    try (second) {
      first.close();
    }
  }
}
