package org.larder.tck.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.larder.storage.spi.Capability;
import org.larder.tck.Area;
import org.larder.tck.Proves;

/** A report may be read long after the run; it must not look better than the run was. */
class ReportTest {
  @TempDir private static Path folder;

  /** A contract in small. */
  @Area(name = "greetings", promise = "One greets & is greeted.")
  interface Greetings extends ReportExtension.Reported {
    @Test
    default void greets() {}

    @Test
    @Proves(Capability.FULL_TEXT)
    default void isGreeted() {}

    @Override
    default Optional<Subject> subject() {
      return Optional.of(new Subject("a", "polite", Set.of(Capability.FULL_TEXT), List.of()));
    }

    @Override
    default Optional<Remark> remark() {
      return Optional.empty();
    }
  }

  @ExtendWith(ReportExtension.class)
  static class Polite implements Greetings {}

  static final class Overriding extends Polite {
    @Override
    @Test
    public void greets() {}
  }

  static final class Silent extends Polite {
    @Override
    public void greets() {}
  }

  static final class Lazy extends Polite {
    @Override
    @Test
    @Disabled("no time")
    public void greets() {}
  }

  static final class Shy extends Polite {
    @Override
    public Optional<Remark> remark() {
      return Optional.of(new Remark(Outcome.NOT_TRIED, "Nobody there."));
    }
  }

  static final class Rude extends Polite {
    @Test
    void ownTest() {
      assertThat(subject()).as("<b>\"no\"</b>\n\ud83d\ude00").isEmpty();
    }
  }

  static final class Clumsy extends Polite {
    @AfterAll
    static void falls() {
      assertThat(folder).as("fell").isNull();
    }
  }

  /** Looks at its own report, which is there while it still runs. */
  static final class Early extends Polite {
    @Test
    void reportSaysThatTheRunGoesOn() throws IOException {
      JsonNode early = read("early");
      assertThat(early.get("verdict").textValue()).isEqualTo("FAIL");
      assertThat(early.get("troubles").get(0).textValue()).contains("has not ended");
    }
  }

