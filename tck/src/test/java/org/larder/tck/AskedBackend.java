package org.larder.tck;

import static org.larder.tck.QueryFlaw.COUNTS_DELETED_ROWS;
import static org.larder.tck.QueryFlaw.COUNTS_NULLS;
import static org.larder.tck.QueryFlaw.COUNTS_ONLY_WHAT_IS_LEFT;
import static org.larder.tck.QueryFlaw.FINDS_DELETED_ROWS;
import static org.larder.tck.QueryFlaw.FOLDS_CASE;
import static org.larder.tck.QueryFlaw.LEAVES_OUT_THE_GROUP_OF_NULL;
import static org.larder.tck.QueryFlaw.LEAVES_ROWS_OF_EQUAL_ORDER_AS_THEY_COME;
import static org.larder.tck.QueryFlaw.PUTS_NULL_LAST;
import static org.larder.tck.QueryFlaw.READS_WILDCARDS;
import static org.larder.tck.QueryFlaw.REPEATS_THE_ROW_AT_THE_PLACE;
import static org.larder.tck.QueryFlaw.SEES_A_PAGE_BEHIND_THE_LAST;
import static org.larder.tck.QueryFlaw.SKIPS_ROWS_OF_EQUAL_ORDER;
import static org.larder.tck.QueryFlaw.SUMS_IN_DOUBLES;
import static org.larder.tck.QueryFlaw.TAKES_NULL_FOR_DIFFERENT;
import static org.larder.tck.QueryFlaw.TAKES_NULL_FOR_UNKNOWN;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Aggregation.Function;
import org.larder.storage.query.Aggregation.Measure;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Group;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.QueryBackend;

/** A backend that keeps data well and answers questions itself, with at most one flaw in that. */
final class AskedBackend extends MemoryBackend implements QueryBackend {
  private final QueryFlaw flaw;
  private final NavigableMap<String, Row> deleted = new ConcurrentSkipListMap<>();

  AskedBackend(Memory memory, QueryFlaw flaw) {
    super(memory);
    this.flaw = flaw;
  }

  @Override
  protected void delete(CollectionSchema schema, List<String> keys) {
    keys.forEach(
        key -> Optional.ofNullable(rows(schema).get(key)).ifPresent(row -> deleted.put(key, row)));
    super.delete(schema, keys);
  }

  private List<Row> asked(CollectionSchema schema, boolean alsoDeleted) {
    List<Row> rows = new ArrayList<>(rows(schema).values());
    if (alsoDeleted) {
      deleted.values().stream()
          .filter(row -> row.schema().name().equals(schema.name()))
          .filter(row -> !rows(schema).containsKey(row.key()))
          .forEach(rows::add);
    }
    rows.replaceAll(row -> row.under(schema));
    return rows;
  }

  @Override
  public Page query(Query query) {
    List<Row> rows = asked(query.schema(), flaw == FINDS_DELETED_ROWS);
    rows.removeIf(row -> !matches(query.filter(), row));
    int matching = rows.size();
    query.after().ifPresent(place -> rows.removeIf(row -> !isAfter(query.order(), place, row)));
    int total = flaw == COUNTS_ONLY_WHAT_IS_LEFT ? rows.size() : matching;
    rows.sort(comparator(query.order()));
    List<Row> found = rows.stream().skip(query.offset()).limit(query.limit() + 1L).toList();
    Page page =
        Evaluator.page(
            query, found, query.wantsTotal() ? OptionalLong.of(total) : OptionalLong.empty());
    if (flaw == SEES_A_PAGE_BEHIND_THE_LAST && found.size() == query.limit() && !found.isEmpty()) {
      Keyset last = Evaluator.place(query.order(), found.get(found.size() - 1));
      return new Page(page.rows(), page.total(), Optional.of(last));
    }
    return page;
  }

  private boolean isAfter(List<Order> order, Keyset place, Row row) {
    if (flaw == REPEATS_THE_ROW_AT_THE_PLACE && row.key().equals(place.key())) {
      return true;
    }
    if (flaw == SKIPS_ROWS_OF_EQUAL_ORDER
        && !order.isEmpty()
        && Evaluator.place(order, row).values().equals(place.values())) {
      return false;
    }
    return Evaluator.isAfter(order, place, row);
  }

