package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Short proofs of every kind with the distribution as it was built. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ProveIT {
  private static final String ZEROS =
      "acknowledged [1-9][0-9]* · found [1-9][0-9]* · lost 0 · doubled 0 · altered 0"
          + " · unacknowledged present [0-9]+";
  private static final Path DISTRIBUTION = Path.of(System.getProperty("larder.distribution"));
  private static final Path PROGRAM = Path.of(System.getProperty("larder.bench"));

  @TempDir private Path folder;

  private record Ended(int exitCode, String output) {}

  @BeforeAll
  static void distributionIsBuilt() {
    assertThat(DISTRIBUTION.resolve("bin/larder"))
        .as("the distribution, which ./larder build makes")
        .isExecutable();
  }

  private Ended prove(String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-cp", PROGRAM.toString(), Prove.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--dist", DISTRIBUTION.toString(), "--work", folder.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int exitCode = process.waitFor();
      return new Ended(exitCode, Files.readString(output));
    } finally {
      process.destroy();
    }
  }

  private static void assertProved(Ended ended) {
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).containsPattern(ZEROS).endsWith("PROVED\n");
  }

  @Test
  void swapUnderLoadLosesNothing() throws Exception {
    Ended ended =
        prove(
            "swap",
            "--rate",
            "1000",
            "--rounds",
            "2",
            "--seconds",
            "6",
            "--ways",
            "update,drop-in");
    assertProved(ended);
    assertThat(ended.output()).containsPattern("native libraries of the database in memory +1\n");
  }

  @Test
  void killedNodeLosesNothing() throws Exception {
    assertProved(prove("crash", "--rate", "1000", "--rounds", "1", "--seconds", "3"));
  }

  @Test
  void outageOfTheDatabaseLosesNothing() throws Exception {
    assertProved(
        prove("outage", "--rate", "1000", "--rounds", "2", "--seconds", "3", "--hold", "1"));
  }

  @Test
  void fullDiskLosesNothing() throws Exception {
    Ended ended =
        prove("diskfull", "--rate", "4000", "--rounds", "1", "--seconds", "1", "--hold", "1");
    if (ended.exitCode() == Verdict.NOT_PROVED.exitCode()) {
      // Some systems let nobody mount anything; then the program has to say so.
      assertThat(ended.output()).contains("a small disk can be mounted neither");
    } else {
      assertProved(ended);
    }
  }

  @Test
  void missingKindIsMisuse() throws Exception {
    assertThat(prove("prayer").exitCode()).isEqualTo(2);
  }
}
