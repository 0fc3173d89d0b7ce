package org.larder.storage.query;

import java.util.List;
import java.util.Objects;
import org.larder.storage.model.CollectionSchema;

/**
 * A question for figures over groups of rows. Groups come in the order of their values; without
 * grouping there is exactly one group, even over no rows.
 *
 * @param schema the collection
 * @param filter which rows
 * @param groupBy fields of ordered types; possibly none
 * @param measures at least one
 */
public record Aggregation(
    CollectionSchema schema, Filter filter, List<String> groupBy, List<Measure> measures) {
  public Aggregation {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(filter, "filter");
    groupBy = List.copyOf(groupBy);
    measures = List.copyOf(measures);
    if (measures.isEmpty()) {
      throw new IllegalArgumentException("An aggregation needs a measure");
    }
  }

  /** How many rows pass the filter. */
  public static Aggregation count(CollectionSchema schema, Filter filter) {
    return new Aggregation(schema, filter, List.of(), List.of(Measure.count()));
  }

  /** What is computed from the values of a group that are not null. */
  public enum Function {
    /** Rows, or with a field: rows in which it has a value. A {@link Long}. */
    COUNT,
    /** Sum; null without values. A {@link Long}, {@link Double} or BigDecimal as the field is. */
    SUM,
    /** Arithmetic mean, null without values; instants by their microseconds. A {@link Double}. */
    AVG,
    /** Least value, null without values. As the field is. */
    MIN,
    /** Greatest value, null without values. As the field is. */
    MAX
  }

  /**
   * One figure.
   *
   * @param function what is computed
   * @param field from which field; null with {@link Function#COUNT} counts rows
   */
  public record Measure(Function function, String field) {
    public Measure {
      Objects.requireNonNull(function, "function");
      if (field == null && function != Function.COUNT) {
        throw new IllegalArgumentException(function + " needs a field");
      }
    }

    /** Counts rows. */
    public static Measure count() {
      return new Measure(Function.COUNT, null);
    }

    /** The mean of a field. */
    public static Measure average(String field) {
      return new Measure(Function.AVG, field);
    }
  }
}
