package org.larder.buffer;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which dead letters are meant.
 *
 * @param collection only of this collection; empty for all
 * @param key only of the record with this key; empty for all
 * @param sequence only the letter with this place in the journal; empty for all
 */
public record LetterFilter(
    Optional<String> collection, Optional<String> key, OptionalLong sequence) {
  /** All letters. */
  public static final LetterFilter ALL =
      new LetterFilter(Optional.empty(), Optional.empty(), OptionalLong.empty());

  public LetterFilter {
    Objects.requireNonNull(collection, "collection");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(sequence, "sequence");
  }

  /** The letters of the records with this key, of whatever collection. */
  public static LetterFilter ofKey(String key) {
    return new LetterFilter(Optional.empty(), Optional.of(key), OptionalLong.empty());
  }

  /** The letter at this place of the journal. */
  public static LetterFilter ofSequence(long sequence) {
    return new LetterFilter(Optional.empty(), Optional.empty(), OptionalLong.of(sequence));
  }

  /** True if this letter is meant. */
  public boolean matches(DeadLetter letter) {
    return collection.map(letter.row().schema().name()::equals).orElse(true)
        && key.map(letter.row().key()::equals).orElse(true)
        && (sequence.isEmpty() || sequence.getAsLong() == letter.sequence());
  }
}
