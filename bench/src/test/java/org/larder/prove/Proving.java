package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the program as a process of its own, with the distribution as it was built.
 *
 * @param folder for what the proof needs meanwhile
 */
record Proving(Path folder) {
  private static final String ZEROS =
      "acknowledged [1-9][0-9]* · found [1-9][0-9]* · lost 0 · doubled 0 · altered 0"
          + " · unacknowledged present [0-9]+";
  static final Path DISTRIBUTION = Path.of(System.getProperty("larder.distribution"));
  static final Path PROGRAM = Path.of(System.getProperty("larder.bench"));

  /** How the program ended, and what it printed. */
  record Ended(int exitCode, String output) {}

  /** Fails if the node to be proved was not built. */
  static void requireDistribution() {
    assertThat(DISTRIBUTION.resolve("bin/larder"))
        .as("the distribution, which ./larder build makes")
        .isExecutable();
  }

  /** Runs it with a line of arguments. */
  Ended run(String arguments) throws IOException, InterruptedException {
    return run(arguments, DISTRIBUTION, Map.of());
  }

  /** The same with another distribution, and with changes to its environment. */
  Ended run(String arguments, Path distribution, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-cp", PROGRAM.toString(), Prove.class.getName()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("--dist", distribution.toString()));
    if (!command.contains("--work")) {
      command.addAll(List.of("--work", folder.toString()));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int exitCode = process.waitFor();
      return new Ended(exitCode, Files.readString(output));
    } finally {
      process.destroy();
    }
  }

  /** Runs it and requires that it proves what it should; what could not be done is no proof. */
  String proves(String arguments) throws IOException, InterruptedException {
    Ended ended = run(arguments);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).containsPattern(ZEROS).endsWith("PROVED\n");
    assertThat(ended.output())
        .doesNotContain("NOT PROVED")
        .containsPattern("longest gap without a 202 +[0-9.]+ s\n")
        .containsPattern("longest time to catch up +[0-9.]+ s\n");
    return ended.output();
  }
}
