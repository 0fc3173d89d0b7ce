package org.larder.storage.model;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A secondary index that a backend should keep if it can.
 *
 * @param fields the fields in the order in which the index sorts; at least one
 * @param include fields that the index carries besides, so that common aggregates need not visit
 *     the rows; possibly empty
 */
public record Index(List<String> fields, List<String> include) {
  public Index {
    fields = List.copyOf(fields);
    include = List.copyOf(include);
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("An index needs at least one field");
    }
    if (Stream.concat(fields.stream(), include.stream()).distinct().count()
        != fields.size() + include.size()) {
      throw new IllegalArgumentException("An index names a field twice: " + fields + include);
    }
  }

  /** An index over the given fields that carries nothing besides. */
  public static Index on(String... fields) {
    return new Index(List.of(fields), List.of());
  }

  /** This index, carrying the given fields besides. */
  public Index including(String... more) {
    return new Index(fields, List.of(more));
  }

  /** A name made of the fields, unique within the collection: {@code status_created_at}. */
  public String name() {
    return Stream.concat(fields.stream(), include.stream()).collect(Collectors.joining("_"));
  }
}
