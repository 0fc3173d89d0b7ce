package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.prove.node.Folders;

/** What the program's exit code says when there is no proof: nobody may take it for one. */
class ExitCodesProveIT extends ProvingTestSupport {
  private static final int FAULT = 1;
  private static final int NOT_PROVED = 3;

  @TempDir private Path folder;

  @Test
  void recordsLostAndAlteredBehindTheNodesBackAreAFault() throws Exception {
    Path json = folder.resolve("result.json");
    Proving.Ended ended =
        program.run(
            "crash --rate 1000 --rounds 1 --seconds 6 --ways node --json " + json,
            withLosingDatabase(),
            Map.of());
    assertThat(ended.output())
        .containsPattern("lost [1-9][0-9]* · doubled 0 · altered [1-9]")
        .containsPattern("FAULT task [0-9]+ ")
        .contains("left for inspection: " + program.folder())
        .endsWith("FAULT\n");
    assertThat(ended.exitCode()).isEqualTo(FAULT);
    assertThat(json).content().contains("\"verdict\" : \"fault\"");
  }

  /** The distribution, whose node finds its database changed when it is started again. */
  private Path withLosingDatabase() throws Exception {
    Path losing = folder.resolve("losing");
    Folders.copy(Proving.DISTRIBUTION, losing);
    Path script = losing.resolve("bin/larder");
    Files.move(script, losing.resolve("bin/larder-itself"));
    Path classes =
        Path.of(LosingDatabase.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return withScript(
        losing,
        """
        #!/bin/sh
        set -eu
        if [ "$1" = run ]; then
            "$JAVA_HOME/bin/java" -cp "%s:%s" %s "$LARDER_DATA"
        fi
        exec "$(dirname "$0")/larder-itself" "$@"
        """
            .formatted(classes, Proving.PROGRAM, LosingDatabase.class.getName()));
  }

  private static Path withScript(Path distribution, String script) throws IOException {
    Path file = Files.createDirectories(distribution.resolve("bin")).resolve("larder");
    Files.createDirectories(distribution.resolve("config"));
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return distribution;
  }

  @Test
  void nodeThatDoesNotEvenStartProvesNothing() throws Exception {
    Path broken =
        withScript(folder.resolve("broken"), "#!/bin/sh\necho 'the port is taken'\nexit 7\n");
    Path config = broken.resolve("config/larder.storage.sqlite-main.cfg");
    Files.writeString(config, "name = main\n");
    notProved(program.run("swap", broken, Map.of()), "the node ended with 7: the port is taken");
  }

  @Test
  void folderThatCannotBeWrittenToProvesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    notProved(program.run("swap --work " + file), "nothing can be written in " + file);
  }

  @Test
  void diskThatCannotBeMadeSmallProvesNothing() throws Exception {
    Map<String, String> noPrograms = Map.of("PATH", folder.toString());
    notProved(
        program.run("diskfull", Proving.DISTRIBUTION, noPrograms),
        "a small disk can be mounted neither as root nor");
  }

  private static void notProved(Proving.Ended ended, String why) {
    assertThat(ended.output()).contains("NOT PROVED").contains(why).doesNotContain("FAULT");
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(NOT_PROVED);
  }

  @Test
  void wrongCommandLineIsMisuse() throws Exception {
    assertThat(program.run("prayer").exitCode()).isEqualTo(2);
    assertThat(program.run("swap --pray").exitCode()).isEqualTo(2);
    Proving.Ended ended = program.run("swap --json " + folder.resolve("absent/result.json"));
    assertThat(ended.output()).contains("no file can be written at " + folder);
    assertThat(ended.exitCode()).isEqualTo(2);
  }
}
