package org.larder.storage.jdbc;

import java.util.List;

/**
 * A statement that writes rows of one {@link Shape}.
 *
 * @param sql with one parameter for each place of each row
 * @param places what is bound for a row, in the order of the parameters
 * @param rows that it writes at once; at least 1
 */
public record Upsert(String sql, List<Place> places, int rows) {
  public Upsert {
    places = List.copyOf(places);
  }

  /** A statement that writes one row. */
  public Upsert(String sql, List<Place> places) {
    this(sql, places, 1);
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
