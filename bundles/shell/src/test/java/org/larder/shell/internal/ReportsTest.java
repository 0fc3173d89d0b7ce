package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Recovery;
import org.larder.buffer.ReplayResult;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.buffer.RouteTable.OnLag;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

class ReportsTest {
  private static final CollectionSchema NOTES =
      CollectionSchema.named("notes", 1)
          .key("id", 20)
          .field(Field.string("status", 20))
          .field(Field.text("body"))
          .build();

  private static FollowerStatus follower(
      FollowerStatus.State state, String code, String message, int deadLetters) {
    return new FollowerStatus(
        "main",
        "main",
        state,
        code,
        message,
        1_234_567_890L,
        1_234_567_000L,
        1_234_569_999L,
        Duration.ofMinutes(7),
        98_765,
        1_234_567_890L,
        1_234,
        deadLetters);
  }

  private static BackendStatus backend(String name, boolean primary, String condition) {
    return new BackendStatus(
        name, "sqlite", primary, condition, "the disk is slow", 1_200_000_000L, List.of());
  }

  private static BufferStatus status(boolean ready, FollowerStatus follower, String condition) {
    return status(ready, follower, List.of(backend("main", true, condition)));
  }

  private static BufferStatus status(
      boolean ready, FollowerStatus follower, List<BackendStatus> backends) {
    return new BufferStatus(
        ready,
        Map.of("notes", 2109L),
        1000,
        Optional.of(Instant.parse("2026-01-01T00:00:00.123456Z")),
        1_234_567_890L,
        new JournalStatus(
            300_000_000L,
            1_000_000_000L,
            5,
            1_234_000_000L,
            1_234_569_999L,
            400,
            Duration.ofSeconds(1),
            Duration.ofMillis(30),
            0),
        List.of(follower),
        backends);
  }

  private static final BufferStatus WELL =
      status(true, follower(FollowerStatus.State.FOLLOWING, "", "", 0), "up");
  private static final BufferStatus ILL =
      status(
          false,
          follower(
              FollowerStatus.State.HALTED,
              "DIFFERENT_STORE",
              "The database is another one.\nPut the right one back.",
              3),
          "degraded");

  @Test
  void healthNamesEveryTrouble() {
    assertThat(Reports.health(WELL)).contains("healthy").doesNotContain("attention");
    assertThat(Reports.health(ILL))
        .contains("needs attention")
        .contains("still catching up")
        .contains("Backend main is degraded. the disk is slow")
        .contains("DIFFERENT_STORE. The database is another one. Put the right one back.")
        .contains("3 dead letters of main");
  }

  @Test
  void largeFiguresFitEightyColumns() {
    List<String> tables =
        List.of(
            Reports.followers(WELL),
            Reports.backends(ILL, List.of()),
            Reports.buffer(WELL),
            Reports.collections(List.of(NOTES), WELL),
            Reports.collection(NOTES),
            Reports.stats(WELL));
    assertThat(tables)
        .allSatisfy(
            table ->
                assertThat(table.lines())
                    .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(80)));
    assertThat(Reports.followers(WELL)).contains("1,234,567,890", "2,109", "7 min");
  }

  @Test
  void backendThatNoRouteNamesIsUnused() {
    BufferStatus status =
        status(
            true,
            WELL.followers().get(0),
            List.of(
                backend("main", true, "up"),
                backend("copy", false, "up"),
                backend("spare", false, "up")));
    RouteStatus route =
        new RouteStatus(
            new Route("*", "main", List.of("copy"), Optional.empty()), "main", List.of());
    assertThat(Reports.backends(status, List.of(route)).lines().skip(1))
        .satisfiesExactly(
            main -> assertThat(main).startsWith("main").contains(" primary "),
            copy -> assertThat(copy).startsWith("copy").contains(" mirror "),
            spare -> assertThat(spare).startsWith("spare").contains(" unused "));
  }

  @Test
  void deadLetterIsShownInFull() throws InvalidRowException {
    Row row = Row.of(NOTES).set("id", "n1").set("body", "x".repeat(200)).build();
    List<DeadLetter> letters =
        List.of(
            new DeadLetter(
                "main",
                42,
                Mutation.Kind.MERGE,
                row,
                "TOO_LARGE",
                "The value is too large",
                Instant.EPOCH));
    assertThat(LetterReports.list(letters)).contains("42", "notes", "n1", "TOO_LARGE");
    assertThat(LetterReports.inFull(letters, 42))
        .contains("The value is too large")
        .contains("x".repeat(200));
    assertThatThrownBy(() -> LetterReports.inFull(letters, 43))
        .isInstanceOf(NoSuchElementException.class);
    assertThat(LetterReports.list(List.of())).isEqualTo("There are no dead letters.\n");
  }

  private static RouteStatus.Copy copy(
      String name, RouteStatus.Completeness completeness, FollowerStatus follower) {
    boolean seeding = completeness == RouteStatus.Completeness.SEEDING;
    return new RouteStatus.Copy(
        name,
        completeness,
        seeding ? "notes" : "",
        1_200,
        new RouteTable.MirrorOptions(OnLag.BLOCK, Deletes.NONE),
        follower);
  }

  @Test
  void routesSayWhoHasWhatAndWhoIsRead() {
    RouteStatus route =
        new RouteStatus(
            new Route("*", "main", List.of("a_mirror_with_quite_a_name"), Optional.empty()),
            "main",
            List.of(
                copy("main", RouteStatus.Completeness.LIVE, WELL.followers().get(0)),
                copy(
                    "a_mirror_with_quite_a_name",
                    RouteStatus.Completeness.SEEDING,
                    ILL.followers().get(0))));
    String list = RouteReports.list(List.of(route));
    assertThat(list).contains("primary, read").contains("seeding").contains("2,109");
    assertThat(list.lines()).allSatisfy(line -> assertThat(Text.width(line)).isLessThan(81));
    assertThat(RouteReports.inFull(route))
        .contains("is being filled with notes: 1,200 records")
        .containsOnlyOnce("keeps what is deleted (apply_deletes = none)")
        .containsOnlyOnce("block")
        .contains("DIFFERENT_STORE: The database is another one.");
  }

  @Test
  void replaySaysWhatIsStillRefused() throws InvalidRowException {
    Row row = Row.of(NOTES).set("id", "n1").build();
    DeadLetter letter =
        new DeadLetter(
            "main", 42, Mutation.Kind.PUT, row, "TOO_LARGE", "Too\nlarge", Instant.EPOCH);
    assertThat(LetterReports.replayed(new ReplayResult(1_200, 3, Optional.of(letter))))
        .isEqualTo("1,200 replayed, 3 left.\nRefused again: 42 TOO_LARGE: Too large\n");
  }

  @Test
  void recoveryTellsWhatWasNotAsItShouldBe() {
    Recovery.Finding cut =
        new Recovery.Finding("cut", "000.seg", 17, 9, 12, "The last write was torn.");
    assertThat(
            Reports.recovery(
                new Recovery(
                    Instant.EPOCH, 3, 0, 9, 1, 9, Duration.ofMillis(12), -1, List.of(cut))))
        .contains("cut 000.seg: The last write was torn.")
        .contains("not yet known");
  }

  @Test
  void statusLineSaysWhoIsBehindAndWhy() {
    assertThat(StatusLine.line(ILL, 1500))
        .isEqualTo(
            "1,500 items accepted this minute, 2,109 pending. Journal: 300.0 MB / 1.0 GB (30%)."
                + " main: 2,109 behind (DIFFERENT_STORE). Storage main: 1.2 GB");
  }
}
