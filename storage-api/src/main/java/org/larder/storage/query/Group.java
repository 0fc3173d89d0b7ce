package org.larder.storage.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One group's figures.
 *
 * @param values of the fields grouped by, in their order; null for null
 * @param figures one for each measure, in their order; null where there was no value
 */
public record Group(List<Object> values, List<Object> figures) {
  public Group {
    values = Collections.unmodifiableList(new ArrayList<>(values));
    figures = Collections.unmodifiableList(new ArrayList<>(figures));
  }

  /**
   * A figure that is a count.
   *
   * @param measure its place among the measures
   */
  public long count(int measure) {
    return (Long) figures.get(measure);
  }
}
