package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The same distribution on every JDK of this machine that Larder claims to run on. */
class OtherJdkIT {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
  private static final int OLDEST = 17;

  @TempDir Path data;

  private record Jdk(int major, Path home) {}

  @TestFactory
  List<DynamicTest> bootsAndStops() throws IOException {
    List<Jdk> jdks = jdks();
    assertThat(jdks)
        .extracting(Jdk::major)
        .as("the JDK that runs this test is one of them")
        .contains(Runtime.version().feature());
    System.out.println(
        "Booting on JDK " + jdks.stream().map(jdk -> jdk.major() + " in " + jdk.home()).toList());
    return jdks.stream()
        .map(
            jdk ->
                DynamicTest.dynamicTest(
                    "JDK " + jdk.major() + " in " + jdk.home(), () -> boot(jdk.home())))
        .toList();
  }

  private void boot(Path jdk) throws Exception {
    Path own = Files.createDirectories(data.resolve(jdk.getFileName()));
    try (NodeProcess node = new NodeProcess(own, Map.of("JAVA_HOME", jdk.toString())).start()) {
      assertThat(node.http().get("/health/ready").statusCode()).isEqualTo(200);
      node.terminate();
      assertThat(node.waitForEnd(Duration.ofSeconds(10)).exitCode()).isZero();
      assertThat(node.output()).doesNotContain("WARNING");
    }
  }

  private static List<Jdk> jdks() throws IOException {
    Path own = Path.of(System.getProperty("java.home")).toRealPath();
    Stream<Jdk> running = Stream.of(new Jdk(Runtime.version().feature(), own));
    try (Stream<Path> siblings = Files.list(own.getParent())) {
      return Stream.concat(
              running,
              siblings
                  .filter(folder -> !Files.isSymbolicLink(folder))
                  .filter(folder -> !folder.equals(own))
                  .map(folder -> new Jdk(major(folder), folder)))
          .filter(jdk -> jdk.major() >= OLDEST)
          .sorted(Comparator.comparingInt(Jdk::major).thenComparing(Jdk::home))
          .toList();
    }
  }

  private static int major(Path jdk) {
    Path release = jdk.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(jdk.resolve("bin/java"))) {
      return 0;
    }
    try {
      Matcher matcher = VERSION.matcher(Files.readString(release));
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
