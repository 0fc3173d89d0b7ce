package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the checkout's own script says when the tools for a build are not there. */
class BuildToolsIT {
  /** All that the script needs before it comes to Java and Maven. */
  private static final List<String> TOOLS =
      List.of("sh", "dirname", "sed", "grep", "head", "sort", "echo");

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void onlyTheBareTools() throws IOException {
    path = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      for (Path home : List.of(Path.of("/bin"), Path.of("/usr/bin"))) {
        if (Files.isExecutable(home.resolve(tool)) && !Files.exists(path.resolve(tool))) {
          Files.createSymbolicLink(path.resolve(tool), home.resolve(tool));
        }
      }
    }
  }

  @Test
  void oldMavenIsNamed() throws Exception {
    fake("mvn", "echo 'Apache Maven 3.6.3 (cecedd343002696d0abb50b32b541b8a6ba2883f)'");
    assertRefused(System.getProperty("java.home"), "found Maven 3.6.3", "needs 3.8.7 or newer");
  }

  @Test
  void missingMavenIsNamed() throws Exception {
    assertRefused(System.getProperty("java.home"), "found no mvn in the PATH", "Maven 3.8.7");
  }

  @Test
  void missingJdkIsNamed() throws Exception {
    assertRefused(null, "found no java in the PATH", "JDK 17 or newer");
    assertRefused(folder.toString(), "JAVA_HOME is " + folder, "no bin/java", "JDK 17 or newer");
  }

  @Test
  void oldJdkIsNamed() throws Exception {
    fake("java", "echo 'java version \"1.8.0_402\"' >&2");
    assertRefused(null, "found Java 1.8.0_402", "needs JDK 17 or newer");
  }

  @Test
  void runtimeWithoutACompilerIsNamed() throws Exception {
    fake("java", "echo 'openjdk version \"17.0.1\"' >&2; echo 'java.base@17.0.1'");
    assertRefused(null, "found Java 17.0.1", "without a compiler", "needs a JDK");
  }

  private void fake(String name, String script) throws IOException {
    Path file = Files.writeString(path.resolve(name), "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void assertRefused(String javaHome, String... said) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", System.getProperty("larder.root") + "/larder", "build")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", path.toString());
    if (javaHome != null) {
      builder.environment().put("JAVA_HOME", javaHome);
    }
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    String line = Files.readString(output).strip();
    assertThat(line).startsWith("larder: ").contains(said).doesNotContain("\n");
    assertThat(process.exitValue()).isEqualTo(2);
  }
}
