package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static Arguments parse(String... words) {
    return Arguments.parse(words, Set.of("limit"), Set.of("long"));
  }

  @Test
  void optionsFlagsAndTheRestAreToldApart() {
    Arguments arguments = parse("tasks", "--limit", "5", "status=pending", "--long");
    assertThat(arguments.option("limit", "20")).isEqualTo("5");
    assertThat(arguments.flags()).containsExactly("long");
    assertThat(arguments.rest()).containsExactly("tasks", "status=pending");
  }

  @Test
  void unknownOptionIsNamed() {
    assertThatThrownBy(() -> parse("--limits")).hasMessage("There is no option --limits");
  }

  @Test
  void optionWithoutItsValueIsNamed() {
    assertThatThrownBy(() -> parse("--limit")).hasMessage("--limit needs a value");
  }

  @Test
  void numberOutsideItsBoundsIsRefused() {
    assertThatThrownBy(() -> Arguments.number("0", 1, 9)).hasMessage("0 is not between 1 and 9");
    assertThatThrownBy(() -> Arguments.number("x", 1, 9)).hasMessage("'x' is no whole number");
  }

  @Test
  void optionIsNoValueOfAnother() {
    assertThatThrownBy(() -> parse("--limit", "--long")).hasMessage("--limit needs a value");
  }

  @Test
  void secondValueOfAnOptionIsRefused() {
    assertThatThrownBy(() -> parse("--limit", "1", "--limit", "2"))
        .hasMessageStartingWith("--limit is there twice");
  }

  @Test
  void wordsThatWouldBeIgnoredAreRefused() {
    assertThat(Help.HEALTH.words()).isZero();
    assertThat(Help.COLLECTIONS.words()).isEqualTo(1);
    assertThat(Help.ROUTE.words()).isEqualTo(2);
    assertThat(Help.MIGRATE.words()).isEqualTo(3);
    assertThat(Help.QUERY.words()).isEqualTo(Integer.MAX_VALUE);
    assertThat(parse("notes", "main").withAtMost(2, "route").rest()).hasSize(2);
    assertThatThrownBy(() -> parse("notes", "main", "archive").withAtMost(2, "route"))
        .hasMessageStartingWith("'archive' is a word too many");
  }

  @Test
  void removalOfARouteTakesNothingBesides() {
    refusedRoute("notes", "main", "--remove");
    refusedRoute("notes", "--remove", "--mirrors", "copy");
    refusedRoute("notes", "--mirrors", "copy");
    RouteCommands.requireOneForm(route("notes", "--remove"));
    RouteCommands.requireOneForm(route("notes", "main", "--mirrors", "copy"));
    RouteCommands.requireOneForm(route("notes"));
  }

  private static void refusedRoute(String... words) {
    assertThatThrownBy(() -> RouteCommands.requireOneForm(route(words)))
        .hasMessageStartingWith("Nothing was changed");
  }

  private static Arguments route(String... words) {
    return Arguments.parse(words, Set.of("mirrors", "read-from"), Set.of("remove"));
  }

  @Test
  void rollingBackIsNotTriedWithAFlagOfAnother() {
    assertThatThrownBy(
            () -> MigrationCommands.requireNoFlagsButOfStart(migrate("rollback", "3", "--dry-run")))
        .hasMessageStartingWith("Nothing was done: --dry-run goes with");
    assertThatThrownBy(() -> MigrationCommands.requireNoFlagsButOfStart(migrate("--mirror")))
        .hasMessageStartingWith("Nothing was done: --mirror goes with");
    MigrationCommands.requireNoFlagsButOfStart(migrate("notes", "main", "copy", "--dry-run"));
  }

  private static Arguments migrate(String... words) {
    return Arguments.parse(words, Set.of(), Set.of("dry-run", "mirror", "primary"));
  }

  @Test
  void collectionNarrowsTheLettersToChooseFrom() {
    Arguments words =
        Arguments.parse(
            new String[] {"copy", "--collection", "notes"},
            Set.of("collection", "sequence"),
            Set.of("all"));
    assertThat(LetterCommands.filter(words).collection()).contains("notes");
  }
}
