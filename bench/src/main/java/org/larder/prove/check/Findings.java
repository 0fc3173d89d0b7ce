package org.larder.prove.check;

import java.util.List;

/**
 * What a comparison found, in tasks.
 *
 * @param acknowledged must be there, by what was acknowledged
 * @param found of these are there
 * @param lost of these are not there
 * @param doubled are there more than once, or were counted otherwise than listed
 * @param altered differ in a field from what was acknowledged, or are there though deleted
 * @param resurrected of these are there though their deletion was acknowledged
 * @param unacknowledgedPresent are there, were sent, but never acknowledged: allowed
 * @param laterVersions show a version that was sent but never acknowledged: allowed
 * @param torn belong to requests of which only a part was kept
 * @param foreign are there, but nobody sent them
 * @param examples of what is wrong, for a person
 */
public record Findings(
    long acknowledged,
    long found,
    long lost,
    long doubled,
    long altered,
    long resurrected,
    long unacknowledgedPresent,
    long laterVersions,
    long torn,
    long foreign,
    List<String> examples) {

  /** Copies the list. */
  public Findings {
    examples = List.copyOf(examples);
  }

  /** Whether all that was acknowledged is there, once and as it was, and nothing else. */
  public boolean isFlawless() {
    return lost == 0 && doubled == 0 && altered == 0 && torn == 0 && foreign == 0;
  }

  /** The line that says it all. */
  @Override
  public String toString() {
    return "acknowledged %d · found %d · lost %d · doubled %d · altered %d · unacknowledged present %d"
        .formatted(acknowledged, found, lost, doubled, altered, unacknowledgedPresent);
  }
}
