package org.larder.storage.model;

/**
 * What happens when a {@link Mutation.Kind#MERGE merge} carries a field that the stored row has
 * already. A field that a merge does not carry is never changed.
 *
 * <p>Each rule is idempotent and, replayed from any earlier mutation over any later state,
 * converges to the same row.
 */
public enum MergeRule {
  /** The carried value wins, null included. */
  REPLACE(1),
  /** The larger value wins; null counts as smaller than anything and so never lowers. */
  MAX(2),
  /** The first value that is not null stays. */
  KEEP(3);

  private final int code;

  MergeRule(int code) {
    this.code = code;
  }

  /** The number that stands for this rule in stored schemas; it never changes. */
  public int code() {
    return code;
  }

  /**
   * The rule with that stored number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MergeRule ofCode(int code) {
    for (MergeRule rule : values()) {
      if (rule.code == code) {
        return rule;
      }
    }
    throw new IllegalArgumentException("Unknown merge rule code " + code);
  }
}
