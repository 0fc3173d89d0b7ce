package org.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static final List<String> SECTIONS = List.of("ingest", "crash");

  @Test
  void optionsSayHowMuchIsMeasured() throws Options.BadOptionException {
    Effort quick = Effort.of(parse("--dist", "/d", "--quick"));
    Effort full = Effort.of(parse("--dist", "/d"));
    Effort said = Effort.of(parse("--dist", "/d", "--runs", "2", "--seconds", "9"));
    assertThat(quick.runs()).isEqualTo(1);
    assertThat(full.runs()).isEqualTo(5);
    assertThat(full.held()).isEqualTo(Duration.ofSeconds(30));
    assertThat(full.draining()).isEqualTo(Duration.ofSeconds(20));
    assertThat(full.openLoop()).isEqualTo(Duration.ofSeconds(60));
    assertThat(full.largeRows()).isEqualTo(1_000_000);
    assertThat(said.runs()).isEqualTo(2);
    assertThat(said.held()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void sectionsAreSeparatedByCommas() throws Options.BadOptionException {
    assertThat(parse("--dist", "/d", "--only", "crash,ingest").only())
        .containsExactly("crash", "ingest");
  }

  @Test
  void badOptionsAreRefused() {
    for (String[] bad :
        new String[][] {
          {},
          {"--dist"},
          {"--dist", "/d", "--only", "nothing"},
          {"--dist", "/d", "--runs", "0"},
          {"--dist", "/d", "--runs", "many"},
          {"--dist", "/d", "--fast"}
        }) {
      assertThatThrownBy(() -> parse(bad)).isInstanceOf(Options.BadOptionException.class);
    }
  }

  @Test
  void helpNeedsNoDistributionAndNamesTheSections() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(Bench.run(List.of("--help"), out)).isZero();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("openloop", "--json");
  }

  @Test
  void missingDistributionIsSaidAndNotMeasured() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(Bench.run(List.of("--dist", "/nowhere"), out)).isEqualTo(2);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("/nowhere");
  }

  private static Options parse(String... arguments) throws Options.BadOptionException {
    return Options.parse(List.of(arguments), SECTIONS);
  }
}
