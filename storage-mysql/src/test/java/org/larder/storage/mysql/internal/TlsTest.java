package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.mysql.server.Authority;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** Whose certificate is believed, on a server that takes encrypted connections only. */
class TlsTest {
  private static final String NAME = "localhost";
  private static final String ADDRESS = "127.0.0.1";

  /** The server listens there as well, and its certificate does not say so. */
  private static final String OTHER_ADDRESS = "127.0.0.2";

  @TempDir private static Path folder;
  private static Authority known;
  private static Authority unknown;
  private static MariaDbServer server;

  @BeforeAll
  static void start() throws Exception {
    known = Authority.in(folder.resolve("known"));
    unknown = Authority.in(folder.resolve("unknown"));
    List<String> options = new ArrayList<>();
    options.addAll(List.of(known.server("server", "dns:" + NAME + ",ip:" + ADDRESS)));
    options.add("--require-secure-transport=ON");
    options.add("--bind-address=" + ADDRESS + "," + OTHER_ADDRESS);
    server = Database.newServer(options.toArray(String[]::new));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static MysqlSettings settings(Tls.Mode mode, String host, Optional<Path> trustStore) {
    return settings(mode, host, trustStore, Authority.PASSWORD);
  }

  private static MysqlSettings settings(
      Tls.Mode mode, String host, Optional<Path> trustStore, String password) {
    String url = "jdbc:mysql://%s:%d/larder".formatted(host, server.port());
    MysqlSettings usual = MysqlSettings.of("main", url, MariaDbServer.ROOT, "");
    return new MysqlSettings(
        usual.name(),
        usual.url(),
        usual.user(),
        usual.password(),
        new Tls(mode, trustStore, Secret.of(password)),
        usual.writing(),
        2,
        1,
        usual.poolRecycle(),
        usual.connectTimeout(),
        usual.queryTimeout());
  }

  private static MysqlSettings trusting(Tls.Mode mode, String host) {
    return settings(mode, host, Optional.of(known.trustStore()));
  }

  private static void assertWorks(MysqlSettings settings) throws SQLException {
    try (Host host = new Host(new MysqlBackend(settings))) {
      host.attach();
      host.write(3, 1);
      assertThat(host.count()).isEqualTo(3);
      assertThat(host.backend.probe(Duration.ofSeconds(30)).condition())
          .isEqualTo(Probe.Condition.UP);
    }
    Servers servers = new Servers(settings, () -> {});
    for (Connection connection :
        new Connection[] {
          servers.writer(),
          servers.reader(),
          servers.founder(),
          servers.visitor(Duration.ofSeconds(30))
        }) {
      try (connection;
          Statement statement = connection.createStatement();
          ResultSet status = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) {
        assertThat(status.next()).isTrue();
        assertThat(status.getString(2)).as("the cipher").isNotEmpty();
      }
    }
  }

  private static StorageException refusal(MysqlSettings settings) {
    try (Host host = new Host(new MysqlBackend(settings))) {
      StorageException failure = Host.failure(host::attach);
      Probe probe = host.backend.probe(Duration.ofSeconds(30));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
      assertThat(probe.detail()).isEqualTo(failure.getMessage());
      return failure;
    }
  }

  private static void assertUnavailable(MysqlSettings settings, String reason) {
    StorageException failure = refusal(settings);
    assertThat(failure.severity()).isEqualTo(Severity.RETRY);
    assertThat(failure.code()).isEqualTo("STORE_UNAVAILABLE");
    assertThat(failure.getMessage()).contains(reason).doesNotContain(Authority.PASSWORD);
  }

  @Test
  void everyConnectionIsEncrypted() throws SQLException {
    assertWorks(settings(Tls.Mode.PREFERRED, ADDRESS, Optional.empty()));
    assertWorks(settings(Tls.Mode.REQUIRED, ADDRESS, Optional.empty()));
  }

  @Test
  void serverThatDemandsEncryptionRefusesABackendWithoutIt() {
    StorageException failure = refusal(settings(Tls.Mode.DISABLED, NAME, Optional.empty()));
    // MariaDB before 11 does not say why.
    assertThat(failure.getMessage()).containsAnyOf("require_secure_transport", "Access denied");
  }

  @Test
  void certificateOfATrustedAuthorityIsBelievedAndOthersAreNot() throws SQLException {
    assertWorks(trusting(Tls.Mode.VERIFY_CA, NAME));
    for (Tls.Mode mode : new Tls.Mode[] {Tls.Mode.VERIFY_CA, Tls.Mode.VERIFY_IDENTITY}) {
      assertUnavailable(settings(mode, NAME, Optional.of(unknown.trustStore())), "trust anchors");
      assertUnavailable(settings(mode, NAME, Optional.empty()), "trust anchors");
    }
  }

  @Test
  void certificateHasToNameTheHost() throws SQLException {
    assertWorks(trusting(Tls.Mode.VERIFY_IDENTITY, NAME));
    assertWorks(trusting(Tls.Mode.VERIFY_IDENTITY, ADDRESS));
    assertWorks(trusting(Tls.Mode.VERIFY_CA, OTHER_ADDRESS));
    assertUnavailable(trusting(Tls.Mode.VERIFY_IDENTITY, OTHER_ADDRESS), "'" + OTHER_ADDRESS + "'");
  }

  @Test
  void trustStoreThatCannotBeReadIsNamed() {
    Path missing = folder.resolve("missing.p12");
    assertUnavailable(settings(Tls.Mode.VERIFY_CA, NAME, Optional.of(missing)), "missing.p12");
    assertUnavailable(
        settings(Tls.Mode.VERIFY_CA, NAME, Optional.of(known.trustStore()), "something-else"),
        "trusted.p12");
  }
}
