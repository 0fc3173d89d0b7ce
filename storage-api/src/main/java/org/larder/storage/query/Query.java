package org.larder.storage.query;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;

/**
 * A question for one page of rows. Immutable: the methods that begin with {@code with} return a
 * changed copy.
 *
 * <p>Rows of equal order follow each other by key, in the direction of the order's last step (so
 * that an index can be read either way), ascending without steps. So every order is total, and
 * pages by {@link Keyset} neither skip nor repeat a row that was there all along.
 */
public final class Query {
  private final CollectionSchema schema;
  private Filter filter = Filter.ALL;
  private List<Order> order = List.of();
  private int limit = 100;
  private long offset;
  private Keyset after;
  private boolean total;

  private Query(CollectionSchema schema) {
    this.schema = Objects.requireNonNull(schema, "schema");
  }

  private Query(Query other) {
    this(other.schema);
    filter = other.filter;
    order = other.order;
    limit = other.limit;
    offset = other.offset;
    after = other.after;
    total = other.total;
  }

  /** The first 100 rows of a collection by key. */
  public static Query of(CollectionSchema schema) {
    return new Query(schema);
  }

  /** Only rows that pass. */
  public Query withFilter(Filter wanted) {
    Query copy = new Query(this);
    copy.filter = Objects.requireNonNull(wanted, "filter");
    return copy;
  }

  /** In this order, then by key in the direction of the last step. */
  public Query withOrder(Order... steps) {
    return withOrder(List.of(steps));
  }

  /** In this order, then by key in the direction of the last step. */
  public Query withOrder(List<Order> steps) {
    Query copy = new Query(this);
    copy.order = List.copyOf(steps);
    return copy;
  }

  /** At most so many rows; 0 asks for the total alone. */
  public Query withLimit(int rows) {
    if (rows < 0) {
      throw new IllegalArgumentException("A limit is not negative: " + rows);
    }
    Query copy = new Query(this);
    copy.limit = rows;
    return copy;
  }

  /** Without the first so many rows. */
  public Query withOffset(long rows) {
    if (rows < 0) {
      throw new IllegalArgumentException("An offset is not negative: " + rows);
    }
    Query copy = new Query(this);
    copy.offset = rows;
    return copy;
  }

  /** Only rows behind that place of the same order. */
  public Query after(Keyset place) {
    if (place != null && place.values().size() != order.size()) {
      throw new IllegalArgumentException("The place is of another order");
    }
    Query copy = new Query(this);
    copy.after = place;
    return copy;
  }

  /** With the number of all rows that pass the filter, whatever the page. */
  public Query withTotal() {
    Query copy = new Query(this);
    copy.total = true;
    return copy;
  }

  /** The collection asked. */
  public CollectionSchema schema() {
    return schema;
  }

  /** Which rows; {@link Filter#ALL} unless said. */
  public Filter filter() {
    return filter;
  }

  /** In which order; by key alone if empty. */
  public List<Order> order() {
    return order;
  }

  /** At most how many rows. */
  public int limit() {
    return limit;
  }

  /** How many rows to pass over. */
  public long offset() {
    return offset;
  }

  /** Behind which place. */
  public Optional<Keyset> after() {
    return Optional.ofNullable(after);
  }

  /** True if the number of all rows that pass the filter is wanted. */
  public boolean wantsTotal() {
    return total;
  }
}
