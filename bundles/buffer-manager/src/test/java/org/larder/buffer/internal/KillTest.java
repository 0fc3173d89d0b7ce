package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed with -9 loses nothing that it acknowledged. */
class KillTest {
  @TempDir Path data;

  @Test
  @Timeout(60)
  void killMinusNineLosesNothingAcknowledged() throws IOException, InterruptedException {
    int acknowledged = -1;
    for (int round = 0; round < 2; round++) {
      acknowledged = Math.max(acknowledged, writeUntilKilled(50 + 100 * round));
    }
    FakeStore store = new FakeStore();
    try (Buffer buffer = Buffer.open(BufferOptions.in(data), Clock.systemUTC(), RouteKeeper.NONE)) {
      buffer.addBackend(new FakeBackend(store));
      buffer.flush(TestNode.LONG);
      for (int i = 0; i <= acknowledged; i++) {
        assertThat(store.row("notes", "k" + i + "-0")).as("%d", i).isNotNull();
        assertThat(store.row("notes", "k" + i + "-2")).as("%d", i).isNotNull();
      }
      // The order of the key, over both runs.
      assertThat(TestNode.n(store.row("notes", "last"))).isGreaterThanOrEqualTo(acknowledged);
    }
  }

  private int writeUntilKilled(int after) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledNode.class.getName(),
                data.toString())
            .redirectError(Redirect.DISCARD)
            .start();
    int last = -1;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null) {
        last = Integer.parseInt(line);
        if (last == after) {
          process.toHandle().destroyForcibly();
        }
        line = out.readLine();
      }
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(last).isGreaterThanOrEqualTo(after);
    return last;
  }
}
