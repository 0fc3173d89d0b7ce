package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsIT {
  @TempDir Path folder;

  @Test
  void documentsWorkAsTheyArePrinted() throws Exception {
    Path script = Path.of(System.getProperty("larder.root"), "docs/test/run-docs.sh");
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("sh", script.toString())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().put("LARDER_DIST", Distribution.underTest().home().toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put(
            "LARDER_MAVEN_REPOSITORY", System.getProperty("org.ops4j.pax.url.mvn.localRepository"));
    Process process = builder.start();
    boolean ended = false;
    try {
      // A backend is built and certified meanwhile.
      ended = process.waitFor(15, TimeUnit.MINUTES);
    } finally {
      if (!ended) {
        end(process);
      }
    }
    assertThat(ended && process.exitValue() == 0).as(Files.readString(output)).isTrue();
  }

  /** It is there to be read: so much fits on a few screens. */
  @Test
  void exampleBackendHasAtMost150Lines() throws Exception {
    Path example =
        Path.of(
            System.getProperty("larder.root"),
            "samples/backend-logfile/src/main/java/com/example/logfile/LogfileBackend.java");
    assertThat(Files.readAllLines(example)).hasSizeLessThanOrEqualTo(150);
  }

  /** The script clears up when it is asked to end, as soon as what it runs has ended. */
  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    started.forEach(ProcessHandle::destroy);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    started.forEach(ProcessHandle::destroyForcibly);
  }
}
