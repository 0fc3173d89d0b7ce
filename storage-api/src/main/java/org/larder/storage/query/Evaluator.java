package org.larder.storage.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;

/**
 * Answers questions over rows that come one by one, in memory bounded by the page or by the number
 * of groups. What a backend pushes down has to give the same answers. Stateless and free for any
 * thread.
 */
public final class Evaluator {
  private Evaluator() {}

  /** Where rows come from, one by one; not for several threads. */
  @FunctionalInterface
  public interface Source {
    /** The next row, or null behind the last. */
    Row next();
  }

  /** True if the row passes the filter. */
  public static boolean matches(Filter filter, Row row) {
    if (filter instanceof Filter.And and) {
      return and.terms().stream().allMatch(term -> matches(term, row));
    }
    if (filter instanceof Filter.Or or) {
      return or.terms().stream().anyMatch(term -> matches(term, row));
    }
    if (filter instanceof Filter.Not not) {
      return !matches(not.term(), row);
    }
    if (filter instanceof Filter.IsNull isNull) {
      return row.value(isNull.field()) == null;
    }
    if (filter instanceof Filter.In in) {
      Object value = row.value(in.field());
      return value != null
          && in.operands().stream().anyMatch(operand -> Values.compare(value, operand) == 0);
    }
    Filter.Comparison comparison = (Filter.Comparison) filter;
    Object value = row.value(comparison.field());
    return value != null && compares(comparison.operator(), value, comparison.operand());
  }

  private static boolean compares(Filter.Operator operator, Object value, Object operand) {
    return switch (operator) {
      case EQ -> Values.compare(value, operand) == 0;
      case NE -> Values.compare(value, operand) != 0;
      case LT -> Values.compare(value, operand) < 0;
      case LE -> Values.compare(value, operand) <= 0;
      case GT -> Values.compare(value, operand) > 0;
      case GE -> Values.compare(value, operand) >= 0;
      case PREFIX -> ((String) value).startsWith((String) operand);
      case CONTAINS -> ((String) value).contains((String) operand);
    };
  }

  /** Compares rows in the given order, then by key in the direction of the last step. */
  public static Comparator<Row> comparator(List<Order> order) {
    return (left, right) -> {
      for (Order step : order) {
        int result = Values.compare(left.value(step.field()), right.value(step.field()));
        if (result != 0) {
          return step.descending() ? -result : result;
        }
      }
      return keyDescends(order) ? right.compareKey(left) : left.compareKey(right);
    };
  }

  /** The place of a row in the given order. */
  public static Keyset place(List<Order> order, Row row) {
    return new Keyset(
        order.stream().map(step -> row.value(step.field())).collect(Collectors.toList()),
        row.key());
  }

  /** True if the row comes behind the place in the given order. */
  public static boolean isAfter(List<Order> order, Keyset place, Row row) {
    for (int i = 0; i < order.size(); i++) {
      int result = Values.compare(row.value(order.get(i).field()), place.values().get(i));
      if (result != 0) {
        return order.get(i).descending() ? result < 0 : result > 0;
      }
    }
    int result = Values.compareText(row.key(), place.key());
    return keyDescends(order) ? result < 0 : result > 0;
  }

  private static boolean keyDescends(List<Order> order) {
    return !order.isEmpty() && order.get(order.size() - 1).descending();
  }

  /** The page that answers the query over these rows, in whatever order they come. */
  public static Page query(Query query, Source source) {
    Comparator<Row> comparator = comparator(query.order());
    // One row more than the page needs shows whether there is a next page.
    long wanted = query.offset() + query.limit() + 1L;
    PriorityQueue<Row> best = new PriorityQueue<>(comparator.reversed());
    long total = 0;
    for (Row row = source.next(); row != null; row = source.next()) {
      if (!matches(query.filter(), row)) {
        continue;
      }
      total++;
      if (query.after().isPresent() && !isAfter(query.order(), query.after().get(), row)) {
        continue;
      }
      best.add(row);
      if (best.size() > wanted) {
        best.remove();
      }
    }
    List<Row> rows =
        best.stream().sorted(comparator).skip(query.offset()).collect(Collectors.toList());
    return page(query, rows, query.wantsTotal() ? OptionalLong.of(total) : OptionalLong.empty());
  }

  /**
   * A page out of the rows that a backend found when it looked for one more than the limit.
   *
   * @param found at most limit + 1 rows in the query's order
   */
  public static Page page(Query query, List<Row> found, OptionalLong total) {
    boolean more = found.size() > query.limit();
    List<Row> rows = more ? found.subList(0, query.limit()) : found;
    Optional<Keyset> next =
        more && !rows.isEmpty()
            ? Optional.of(place(query.order(), rows.get(rows.size() - 1)))
            : Optional.empty();
    return new Page(rows, total, next);
  }

  /** The groups that answer the aggregation over these rows. */
  public static List<Group> aggregate(Aggregation aggregation, Source source) {
    TreeMap<List<Object>, List<Figure>> groups = new TreeMap<>(Evaluator::compareGroups);
    if (aggregation.groupBy().isEmpty()) {
      groups.put(List.of(), figures(aggregation));
    }
    for (Row row = source.next(); row != null; row = source.next()) {
      if (matches(aggregation.filter(), row)) {
        Row current = row;
        List<Object> values =
            aggregation.groupBy().stream().map(current::value).collect(Collectors.toList());
        groups
            .computeIfAbsent(values, any -> figures(aggregation))
            .forEach(figure -> figure.add(current));
      }
    }
    List<Group> answer = new ArrayList<>();
    groups.forEach(
        (values, figures) ->
            answer.add(
                new Group(
                    values, figures.stream().map(Figure::result).collect(Collectors.toList()))));
    return answer;
  }

  private static List<Figure> figures(Aggregation aggregation) {
    return aggregation.measures().stream().map(Figure::new).collect(Collectors.toList());
  }

  private static int compareGroups(List<Object> left, List<Object> right) {
    for (int i = 0; i < left.size(); i++) {
      int result = Values.compare(left.get(i), right.get(i));
      if (result != 0) {
        return result;
      }
    }
    return Objects.compare(left.size(), right.size(), Comparator.naturalOrder());
  }
}
