package org.larder.storage.jdbc;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.larder.storage.model.Index;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Filter.Comparison;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

/**
 * Finds the index of which a query's rows are one range, in the query's order: what has to be equal
 * comes first, then the fields of the order, of which the first may be bounded. No other index
 * serves such a query better, whatever values there are. For one query.
 */
final class FittingIndex {
  private final Set<String> equal = new HashSet<>();
  private final Set<String> bounded = new HashSet<>();
  private boolean simple = true;

  private FittingIndex(Filter filter) {
    look(filter);
  }

  /** The index, if the schema has it; empty also for what is ordered by the key alone. */
  static Optional<Index> of(Query query) {
    FittingIndex wanted = new FittingIndex(query.filter());
    if (!wanted.simple || query.order().isEmpty()) {
      return Optional.empty();
    }
    boolean descending = query.order().get(0).descending();
    List<String> ordered = query.order().stream().map(Order::field).toList();
    boolean oneDirection =
        query.order().stream().allMatch(order -> order.descending() == descending);
    boolean inOrder = Set.of(ordered.get(0)).containsAll(wanted.bounded);
    return query.schema().indexes().stream()
        .filter(index -> oneDirection && inOrder && wanted.fits(index.fields(), ordered))
        .findFirst();
  }

  /** The key comes behind an index's fields and behind the order's. */
  private boolean fits(List<String> fields, List<String> ordered) {
    int border = equal.size();
    return fields.size() == border + ordered.size()
        && Set.copyOf(fields.subList(0, border)).equals(equal)
        && fields.subList(border, fields.size()).equals(ordered);
  }

  private void look(Filter filter) {
    if (filter instanceof Filter.And and) {
      and.terms().forEach(this::look);
    } else if (filter instanceof Comparison comparison) {
      switch (comparison.operator()) {
        case EQ -> equal.add(comparison.field());
        case LT, LE, GT, GE -> bounded.add(comparison.field());
        default -> simple = false;
      }
    } else {
      simple = false;
    }
  }
}
