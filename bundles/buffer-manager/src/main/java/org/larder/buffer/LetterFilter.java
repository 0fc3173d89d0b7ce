package org.larder.buffer;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which dead letters are meant.
 *
 * @param collection only of this collection; empty for all
 * @param key only of the record with this key; empty for all
 * @param sequence only the letter with this place in the journal; empty for all. Letters of a
 *     filling share theirs: then the key says which is meant
 */
public record LetterFilter(
    Optional<String> collection, Optional<String> key, OptionalLong sequence) {
  private static final int NAMED = 10;

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

  /**
   * Makes sure that a sequence stands for the letter of one record.
   *
   * @param letters those of one follower
   * @throws LetterAmbiguousException if several records have letters of that sequence
   */
  public void requireOneRecord(Collection<DeadLetter> letters) {
    if (sequence.isEmpty()) {
      return;
    }
    List<String> records =
        letters.stream()
            .filter(this::matches)
            .map(letter -> letter.row().key() + " of " + letter.row().schema().name())
            .distinct()
            .toList();
    if (records.size() > 1) {
      throw new LetterAmbiguousException(
          "The letters of "
              + records.size()
              + " records have the sequence "
              + sequence.getAsLong()
              + ", and nothing was done; name the key as well, and the collection if need be: "
              + String.join(", ", records.subList(0, Math.min(NAMED, records.size())))
              + (records.size() > NAMED ? ", and others" : ""));
    }
  }
}
