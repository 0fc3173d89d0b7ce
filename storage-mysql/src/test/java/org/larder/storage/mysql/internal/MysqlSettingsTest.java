package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MysqlSettingsTest {
  @Test
  void severalHostsWithAndWithoutPorts() {
    ServerUrl url = ServerUrl.parse("jdbc:mysql://db1:3307,db2,[::1]:3308/larder?a=b%20c");
    assertThat(url.hosts()).containsExactly("db1:3307", "db2:3306", "[::1]:3308");
    assertThat(url.database()).isEqualTo("larder");
    assertThat(url.options()).containsEntry("a", "b c");
  }

  @Test
  void addressWithASecretIsRefusedAndNotRepeated() {
    for (String url :
        new String[] {
          "jdbc:mysql://larder:hunter2@db/larder",
          "jdbc:mysql://db/larder?password=hunter2",
          "jdbc:mysql://db/larder?user=hunter2",
          "jdbc:mysql://db/larder?%50assword=hunter2",
          "jdbc:mysql:loadbalance://db/larder",
          "jdbc:mysql://db/",
          "jdbc:postgresql://db/larder"
        }) {
      assertThatThrownBy(() -> ServerUrl.parse(url))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("url ")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void optionThatTheBackendSetsIsRefusedHoweverItIsWritten() {
    Map<String, String> reasons =
        Map.ofEntries(
            Map.entry("socketFactory", "could not cut a connection"),
            Map.entry("SOCKETFACTORY", "could not cut a connection"),
            Map.entry("SSLMODE", "the key tls"),
            Map.entry("%73slMode", "the key tls"),
            Map.entry("+sslmode%20", "the key tls"),
            Map.entry("useSSL", "the key tls"),
            Map.entry("trustCertificateKeystoreURL", "trust_store"),
            Map.entry("connecttimeout", "connect_timeout_ms"),
            Map.entry("useaffectedrows", "rows that matched"),
            Map.entry("sessionVariables", "sets it itself"),
            Map.entry("characterSetResults", "keep or find values wrongly"),
            Map.entry("maxrows", "keep or find values wrongly"));
    reasons.forEach(
        (name, reason) ->
            assertThatThrownBy(
                    () -> ServerUrl.parse("jdbc:mysql://db/larder?a=b&" + name + "=DISABLED"))
                .as(name)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url has a ")
                .hasMessageContaining("; remove it: ")
                .hasMessageContaining(reason));
  }

  @Test
  void optionThatWouldHideOthersFromTheDriverIsRefused() {
    for (String option : new String[] {"#a=b", "a%26b=c", "=b", "a%=b", "a b=c", "a"}) {
      assertThatThrownBy(() -> ServerUrl.parse("jdbc:mysql://db/larder?" + option))
          .as(option)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("url has an option ");
    }
  }

  @Test
  void secretsAreNeverPrinted(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "hunter2\nsecond line\n");
    assertThat(Secret.in(file).reveal()).isEqualTo("hunter2");
    assertThat(MysqlSettings.of("main", "jdbc:mysql://db/larder", "larder", "hunter2").toString())
        .doesNotContain("hunter2");
    Files.delete(file);
    assertThatThrownBy(() -> Secret.in(file).reveal()).isInstanceOf(SQLException.class);
  }

  @Test
  void valueOutOfRangeNamesItsKey() {
    MysqlSettings usual = MysqlSettings.of("main", "jdbc:mysql://db/larder", "larder", "");
    assertThatThrownBy(
            () ->
                new MysqlSettings(
                    usual.name(),
                    usual.url(),
                    usual.user(),
                    usual.password(),
                    usual.tls(),
                    usual.writing(),
                    0,
                    5,
                    usual.poolRecycle(),
                    usual.connectTimeout(),
                    Duration.ofSeconds(1)))
        .hasMessage("pool_size has to be from 1 to 100, not 0");
    assertThatThrownBy(() -> MysqlSettings.writing(17))
        .hasMessage("write_connections has to be from 1 to 16, not 17");
    assertThatThrownBy(() -> Tls.Mode.named("yes")).hasMessageContaining("verify_identity");
  }
}
