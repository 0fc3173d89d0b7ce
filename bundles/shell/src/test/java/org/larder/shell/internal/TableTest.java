package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersAreAlignedToTheRight() {
    Table table = new Table("NAME", ">ROWS").row("tasks", 12).row("sessions", 3456);
    assertThat(table)
        .hasToString(
            """
            NAME      ROWS
            tasks       12
            sessions  3456
            """);
  }

  @Test
  void longCellsAreCutToEightyColumns() {
    Table table = new Table("KEY", "TEXT", "STATE").row("k", "x".repeat(300), "done");
    assertThat(table.toString().lines())
        .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(80))
        .anySatisfy(line -> assertThat(line).contains("…").endsWith("done"));
  }

  @Test
  void wideCharactersKeepTheColumnsStraight() {
    Table table = new Table("TEXT", "STATE").row("日本語", "a").row("latin", "b");
    assertThat(table)
        .hasToString(
            """
            TEXT    STATE
            日本語  a
            latin   b
            """);
  }

  @Test
  void lineBreaksAndEscapesInAValueCannotSteerTheTerminal() {
    assertThat(new Table("A").row("one\ntwo\u001b[2J").toString()).isEqualTo("A\none two [2J\n");
  }

  @Test
  void cutDoesNotSplitASurrogatePair() {
    assertThat(Text.cut("😀😀😀", 5)).isEqualTo("😀😀…");
  }

  @Test
  void wrongNumberOfCellsIsRefused() {
    assertThatThrownBy(() -> new Table("A", "B").row("one"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
