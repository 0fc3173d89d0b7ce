package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.model.Row;
import org.larder.storage.query.Query;

/** A process that dies in the middle of a batch leaves all of a batch or nothing of it. */
class KilledProcessTest {
  private static final int ROWS = 2000;

  @TempDir private Path folder;

  /** Writes rounds for ever, and says so after each. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      Host host = Host.at(Path.of(arguments[0]));
      host.attach();
      for (long round = host.position() / ROWS + 1; ; round++) {
        host.write(ROWS, round);
        System.out.println(round);
      }
    }
  }

  @Test
  void killedWriterLeavesWholeBatches() throws IOException, InterruptedException {
    for (int kill = 0; kill < 3; kill++) {
      long told = runAndKill(kill * 3 + 2);
      try (Host host = Host.at(folder)) {
        host.attach();
        long rounds = host.position() / ROWS;
        assertThat(host.position() % ROWS).isZero();
        assertThat(rounds).as("what was committed is there").isGreaterThanOrEqualTo(told);
        Set<Object> found = new HashSet<>();
        for (Row row : host.backend.query(Query.of(Host.NOTES).withLimit(ROWS + 1)).rows()) {
          found.add(row.value("round"));
        }
        assertThat(found).containsExactly(rounds);
        assertThat(host.count()).isEqualTo(ROWS);
      }
    }
  }

  private long runAndKill(int lines) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long told = 0;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < lines; i++) {
        String line = output.readLine();
        assertThat(line).as("the writer writes").isNotNull();
        told = Long.parseLong(line);
      }
      process.destroyForcibly().waitFor();
    }
    return told;
  }
}
