package org.larder.storage.mysql.internal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;

/**
 * A server and its replica. What was answered the replica has noted when the server is lost, which
 * does not mean that it has applied it. For one thread at a time.
 */
final class Replication implements AutoCloseable {
  private static final String USER = "worker";
  private static final String PASSWORD = "secret";

  final MariaDbServer first;
  final MariaDbServer second;
  private final Database atFirst;
  private final Database atSecond;
  private final ReplicationWords words;

  private Replication(MariaDbServer first, MariaDbServer second) throws SQLException {
    this.first = first;
    this.second = second;
    atFirst = new Database(first);
    atSecond = new Database(second);
    try (Connection connection = atFirst.connect()) {
      words = ReplicationWords.of(ServerKind.of(connection));
    }
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
        // What the one kind of server has, the other passes over.
        "--loose-gtid-mode=ON",
        "--loose-enforce-gtid-consistency=ON",
        "--loose-rpl-semi-sync-slave-enabled=ON",
        "--loose-rpl-semi-sync-master-enabled=ON",
        "--loose-rpl-semi-sync-master-wait-point=AFTER_SYNC",
        "--loose-rpl-semi-sync-master-wait-no-slave=OFF",
        "--loose-rpl-semi-sync-master-timeout=" + Duration.ofHours(1).toMillis());
  }

  private void connect() throws SQLException {
    atSecond.execute("SET GLOBAL read_only = 1");
    words.follow(atSecond, first.port());
    Waiting.until("the replica has connected", () -> words.isFollowed(atFirst, atSecond));
    atFirst.execute(
        "CREATE USER %s IDENTIFIED BY '%s'".formatted(USER, PASSWORD),
        "GRANT ALL ON %s.* TO %s".formatted(atFirst.name, USER));
  }

  /** A backend that knows both. */
  MysqlBackend backend() {
    return backend(Partition.WHOLE);
  }

  /** The same, which divides batches. */
  MysqlBackend backend(Partition writing) {
    String url =
        "jdbc:mysql://127.0.0.1:%d,127.0.0.1:%d/%s"
            .formatted(first.port(), second.port(), atFirst.name);
    return new MysqlBackend(MysqlSettings.of("main", url, USER, PASSWORD).dividing(writing));
  }

  /** A backend that knows only the second. */
  MysqlBackend backendOfTheSecond() {
    return new MysqlBackend(
        MysqlSettings.of("second", second.url(atFirst.name), MariaDbServer.ROOT, ""));
  }

  /** Lets the first take no more writes, and then the second take over. */
  void switchOver() throws SQLException {
    atFirst.execute("SET GLOBAL read_only = 1");
    promoteSecond(words.written(atFirst));
  }

  /** Loses the first at once, and then lets the second take over. */
  void failOver() throws SQLException, IOException, InterruptedException {
    loseFirst();
    promoteAfterLoss();
  }

  /** Loses the first at once; the second has received whatever was answered. */
  void loseFirst() throws SQLException, IOException, InterruptedException {
    words.lose(first, atFirst, atSecond);
  }

  /** Lets the second take over from the first, which is away. */
  void promoteAfterLoss() throws SQLException {
    promoteSecond(words.received(atSecond));
  }

  /** Lets the second take writes as soon as it has applied what the first wrote. */
  private void promoteSecond(String place) throws SQLException {
    words.awaitApplied(atSecond, place);
    words.promote(atSecond);
  }

  @Override
  public void close() throws IOException {
    try (second) {
      first.close();
    }
  }
}
