package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.WriteResult;

/** Letters that are offered once more are told apart by more than their sequences. */
class SecondChanceTest {
  private final SettableClock clock = new SettableClock("2026-05-01T10:00:00Z");

  private DeadLetter letter(String key) {
    return new DeadLetter(
        "copy", 7, Mutation.Kind.PUT, Notes.note(key, 1), "TOO_LONG", "before", clock.instant());
  }

  @Test
  void lettersOfAFillingThatShareASequenceAreAllRefusedAgain() {
    SecondChance chance = new SecondChance(Map.of(50L, letter("a"), 51L, letter("b")), clock);
    WriteResult.Refused again = new WriteResult.Refused("notes", 0, "TOO_LONG", "again");
    chance.refused(
        List.of(
            new Mutation(Mutation.Kind.PUT, Notes.note("a", 1), 50),
            new Mutation(Mutation.Kind.PUT, Notes.note("b", 1), 51)),
        again);
    assertThat(chance.refused())
        .extracting(letter -> letter.row().key() + ' ' + letter.sequence() + ' ' + letter.reason())
        .containsExactly("a 7 again", "b 7 again");
  }
}
