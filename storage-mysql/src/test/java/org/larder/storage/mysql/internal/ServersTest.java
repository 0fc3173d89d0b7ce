package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.mysql.server.MariaDbServer;

/** Who is connected to which of two servers that both take writes, as after a fail-over. */
class ServersTest {
  private final MariaDbServer first = Database.newServer();
  private final MariaDbServer second = Database.newServer();
  private final Database atFirst = new Database(first);
  private final Database atSecond = new Database(second);
  private Servers servers;

  @BeforeEach
  void prepare() throws SQLException {
    for (Database at : new Database[] {atFirst, atSecond}) {
      at.execute(
          "CREATE DATABASE " + atFirst.name,
          "CREATE USER worker IDENTIFIED BY 'secret'",
          "GRANT ALL ON " + atFirst.name + ".* TO worker");
    }
    String url =
        "jdbc:mysql://127.0.0.1:%d,127.0.0.1:%d/%s"
            .formatted(first.port(), second.port(), atFirst.name);
    // Nobody is told of a move, as if it came in between.
    servers = new Servers(MysqlSettings.of("main", url, "worker", "secret"), () -> {});
    connectWriter();
  }

  @AfterEach
  void close() throws Exception {
    if (servers != null) {
      servers.cutAll();
    }
    try (second) {
      first.close();
    }
  }

  private void connectWriter() throws SQLException {
    try (Connection writer = servers.writer()) {
      servers.use(writer);
    }
  }

  private void moveToTheSecond() throws SQLException {
    atFirst.execute("SET GLOBAL read_only = 1");
    connectWriter();
    atFirst.execute("SET GLOBAL read_only = 0");
  }

  private static int port(Connection connection) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT @@port")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void readerGoesToNoOtherServerThanTheWriter() throws SQLException {
    moveToTheSecond();
    assertThat(port(servers.reader())).isEqualTo(second.port());
    atSecond.execute("ALTER USER worker ACCOUNT LOCK");
    assertThatThrownBy(() -> servers.reader()).isInstanceOf(SQLException.class);
    atSecond.execute("ALTER USER worker ACCOUNT UNLOCK");
    assertThat(port(servers.reader())).isEqualTo(second.port());
    assertThat(servers.wasFoundAway()).as("the server was there").isFalse();
  }

  @Test
  void writerThatIsNotUsedMovesNobody() throws SQLException {
    atFirst.execute("SET GLOBAL read_only = 1");
    assertThat(port(servers.writer())).isEqualTo(second.port());
    assertThat(port(servers.reader())).isEqualTo(first.port());
  }

  /** The same database, at the same place of the same address, as behind a proxy. */
  @Test
  void connectionToAnotherServerThanTheWritersIsToldApart() throws SQLException {
    Connection writer = servers.writer();
    SameServer proof = SameServer.as(writer);
    try (Connection beside = servers.besideWriter();
        Connection elsewhere = atSecond.connect()) {
      assertThat(proof.isSeenBy(beside)).isTrue();
      assertThat(proof.isSeenBy(elsewhere)).isFalse();
      writer.close();
      long start = System.nanoTime();
      while (proof.isSeenBy(beside)) {
        assertThat(System.nanoTime() - start)
            .as("nanoseconds until the writer is gone")
            .isLessThan(Duration.ofMinutes(1).toNanos());
      }
    }
  }

  private void assertPromotionIsWaitedFor(String said) {
    assertThatThrownBy(() -> servers.writer())
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(MysqlErrors.translate(e).code()).isEqualTo(MysqlErrors.READ_ONLY))
        .hasMessageContaining(said)
        .hasCauseInstanceOf(SQLException.class);
  }

  /** The first server was lost, and comes back without the account, then without the database. */
  @Test
  void replicaThatIsPromotedLateIsWaitedForWhateverTheFirstServerSays() throws SQLException {
    atSecond.execute("SET GLOBAL read_only = 1");
    atFirst.execute("ALTER USER worker ACCOUNT LOCK");
    assertPromotionIsWaitedFor("locked");
    atFirst.execute("ALTER USER worker ACCOUNT UNLOCK", "DROP DATABASE " + atFirst.name);
    assertPromotionIsWaitedFor("Unknown database");
    atSecond.execute("SET GLOBAL read_only = 0");
    connectWriter();
    assertThat(port(servers.reader())).isEqualTo(second.port());
  }

  private void assertFoundAway() {
    assertThatThrownBy(() -> servers.reader()).isInstanceOf(SQLException.class);
    assertThat(servers.wasFoundAway()).isTrue();
  }

  /** Where nobody writes, readers alone would go on asking a server that came back as another. */
  @Test
  void serverThatKnowsTheAccountOrTheDatabaseNoMoreIsAway() throws SQLException {
    atFirst.execute("ALTER USER worker IDENTIFIED BY 'another'");
    assertFoundAway();
    atFirst.execute("ALTER USER worker IDENTIFIED BY 'secret'");
    assertThat(port(servers.reader())).isEqualTo(first.port());
    atFirst.execute("REVOKE ALL ON " + atFirst.name + ".* FROM worker");
    assertFoundAway();
    atFirst.execute("DROP DATABASE " + atFirst.name);
    atFirst.execute("GRANT ALL ON " + atFirst.name + ".* TO worker");
    assertFoundAway();
    connectWriter();
    assertThat(port(servers.reader())).isEqualTo(second.port());
  }

  @Test
  void readerOfThePoolThatIsConnectedToTheServerBeforeIsNotGivenOut() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setDataSource(new ReaderSource(servers, Duration.ofSeconds(3)));
    config.setMaximumPoolSize(2);
    try (ReaderPool pool = new ReaderPool(config, servers)) {
      assertThat(port(pool.getConnection())).isEqualTo(first.port());
      moveToTheSecond();
      for (int i = 0; i < 4; i++) {
        assertThat(port(pool.getConnection())).isEqualTo(second.port());
      }
    }
  }

  @Test
  void serverThatIsAwayIsToldOnce() throws Exception {
    first.stop();
    assertThatThrownBy(() -> servers.reader()).isInstanceOf(SQLException.class);
    assertThat(servers.wasFoundAway()).isTrue();
    assertThat(servers.wasFoundAway()).isFalse();
    first.start();
    assertThat(port(servers.reader())).isEqualTo(first.port());
  }
}
