package org.larder.storage.jdbc;

import java.util.List;

/**
 * A statement that writes rows of one {@link Shape}.
 *
 * @param sql with one parameter for each place of each row
 * @param places what is bound for a row, in the order of the parameters
 */
public record Upsert(String sql, List<Place> places) {
  public Upsert {
    places = List.copyOf(places);
  }

  /**
   * What is bound to a parameter.
   *
   * @param ordinal the field; of no meaning for a version
   */
  public record Place(int ordinal, Source source) {
    /** The row's version. */
    public static final Place VERSION = new Place(-1, Source.VERSION);
  }

  /** Where the value of a parameter comes from. */
  public enum Source {
    /** What the row says, or the default where it says nothing. */
    CARRIED,
    /** What a new row begins with: as {@link #CARRIED}, and never below the default. */
    CREATED,
    /** The mutation's sequence. */
    VERSION
  }
}
