package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.larder.storage.mysql.server.MariaDbServer;

/** How a replica is made of a server and takes over from it, in the words of a kind of server. */
interface ReplicationWords {
  /** A replica that has not applied what it received by then is not going to. */
  int PATIENCE_SECONDS = 60;

  /** Those of a kind of server. */
  static ReplicationWords of(ServerKind kind) {
    return kind == ServerKind.MARIADB ? new MariaDb() : new Mysql();
  }

  /** Lets a server follow the one on a port of this machine. */
  void follow(Database replica, int port) throws SQLException;

  /** Whether it has connected, and what is committed from now on waits for it. */
  boolean isFollowed(Database source, Database replica) throws SQLException;

  /** Kills the source; whatever it has answered is at the replica then. */
  void lose(MariaDbServer server, Database source, Database replica)
      throws SQLException, IOException, InterruptedException;

  /** How far a source has written. */
  String written(Database source) throws SQLException;

  /** Lets a replica receive no more, and says how far it has. */
  String received(Database replica) throws SQLException;

  /** Waits until the replica has applied all up to there. */
  void awaitApplied(Database replica, String place) throws SQLException;

  /** Lets a replica follow nobody, and take writes. */
  void promote(Database replica) throws SQLException;

  /** MariaDB, which has semi-synchronous replication built in. Stateless. */
  final class MariaDb implements ReplicationWords {
    @Override
    public void follow(Database replica, int port) throws SQLException {
      replica.execute(
          """
          CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = '%s',
          MASTER_SSL = 0, MASTER_USE_GTID = slave_pos
          """
              .formatted(port, MariaDbServer.ROOT),
          "START SLAVE");
    }

    @Override
    public boolean isFollowed(Database source, Database replica) throws SQLException {
      return status(source, "clients").equals("1") && status(source, "status").equals("ON");
    }

    private static String status(Database source, String what) throws SQLException {
      return source.answer("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_" + what + "'", "Value");
    }

    @Override
    public void lose(MariaDbServer server, Database source, Database replica)
        throws IOException, InterruptedException {
      server.kill();
    }

    @Override
    public String written(Database source) throws SQLException {
      return source.answer("SELECT @@global.gtid_binlog_pos AS place", "place");
    }

    @Override
    public String received(Database replica) throws SQLException {
      replica.execute("STOP SLAVE IO_THREAD");
      return replica.answer("SHOW SLAVE STATUS", "Gtid_IO_Pos");
    }

    @Override
    public void awaitApplied(Database replica, String place) throws SQLException {
      String wait = "SELECT MASTER_GTID_WAIT('%s', %d) AS late".formatted(place, PATIENCE_SECONDS);
      assertThat(replica.answer(wait, "late")).as("the replica is late").isEqualTo("0");
    }

    @Override
    public void promote(Database replica) throws SQLException {
      replica.execute("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = 0");
    }
  }

  /**
   * MySQL. Its semi-synchronous replication is a plugin that not every server comes with: so
   * commits are let wait for the replica only when the source is about to be lost. Stateless.
   */
  final class Mysql implements ReplicationWords {
    @Override
    public void follow(Database replica, int port) throws SQLException {
      replica.execute(
          """
          CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = %d,
          SOURCE_USER = '%s', SOURCE_SSL = 0, SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1
          """
              .formatted(port, MariaDbServer.ROOT),
          "START REPLICA");
    }

    @Override
    public boolean isFollowed(Database source, Database replica) throws SQLException {
      String status = "SHOW REPLICA STATUS";
      return replica.answer(status, "Replica_IO_Running").equals("Yes")
          && replica.answer(status, "Replica_SQL_Running").equals("Yes");
    }

    @Override
    public void lose(MariaDbServer server, Database source, Database replica)
        throws SQLException, IOException, InterruptedException {
      try (Connection connection = source.connect();
          Statement statement = connection.createStatement()) {
        // Nothing is committed from here on; who commits waits, and is never answered.
        statement.execute("FLUSH TABLES WITH READ LOCK");
        awaitApplied(replica, written(source));
        server.kill();
      }
    }

    @Override
    public String written(Database source) throws SQLException {
      return source.answer("SELECT @@global.gtid_executed AS place", "place");
    }

    @Override
    public String received(Database replica) throws SQLException {
      replica.execute("STOP REPLICA IO_THREAD");
      return replica.answer("SHOW REPLICA STATUS", "Retrieved_Gtid_Set");
    }

    @Override
    public void awaitApplied(Database replica, String place) throws SQLException {
      String wait =
          "SELECT WAIT_FOR_EXECUTED_GTID_SET('%s', %d) AS late".formatted(place, PATIENCE_SECONDS);
      assertThat(replica.answer(wait, "late")).as("the replica is late").isEqualTo("0");
    }

    @Override
    public void promote(Database replica) throws SQLException {
      replica.execute("STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL read_only = 0");
    }
  }
}