  private Comparator<Row> comparator(List<Order> order) {
    if (flaw != PUTS_NULL_LAST && flaw != LEAVES_ROWS_OF_EQUAL_ORDER_AS_THEY_COME) {
      return Evaluator.comparator(order);
    }
    Comparator<Row> steps = Comparator.comparing(row -> row.schema().name());
    for (Order step : order) {
      Comparator<Row> next =
          (left, right) -> compare(left.value(step.field()), right.value(step.field()));
      steps = steps.thenComparing(step.descending() ? next.reversed() : next);
    }
    return flaw == PUTS_NULL_LAST ? steps.thenComparing(Evaluator.comparator(order)) : steps;
  }

  private int compare(Object left, Object right) {
    boolean nullLast = flaw == PUTS_NULL_LAST && (left == null || right == null);
    return nullLast ? Values.compare(right, left) : Values.compare(left, right);
  }

  private boolean matches(Filter filter, Row row) {
    if (filter instanceof Filter.And and) {
      return and.terms().stream().allMatch(term -> matches(term, row));
    }
    if (filter instanceof Filter.Or or) {
      return or.terms().stream().anyMatch(term -> matches(term, row));
    }
    if (filter instanceof Filter.Not not) {
      boolean unknown =
          flaw == TAKES_NULL_FOR_UNKNOWN
              && not.term() instanceof Filter.Comparison comparison
              && row.value(comparison.field()) == null;
      return !unknown && !matches(not.term(), row);
    }
    return filter instanceof Filter.Comparison comparison
        ? compares(comparison, row)
        : Evaluator.matches(filter, row);
  }

  private boolean compares(Filter.Comparison comparison, Row row) {
    Object value = row.value(comparison.field());
    if (flaw == TAKES_NULL_FOR_DIFFERENT
        && value == null
        && comparison.operator() == Filter.Operator.NE) {
      return true;
    }
    if (value instanceof String text && comparison.operand() instanceof String operand) {
      if (flaw == FOLDS_CASE && comparison.operator() == Filter.Operator.EQ) {
        return text.toLowerCase(Locale.ROOT).equals(operand.toLowerCase(Locale.ROOT));
      }
      if (flaw == READS_WILDCARDS && comparison.operator() == Filter.Operator.PREFIX) {
        return like(operand).matcher(text).lookingAt();
      }
      if (flaw == READS_WILDCARDS && comparison.operator() == Filter.Operator.CONTAINS) {
        return like(operand).matcher(text).find();
      }
    }
    return Evaluator.matches(comparison, row);
  }

  private static Pattern like(String operand) {
    String pattern = Pattern.quote(operand).replace("%", "\\E.*\\Q").replace("_", "\\E.\\Q");
    return Pattern.compile(pattern, Pattern.DOTALL);
  }

  @Override
  public List<Group> aggregate(Aggregation aggregation) {
    Aggregation asked = aggregation;
    if (flaw == COUNTS_NULLS) {
      List<Measure> measures =
          aggregation.measures().stream()
              .map(each -> each.function() == Function.COUNT ? Measure.count() : each)
              .toList();
      asked =
          new Aggregation(
              aggregation.schema(), aggregation.filter(), aggregation.groupBy(), measures);
    }
    Iterator<Row> rows = asked(aggregation.schema(), flaw == COUNTS_DELETED_ROWS).iterator();
    List<Group> groups = Evaluator.aggregate(asked, () -> rows.hasNext() ? rows.next() : null);
    return switch (flaw) {
      case LEAVES_OUT_THE_GROUP_OF_NULL ->
          groups.stream().filter(group -> !group.values().contains(null)).toList();
      case SUMS_IN_DOUBLES -> groups.stream().map(AskedBackend::inDoubles).toList();
      default -> groups;
    };
  }

  private static Group inDoubles(Group group) {
    List<Object> figures = new ArrayList<>(group.figures());
    figures.replaceAll(
        figure -> figure instanceof Long whole ? (Object) (long) whole.doubleValue() : figure);
    return new Group(group.values(), figures);
  }
}
