package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.rest.testing.OpenApiCheck;

class OpenApiIT {
  private static final int CALLS_AT_LEAST = 100;

  @TempDir Path data;

  @Test
  void nodeDoesWhatItsDocumentSays() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of()).start()) {
      OpenApiCheck.Findings findings =
          OpenApiCheck.check(URI.create("http://127.0.0.1:" + node.port() + "/"));
      assertThat(findings.failures()).isEmpty();
      assertThat(findings.calls()).isGreaterThan(CALLS_AT_LEAST);
    }
  }
}
