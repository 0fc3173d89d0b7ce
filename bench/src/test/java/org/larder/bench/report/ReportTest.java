package org.larder.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.bench.report.Line.Verdict;

class ReportTest {
  private final Report report = new Report();

  @Test
  void verdictIsOverTheMedianAndTheLimitItselfIsGood() {
    for (double value : new double[] {1, 100, 60}) {
      report.add("rate", "/s", value).target(Target.atLeast(60));
      report.add("latency", "ms", value).target(Target.atMost(59));
      report.add("other", "ms", value);
    }
    assertThat(report.lines()).extracting(Line::median).containsOnly(60.0);
    assertThat(report.lines())
        .extracting(Line::verdict)
        .containsExactly(Verdict.MET, Verdict.MISSED, Verdict.NONE);
  }

  @Test
  void whatIsNotANumberMeetsNothing() {
    report.add("rate", "/s", Double.NaN).target(Target.atLeast(0));
    report.add("latency", "ms", Double.NaN).target(Target.atMost(1e9));
    assertThat(report.lines()).extracting(Line::verdict).containsOnly(Verdict.MISSED);
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleOnes() {
    report.add("a", "", 4);
    report.add("a", "", 1);
    report.add("a", "", 2);
    report.add("a", "", 100);
    assertThat(report.lines().get(0).median()).isEqualTo(3);
  }

  @Test
  void runsOfOneFigureAreGatheredWithinTheirSection() {
    for (int run = 1; run <= 2; run++) {
      report.begin("first");
      report.add("p50", "ms", run);
      report.begin("second");
      report.add("p50", "ms", run * 10);
    }
    assertThat(report.lines()).extracting(Line::section).containsExactly("first", "second");
    assertThat(report.lines().get(1).values()).containsExactly(10.0, 20.0);
  }

  @Test
  void figuresKeepTheDigitsThatCount() {
    assertThat(Target.figure(123_456.7)).isEqualTo("123,457");
    assertThat(Target.figure(12.34)).isEqualTo("12.3");
    assertThat(Target.figure(8)).isEqualTo("8");
    assertThat(Target.figure(1.234)).isEqualTo("1.23");
    assertThat(Target.figure(0.0456)).isEqualTo("0.046");
    assertThat(Target.figure(0)).isEqualTo("0");
  }

  @Test
  void missedTargetIsSeenInTheTable() {
    report.add("start", "s", 6).target(Target.atMost(5));
    assertThat(Table.row(report.lines().get(0))).contains("start", "6", "MISSED", "\u2264 5");
  }

  @Test
  void jsonHoldsEveryRun(@TempDir Path folder) throws IOException {
    report.begin("section");
    report.add("rate", "/s", 5).target(Target.atLeast(60).because("why")).note("a note");
    report.add("rate", "/s", 7);
    report.fail("something");
    Path file = folder.resolve("report.json");
    JsonReport.write(report, Map.of("cores", "2"), file);
    JsonNode json = new JsonMapper().readTree(file.toFile());
    JsonNode figure = json.path("figures").path(0);
    assertThat(figure.path("runs").toString()).isEqualTo("[5.0,7.0]");
    assertThat(figure.path("verdict").asText()).isEqualTo("missed");
    assertThat(figure.path("limit").asDouble()).isEqualTo(60);
    assertThat(json.path("failures").path(0).asText()).isEqualTo("section: something");
    assertThat(json.path("environment").path("cores").asText()).isEqualTo("2");
  }
}
