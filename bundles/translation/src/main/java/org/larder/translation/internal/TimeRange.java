package org.larder.translation.internal;

import java.util.List;
import org.larder.rest.QueryParameters;
import org.larder.storage.query.Filter;

/** The range of creation times that every list takes: both ends inclusive. */
final class TimeRange {
  private TimeRange() {}

  static void add(QueryParameters parameters, List<Filter> terms) {
    parameters.from("from_date").ifPresent(from -> terms.add(Filter.ge("created_at", from)));
    parameters.to("to_date").ifPresent(to -> terms.add(Filter.le("created_at", to)));
  }
}
