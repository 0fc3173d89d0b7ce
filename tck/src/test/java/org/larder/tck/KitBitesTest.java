package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;

/** A kit that passes everything proves nothing. */
class KitBitesTest {
  @TempDir private Path folder;

  private static Flaw flaw() {
    return FlawedKit.flaw(Flaw.class);
  }

  /** Run by the launcher only: its name is none that the build looks for. */
  static final class Flawed extends BackendContract {
    private final MemoryBackend.Memory memory = new MemoryBackend.Memory();

    @Override
    protected StorageBackend open() {
      return flaw().compareTo(Flaw.ROUNDS_DECIMALS_TO_DOUBLES) <= 0
          ? new BrokenBackend(memory, flaw())
          : new UnreliableBackend(memory, flaw());
    }

    @Override
    protected void close(StorageBackend backend) {
      if (backend instanceof UnreliableBackend closeable) {
        closeable.close();
      }
    }

    @Override
    public Set<Capability> capabilities() {
      return flaw() == Flaw.DECLARES_LESS_THAN_NAMED
          ? Set.of(Capability.PARALLEL_LANES)
          : super.capabilities();
    }
  }

  /** The same over a file, with all that the kit can do to one. */
  static final class FlawedFile extends FileBackendContract {
    @Override
    StorageBackend over(FileBackend.Disk disk, Path file) {
      return new BrokenFileBackend(file, disk, flaw());
    }

    @Override
    public Offer<OtherProcess> otherProcess() {
      return Offer.of(new OtherProcess(Elsewhere.class, flaw() + " " + file()));
    }
  }

  /** Opens a flawed file in the process that is killed. */
  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      String[] parts = place.split(" ", 2);
      return new BrokenFileBackend(Path.of(parts[1]), FileBackend::append, Flaw.valueOf(parts[0]));
    }
  }

  @Test
  void backendWithoutAFlawPasses() throws IOException {
    assertThat(failing(run(Flaw.NONE))).isEmpty();
  }

  /** Only a call that was made can be refused. */
  @Test
  void reportSaysRefusedOnlyOfCallsThatWereMade() throws IOException {
    JsonNode report = run(Flaw.NONE);
    assertThat(FlawedKit.tests(report, "refused"))
        .containsExactly("insertKeepsWhatIsThereOrIsRefused");
    assertThat(FlawedKit.tests(report, "not_applicable"))
        .contains(
            "copyIsANewFileAndNeverOverwritesOne",
            "lanesAreWrittenAtOnceOrInTurn",
            "textSearchIsNotDeclaredBeforeItCanBeAskedFor",
            "writesDuringAScanHideAndRepeatNothing");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void kitFindsTheFlawWhereItIs(Flaw flaw) throws IOException {
    JsonNode report = run(flaw);
    assertThat(report.get("verdict").textValue()).isEqualTo("FAIL");
    assertThat(failing(report))
        .as("%s", flaw)
        .containsAll(flaw.parts())
        .isSubsetOf(flaw.possibleParts());
  }

  /** The parts that failed; every test was run. */
  private static Set<String> failing(JsonNode report) {
    Set<String> parts = new TreeSet<>();
    for (JsonNode part : report.get("parts")) {
      for (JsonNode test : part.get("tests")) {
        if (test.get("outcome").textValue().equals("failed")) {
          parts.add(part.get("name").textValue());
        }
      }
    }
    assertThat(FlawedKit.tests(report, "not_run")).isEmpty();
    assertThat(report.get("counts").get("passed").intValue()).isGreaterThan(60);
    return parts;
  }

  private JsonNode run(Flaw flaw) throws IOException {
    return new FlawedKit(folder).run(flaw.isOfFiles() ? FlawedFile.class : Flawed.class, flaw);
  }
}
