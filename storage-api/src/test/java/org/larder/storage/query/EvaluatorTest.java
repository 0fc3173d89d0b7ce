package org.larder.storage.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;

class EvaluatorTest {
  private static final CollectionSchema TASKS =
      CollectionSchema.named("tasks", 1)
          .key("id", 36)
          .field(Field.string("status", 20))
          .field(Field.int64("size"))
          .field(Field.of("ratio", FieldType.FLOAT64, 0))
          .field(Field.json("more"))
          .build();

  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<String> statuses = Arbitraries.of("a", "b", "\uffff", "\ud83d\ude00").injectNull(0.3);
    Arbitrary<Long> sizes = Arbitraries.longs().between(-1, 2).injectNull(0.3);
    return Combinators.combine(statuses, sizes)
        .as((status, size) -> new Object[] {status, size})
        .list()
        .ofMaxSize(30)
        .map(
            values -> {
              List<Row> rows = new ArrayList<>();
              for (Object[] each : values) {
                rows.add(row("k" + rows.size() * 7 % 31, each[0], each[1]));
              }
              return rows;
            });
  }

  @Provide
  Arbitrary<List<Order>> orders() {
    return Combinators.combine(Arbitraries.of("id", "status", "size"), Arbitraries.of(true, false))
        .as(Order::new)
        .list()
        .ofMaxSize(3);
  }

  private static Row row(String key, Object status, Object size) {
    try {
      return Row.of(TASKS).set("id", key).set("status", status).set("size", size).build();
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Page ask(Query query, List<Row> rows) {
    Iterator<Row> iterator = rows.iterator();
    return Evaluator.query(query, () -> iterator.hasNext() ? iterator.next() : null);
  }

  /** The order spelled out step by step, the key last and in the direction of the last step. */
  private static List<Row> sorted(List<Row> rows, List<Order> order) {
    List<Order> steps = new ArrayList<>(order);
    steps.add(new Order("id", !order.isEmpty() && order.get(order.size() - 1).descending()));
    Comparator<Row> naive = null;
    for (Order step : steps) {
      Comparator<Row> by = (a, b) -> Values.compare(a.value(step.field()), b.value(step.field()));
      Comparator<Row> directed = step.descending() ? by.reversed() : by;
      naive = naive == null ? directed : naive.thenComparing(directed);
    }
    return rows.stream().sorted(naive).toList();
  }

  @Property(tries = 300)
  void pageIsAStretchOfTheSortedRows(
      @ForAll("rows") List<Row> rows,
      @ForAll("orders") List<Order> order,
      @ForAll @IntRange(max = 8) int offset,
      @ForAll @IntRange(max = 8) int limit) {
    Filter filter = Filter.or(Filter.ge("size", 0L), new Filter.IsNull("status"));
    List<Row> passing = new ArrayList<>();
    for (Row row : rows) {
      Long size = (Long) row.value("size");
      if ((size != null && size >= 0) || row.value("status") == null) {
        passing.add(row);
      }
    }
    Query query =
        Query.of(TASKS)
            .withFilter(filter)
            .withOrder(order)
            .withOffset(offset)
            .withLimit(limit)
            .withTotal();
    Page page = ask(query, rows);
    assertThat(page.total()).hasValue(passing.size());
    assertThat(page.rows())
        .isEqualTo(sorted(passing, order).stream().skip(offset).limit(limit).toList());
  }

  @Property(tries = 300)
  void keysetPagesSkipAndRepeatNothing(
      @ForAll("rows") List<Row> rows,
      @ForAll("orders") List<Order> order,
      @ForAll @IntRange(min = 1, max = 8) int limit) {
    Query query = Query.of(TASKS).withOrder(order).withLimit(limit);
    List<Row> paged = new ArrayList<>();
    Optional<Keyset> next = Optional.empty();
    do {
      Page page = ask(query.after(next.orElse(null)), rows);
      paged.addAll(page.rows());
      next = page.next();
    } while (next.isPresent());
    assertThat(paged).isEqualTo(sorted(rows, order));
  }

  @Property(tries = 300)
  void groupsCountEveryRowOnce(@ForAll("rows") List<Row> rows) {
    Iterator<Row> iterator = rows.iterator();
    List<Group> groups =
        Evaluator.aggregate(
            new Aggregation(
                TASKS,
                Filter.ALL,
                List.of("status"),
                List.of(Aggregation.Measure.count(), Aggregation.Measure.average("size"))),
            () -> iterator.hasNext() ? iterator.next() : null);
    assertThat(groups.stream().mapToLong(group -> group.count(0)).sum()).isEqualTo(rows.size());
    for (Group group : groups) {
      double[] sizes =
          rows.stream()
              .filter(row -> Values.compare(row.value("status"), group.values().get(0)) == 0)
              .filter(row -> row.value("size") != null)
              .mapToDouble(row -> (Long) row.value("size"))
              .toArray();
      Object mean = sizes.length == 0 ? null : Arrays.stream(sizes).average().orElse(0);
      assertThat(group.figures().get(1)).isEqualTo(mean);
    }
  }

  @Test
  void comparisonWithNullIsFalseAndItsNegationTrue() {
    Row row = row("a", null, null);
    Filter filter = Filter.eq("size", 1L);
    assertThat(Evaluator.matches(filter, row)).isFalse();
    assertThat(Evaluator.matches(new Filter.Not(filter), row)).isTrue();
    assertThat(Evaluator.matches(new Filter.Comparison("size", Filter.Operator.NE, 1L), row))
        .isFalse();
  }

  @Test
  void aggregationWithoutGroupsHasOneEvenOverNothing() {
    List<Group> groups = Evaluator.aggregate(Aggregation.count(TASKS, Filter.ALL), () -> null);
    assertThat(groups).containsExactly(new Group(List.of(), List.of(0L)));
  }

  @Test
  void questionThatDoesNotFitTheSchemaIsRefused() {
    refused(Filter.eq("size", "1"));
    refused(Filter.eq("size", new BigDecimal("1")));
    refused(new Filter.Comparison("size", Filter.Operator.PREFIX, 1L));
    refused(new Filter.Comparison("more", Filter.Operator.LT, "{}"));
    refused(Filter.in("status", "a", 1L));
    refused(Filter.and(Filter.or(new Filter.Not(Filter.eq("size", 1.0)))));
    refused(Filter.eq("ratio", Double.NaN));
    refused(Filter.eq("status", "\ud83d"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Queries.check(Query.of(TASKS).withOrder(Order.ascending("more"))));
    assertThatThrownBy(() -> Queries.check(Query.of(TASKS).withFilter(Filter.eq("nothing", 1L))))
        .isInstanceOf(NoSuchElementException.class);
  }

  private static void refused(Filter filter) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Queries.check(Query.of(TASKS).withFilter(filter)));
  }
}
