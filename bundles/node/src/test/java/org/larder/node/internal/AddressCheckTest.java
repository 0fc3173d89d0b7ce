package org.larder.node.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressCheckTest {
  @TempDir Path folder;

  private NodeSettings settings(String host, int port) {
    return new NodeSettings(folder, folder, host, port);
  }

  @Test
  void portInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> AddressCheck.check(settings("127.0.0.1", taken.getLocalPort())))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("LARDER_HTTP_PORT");
    }
  }

  @Test
  void othersReachTheNodeOnlyWithKeys() throws IOException {
    assertThatThrownBy(() -> AddressCheck.check(settings("0.0.0.0", 0)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("no API key");
    Files.writeString(folder.resolve("larder.security.cfg"), "# keys\nkey.one =\n");
    assertThatThrownBy(() -> AddressCheck.check(settings("0.0.0.0", 0)))
        .hasMessageContaining("no API key");
    Files.writeString(folder.resolve("larder.security.cfg"), "key.one = writer:hash\n");
    assertThatCode(() -> AddressCheck.check(settings("0.0.0.0", 0))).doesNotThrowAnyException();
  }

  @Test
  void unknownHostIsNamed() {
    assertThatThrownBy(() -> AddressCheck.check(settings("no.such.host.invalid", 0)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("no.such.host.invalid");
  }
}
