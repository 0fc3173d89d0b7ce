package org.larder.storage.model;

/**
 * One effect on one record, as the journal carries it and a backend applies it. Immutable.
 *
 * @param kind what happens
 * @param row what it happens with; always has the key. A delete has nothing else
 * @param sequence the item's place in the journal, 0 or more; becomes the stored row's version
 */
public record Mutation(Kind kind, Row row, long sequence) {

  /** The effects there are. Replaying any run of them over any later state converges. */
  public enum Kind {
    /** The row takes the place of whatever is stored; absent fields get their default or null. */
    PUT(1),
    /**
     * The fields carried change the stored row by their {@link MergeRule}s; without a stored row
     * they make a new one, in which absent fields get their default or null.
     */
    MERGE(2),
    /** A new row like that of {@link #PUT}, if the key is not stored yet; else nothing. */
    INSERT(3),
    /** The key is stored no more. */
    DELETE(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number that stands for this kind in the journal; it never changes. */
    public int code() {
      return code;
    }

    /**
     * The kind with that number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind ofCode(int code) {
      return switch (code) {
        case 1 -> PUT;
        case 2 -> MERGE;
        case 3 -> INSERT;
        case 4 -> DELETE;
        default -> throw new IllegalArgumentException("Unknown mutation code " + code);
      };
    }
  }

  /** The key. */
  public String key() {
    return row.key();
  }

  /** The collection. */
  public String collection() {
    return row.schema().name();
  }
}