  private static JsonNode read(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name + ".json").toFile());
  }

  private static JsonNode run(Class<?> testClass) throws IOException {
    return run(testClass.getSimpleName().toLowerCase(Locale.ROOT), selectClass(testClass));
  }

  private static JsonNode run(String name, DiscoverySelector selector) throws IOException {
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selector)
                .configurationParameter(ReportExtension.FOLDER, folder.toString())
                .build());
    return read(name);
  }

  private static void assertVerdict(JsonNode report, String verdict, String outcomes) {
    assertThat(report.get("verdict").textValue()).isEqualTo(verdict);
    assertThat(report.get("summary").textValue()).isEqualTo(outcomes);
  }

  @Test
  void runWithoutAFaultPasses() throws IOException {
    JsonNode report = run(Polite.class);
    assertVerdict(report, "PASS", "2 passed");
    assertThat(report.get("kit_version").textValue()).matches("\\d.*");
    assertThat(report.get("backend").get("kind").textValue()).isEqualTo("polite");
    JsonNode declared = report.get("capabilities").get(4);
    assertThat(declared.get("name").textValue()).isEqualTo(Capability.FULL_TEXT.name());
    assertThat(declared.get("declared").booleanValue()).isTrue();
    assertThat(declared.get("tests").get(0).textValue()).isEqualTo("isGreeted");
  }

  @Test
  void testThatWasLeftOutFails() throws IOException {
    assertVerdict(
        run("polite", selectMethod(Polite.class, "greets")), "FAIL", "1 passed · 1 not run");
  }

  @Test
  void testThatIsOverriddenFails() throws IOException {
    assertVerdict(run(Overriding.class), "FAIL", "2 passed · 1 not run");
    assertVerdict(run(Silent.class), "FAIL", "1 passed · 1 not run");
  }

  @Test
  void testThatIsDisabledFails() throws IOException {
    assertThat(run(Lazy.class).get("verdict").textValue()).isEqualTo("FAIL");
  }

  @Test
  void whatWasNotTriedIsIncomplete() throws IOException {
    assertVerdict(run(Shy.class), "INCOMPLETE", "2 not tried");
  }

  private static Finding ended(Outcome outcome) {
    return new Finding("greets", outcome, "", Duration.ZERO, List.of());
  }

  private static String page(Outcome... outcomes) {
    List<Finding> findings = Stream.of(outcomes).map(ReportTest::ended).toList();
    Report.Part part = new Report.Part("greetings", "One greets.", findings);
    return HtmlReport.of(
        new Report("1", Instant.EPOCH, "17", "T", Optional.empty(), List.of(part), List.of()));
  }

  @Test
  void whatDoesNotApplyHidesNothingOfItsPart() {
    assertThat(page(Outcome.PASSED, Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.REFUSED))
        .contains("<details><summary><b>greetings</b> · <b class=\"PASS\">PASS</b> · ")
        .contains("2 passed · 1 refused as declared · 1 does not apply <span");
    assertThat(page(Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.NOT_TRIED))
        .contains("<details open>", "<b class=\"INCOMPLETE\">INCOMPLETE</b> · 1 passed · ");
    assertThat(page(Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.FAILED))
        .contains("<details open>", "<b class=\"FAIL\">FAIL</b> · 1 passed · ");
  }

  @Test
  void partOfWhichNothingAppliesHasNotPassed() {
    assertThat(page(Outcome.NOT_APPLICABLE, Outcome.NOT_APPLICABLE))
        .contains("<b>greetings</b> · 2 do not apply <span")
        .doesNotContain("<b class=");
  }

  @Test
  void nameOfATestIsReadAsWords() {
    assertThat(
            Stream.of(
                    "emptyIsNotNull",
                    "probeBesideAWriter",
                    "deletesMakeANewRow",
                    "fillAnewIsNoAdd",
                    "sumsBeyond64Bits",
                    "textSortsByUtf8",
                    "rowsAsJSONText",
                    "greets")
                .map(name -> new Finding(name, Outcome.PASSED, "", Duration.ZERO, List.of()))
                .map(Finding::words))
        .containsExactly(
            "empty is not null",
            "probe beside a writer",
            "deletes make a new row",
            "fill anew is no add",
            "sums beyond 64 bits",
            "text sorts by utf8",
            "rows as json text",
            "greets");
  }

  @Test
  void failureOfTheClassFails() throws IOException {
    JsonNode report = run(Clumsy.class);
    assertVerdict(report, "FAIL", "2 passed");
    assertThat(report.get("troubles").get(0).textValue()).contains("fell");
  }

  @Test
  void runThatHasNotEndedFails() throws IOException {
    assertVerdict(run(Early.class), "PASS", "3 passed");
  }

  @Test
  void pageNeedsNothingElseAndEscapesWhatItShows() throws IOException {
    JsonNode report = run(Rude.class);
    assertVerdict(report, "FAIL", "2 passed · 1 failed");
    String page = Files.readString(folder.resolve("rude.html"));
    assertThat(page)
        .contains("<h1>FAIL: polite</h1>", "One greets &amp; is greeted.")
        .contains("&lt;b&gt;&quot;no&quot;&lt;/b&gt;\n\ud83d\ude00")
        .doesNotContain("http", "<script", "<link", "<img");
    assertThat(report.get("parts").get(1).get("tests").get(0).get("reason").textValue())
        .contains("<b>\"no\"</b>\n\ud83d\ude00");
  }

  @Test
  void fileIsNamedAfterTheClass() {
    assertThat(ReportExtension.fileName(Polite.class)).isEqualTo("polite");
    assertThat(ReportExtension.fileName(ReportTest.class)).isEqualTo("report");
    final class MariaDbBackendIT {}
    assertThat(ReportExtension.fileName(MariaDbBackendIT.class)).isEqualTo("maria-db");
  }
}
