package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;

class MigrationReportsTest {
  private static final MigrationRequest REQUEST =
      new MigrationRequest(
          "translation_tasks", "main", "mysql_second", MigrationRequest.End.AUTOMATIC);

  private static MigrationStatus status(Phase phase, String code, String message) {
    return new MigrationStatus(
        12,
        REQUEST,
        phase,
        Instant.parse("2026-05-01T10:00:00Z"),
        phase.isEnd() ? Optional.of(Instant.parse("2026-05-01T10:05:00Z")) : Optional.empty(),
        12_345_678,
        1_234_567,
        0,
        43_210.9,
        Optional.of(Duration.ofSeconds(260)),
        Comparison.NONE,
        code,
        message,
        phase == Phase.DONE);
  }

  @Test
  void theListFitsATerminal() {
    String list =
        MigrationReports.list(
            List.of(status(Phase.BACKFILLING, "", ""), status(Phase.CATCHING_UP, "", "")));
    assertThat(list.lines()).hasSize(3).allMatch(line -> line.length() <= 80);
    assertThat(list).contains("43,211", "4 min");
    assertThat(MigrationReports.list(List.of())).contains("No migrations");
  }

  @Test
  void oneInFullSaysWhatItWaitsForAndHowToEndIt() {
    assertThat(
            MigrationReports.inFull(
                status(Phase.BACKFILLING, "STORE_BUSY", "mysql_second: it is locked")))
        .contains(
            "12, backfilling",
            "1,234,567 of 12,345,678 records, 43,211/s, 4 min left",
            "Waits      STORE_BUSY: mysql_second: it is locked",
            "larder:migrate cancel 12");
    assertThat(MigrationReports.inFull(status(Phase.DONE, "", "mysql_second is the primary")))
        .contains("Outcome    mysql_second is the primary", "larder:migrate rollback 12")
        .doesNotContain("cancel");
  }

  @Test
  void aDryRunNamesTheStepsAndWhatIsLacking() {
    String plan =
        MigrationReports.plan(
            new MigrationPlan(
                REQUEST,
                Route.of("translation_tasks", "main"),
                List.of(new MigrationPlan.Part("translation_tasks", 2_000, 1_500_000)),
                "mysql",
                true,
                List.of("text is searched by the node")));
    assertThat(plan)
        .contains(
            "translation_tasks    2,000  1.5 MB",
            "nothing was changed",
            "make mysql_second the primary, and main its mirror",
            "Mind: on mysql_second text is searched by the node.");
  }
}
