package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "db.Password",
        "secret_access_key",
        "access.key",
        "key.reader",
        "apiKey",
        "authToken",
        ".private",
        "smtp_pwd",
        "org.apache.felix.https.keystore.key.password"
      })
  void secretIsKnownByItsName(String name) {
    assertThat(Secrets.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "max_journal_mb", "monkey", "keyboard", "primary", "pool_size"})
  void settingIsNoSecret(String name) {
    assertThat(Secrets.isSecret(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://larder:hunter2@db:3306/x, mysql://***@db:3306/x",
    "jdbc:mysql://db/x?user=u&password=hunter2&a=b, jdbc:mysql://db/x?user=u&password=***&a=b",
    "http://example.test/path, http://example.test/path"
  })
  void secretInAnAddressIsTakenOut(String address, String shown) {
    assertThat(Secrets.maskAddress(address)).isEqualTo(shown);
  }
}
