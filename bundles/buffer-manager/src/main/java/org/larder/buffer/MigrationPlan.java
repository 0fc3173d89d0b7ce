package org.larder.buffer;

import java.util.List;

/**
 * What a migration would do.
 *
 * @param request what was asked
 * @param route the route as it is now
 * @param parts one for each collection
 * @param targetKind what sort of store the target is
 * @param cutOver true if the target becomes the primary; else it stays a mirror
 * @param lacks what the source can do and the target cannot, a sentence each
 */
public record MigrationPlan(
    MigrationRequest request,
    Route route,
    List<Part> parts,
    String targetKind,
    boolean cutOver,
    List<String> lacks) {
  public MigrationPlan {
    parts = List.copyOf(parts);
    lacks = List.copyOf(lacks);
  }

  /**
   * How much there is of one collection.
   *
   * @param collection its name
   * @param records how many the source holds
   * @param bytes what they take in the journal's encoding, estimated from the first ones
   */
  public record Part(String collection, long records, long bytes) {}

  /** Records of all collections. */
  public long records() {
    return parts.stream().mapToLong(Part::records).sum();
  }

  /** Bytes of all collections, estimated. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }
}
