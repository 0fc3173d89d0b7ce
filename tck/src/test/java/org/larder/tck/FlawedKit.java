package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.larder.tck.report.ReportExtension;

/**
 * Runs a class of the kit's tests whose subject has the flaw that is set meanwhile. Its name is
 * none that the build looks for. For one thread.
 *
 * @param folder for the reports
 */
record FlawedKit(Path folder) {
  private static final String FLAW = "larder.kit.flaw";

  /** The flaw of the running tests. */
  static <T extends Enum<T>> T flaw(Class<T> flaws) {
    return Enum.valueOf(flaws, System.getProperty(FLAW));
  }

  /** What the report says of a run with that flaw. */
  JsonNode run(Class<?> kit, Enum<?> flaw) throws IOException {
    System.setProperty(FLAW, flaw.name());
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(kit))
            .configurationParameter(ReportExtension.FOLDER, folder.toString())
            .build();
    try {
      LauncherFactory.create().execute(request, listener);
    } finally {
      System.clearProperty(FLAW);
    }
    assertThat(listener.getSummary().getTestsSkippedCount()).isZero();
    JsonNode report = new ObjectMapper().readTree(reported().toFile());
    assertThat(report.get("counts").get("failed").longValue())
        .as("the report says what JUnit says")
        .isEqualTo(listener.getSummary().getTestsFailedCount());
    return report;
  }

  private Path reported() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> reports = files.filter(file -> file.toString().endsWith(".json")).toList();
      assertThat(reports).hasSize(1);
      return reports.get(0);
    }
  }

  /** Runs the kit and requires that just these tests fail, in the report as well. */
  void failsJust(Class<?> kit, Enum<?> flaw, Set<String> tests) throws IOException {
    JsonNode report = run(kit, flaw);
    assertThat(tests(report, "failed")).as("%s", flaw).isEqualTo(new TreeSet<>(tests));
    assertThat(tests(report, "not_run")).isEmpty();
    assertThat(tests(report, "passed")).isNotEmpty();
    assertThat(report.get("verdict").textValue().equals("FAIL")).isEqualTo(!tests.isEmpty());
  }

  /** The names of the tests that ended like this. */
  static Set<String> tests(JsonNode report, String outcome) {
    Set<String> tests = new TreeSet<>();
    for (JsonNode part : report.get("parts")) {
      for (JsonNode test : part.get("tests")) {
        if (test.get("outcome").textValue().equals(outcome)) {
          tests.add(test.get("name").textValue());
        }
      }
    }
    return tests;
  }
}
