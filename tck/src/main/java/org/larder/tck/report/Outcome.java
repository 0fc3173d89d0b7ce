package org.larder.tck.report;

/** How a test of the kit ended, the better ones first. */
public enum Outcome {
  /** What the contract asks for is there. */
  PASSED("passed"),
  /** The backend does not declare it, and refused the call: as it should be. */
  REFUSED("refused as declared"),
  /** There is no such thing on such a store; the test or its class says why. */
  NOT_APPLICABLE("does not apply", "do not apply"),
  /** The test class offers nothing to try it with. */
  NOT_TRIED("not tried"),
  /** The contract is broken. */
  FAILED("failed"),
  /** Nobody knows. */
  NOT_RUN("not run");

  private final String words;
  private final String wordsOfSeveral;

  Outcome(String words) {
    this(words, words);
  }

  Outcome(String words, String wordsOfSeveral) {
    this.words = words;
    this.wordsOfSeveral = wordsOfSeveral;
  }

  /** The outcome in words. */
  public String words() {
    return words;
  }

  /** So many tests that ended like this, in words. */
  String words(long count) {
    return count + " " + (count == 1 ? words : wordsOfSeveral);
  }
}
