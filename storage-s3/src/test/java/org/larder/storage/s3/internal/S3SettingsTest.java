package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class S3SettingsTest {
  @Test
  void endpointThatIsNoAddressOfAServerIsRefused() {
    for (String endpoint :
        List.of(
            "nonsense",
            "localhost:9000",
            "ftp://localhost",
            "http://",
            "http://somebody:secret@localhost:9000",
            "http://localhost:9000?bucket=secret",
            "http://local host")) {
      assertThatThrownBy(() -> S3Settings.endpoint(endpoint))
          .as(endpoint)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("endpoint has to be like http://localhost:9000")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void endpointOfAServerIsTaken() {
    assertThat(S3Settings.endpoint(" ")).isEmpty();
    for (String endpoint :
        List.of("http://localhost:9000", " https://s3.example.org/path ", "HTTP://[::1]:9000")) {
      assertThat(S3Settings.endpoint(endpoint)).as(endpoint).isPresent();
    }
  }
}
