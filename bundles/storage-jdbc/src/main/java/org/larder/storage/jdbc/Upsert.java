package org.larder.storage.jdbc;

import java.util.List;

/**
 * A statement that writes rows of one {@link Shape}.
 *
 * @param sql with one parameter for each place, and one more for the version
 * @param places what is bound, in the order of the parameters
 */
public record Upsert(String sql, List<Place> places) {
  public Upsert {
    places = List.copyOf(places);
  }

  /**
   * What is bound to a parameter.
   *
   * @param ordinal the field
   * @param always true for the field's default whatever the row says; false for what the row says,
   *     or the default where it says nothing
   */
  public record Place(int ordinal, boolean always) {}
}
