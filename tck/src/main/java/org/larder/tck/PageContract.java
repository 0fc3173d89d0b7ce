package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.put;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/** That pages follow each other without a gap, in the evaluator's order. */
@Area(name = "pages", promise = "Pages follow each other without a gap, in the evaluator's order.")
public interface PageContract extends BackendUnderTest {
  /** Every type that has an order, both ways, mixed, with the key, with nulls and ties. */
  List<List<Order>> ORDERS =
      List.of(
          List.of(),
          List.of(Order.ascending("thing_id")),
          List.of(Order.descending("thing_id")),
          List.of(Order.ascending("kind")),
          List.of(Order.descending("kind")),
          List.of(Order.descending("seen_at")),
          List.of(Order.ascending("seen_at")),
          List.of(Order.descending("hits")),
          List.of(Order.ascending("ratio")),
          List.of(Order.descending("price")),
          List.of(Order.ascending("active")),
          List.of(Order.descending("raw")),
          List.of(Order.ascending("kind"), Order.descending("seen_at")),
          List.of(Order.descending("active"), Order.ascending("hits"), Order.descending("kind")),
          List.of(Order.descending("kind"), Order.ascending("thing_id")),
          List.of(
              Order.ascending("active"), Order.descending("thing_id"), Order.ascending("hits")));

  private List<Row> fill() {
    store().prepare(THINGS);
    store().merge(THINGS, Samples.things(230));
    return store().rows(THINGS);
  }

  private Page expected(Query query, List<Row> rows) {
    Iterator<Row> iterator = rows.iterator();
    return Evaluator.query(query, () -> iterator.hasNext() ? iterator.next() : null);
  }

  private void assertAnswer(Query query, List<Row> rows) {
    Page expected = expected(query, rows);
    Page actual = store().ask(query);
    assertThat(actual.rows()).as("%s", query.order()).isEqualTo(expected.rows());
    assertThat(actual.total()).isEqualTo(expected.total());
    assertThat(actual.next().map(Keyset::key)).isEqualTo(expected.next().map(Keyset::key));
    assertThat(actual.next().map(place -> place.values().size()))
        .isEqualTo(expected.next().map(place -> query.order().size()));
  }

  @Test
  default void everyOrderIsTheEvaluators() {
    List<Row> rows = fill();
    for (List<Order> order : ORDERS) {
      Query query = Query.of(THINGS).withOrder(order).withLimit(1000);
      assertAnswer(query, rows);
    }
  }

  @Test
  default void pagesByKeysetSkipAndRepeatNothing() {
    List<Row> rows = fill();
    for (List<Order> order : ORDERS) {
      Query query = Query.of(THINGS).withOrder(order).withLimit(17).withTotal();
      Page all = expected(query.withLimit(1000), rows);
      List<Row> paged = new ArrayList<>();
      Optional<Keyset> next = Optional.empty();
      do {
        Page page = store().ask(query.after(next.orElse(null)));
        assertThat(page.total()).as("%s", order).hasValue(rows.size());
        paged.addAll(page.rows());
        next = page.next();
        assertThat(paged.size()).isLessThanOrEqualTo(rows.size());
      } while (next.isPresent());
      assertThat(paged).as("%s", order).isEqualTo(all.rows());
    }
  }

  @Test
  default void pagesByOffsetAreTheEvaluators() {
    List<Row> rows = fill();
    Query query = Query.of(THINGS).withOrder(Order.descending("seen_at")).withLimit(20).withTotal();
    for (int offset : new int[] {0, 1, 19, 200, 220, 230, 999}) {
      Query page = query.withOffset(offset);
      assertAnswer(page, rows);
      Keyset place = Evaluator.place(query.order(), rows.get(40));
      Query behind = page.after(place);
      assertAnswer(behind, rows);
    }
  }

  @Test
  default void placeOfARowThatIsGoneIsStillGood() {
    List<Row> rows = fill();
    for (List<Order> order : ORDERS) {
      Row gone = Samples.row(THINGS, "7777-gone", "hits", 1L, "active", true, "kind", "b");
      Query query =
          Query.of(THINGS).withOrder(order).withLimit(25).after(Evaluator.place(order, gone));
      assertAnswer(query, rows);
    }
  }

  @Test
  default void filteredPagesAreTheEvaluators() {
    List<Row> rows = fill();
    Filter filter = Filter.and(Filter.ge("hits", 0L), new Filter.Not(Filter.eq("active", true)));
    for (List<Order> order : ORDERS) {
      Query query = Query.of(THINGS).withFilter(filter).withOrder(order).withLimit(9).withTotal();
      Page first = store().ask(query);
      assertAnswer(query, rows);
      Query second = query.after(first.next().orElseThrow());
      assertAnswer(second, rows);
    }
  }

  @Test
  default void limitOfZeroAsksForTheTotalAlone() {
    fill();
    Page page = store().ask(Query.of(THINGS).withLimit(0).withTotal());
    assertThat(page.rows()).isEmpty();
    assertThat(page.total()).hasValue(230);
    assertThat(page.next()).isEmpty();
  }

  @Test
  default void pageThatEndsTheCollectionHasNoNext() {
    fill();
    assertThat(store().ask(Query.of(THINGS).withLimit(230)).next()).isEmpty();
    assertThat(store().ask(Query.of(THINGS).withLimit(229)).next()).isPresent();
    assertThat(store().ask(Query.of(THINGS).withLimit(229)).total()).isEmpty();
  }

  @Test
  default void writesBetweenPagesHideAndRepeatNothing() {
    List<Row> before = fill();
    Set<String> touched = new HashSet<>();
    Query query = Query.of(THINGS).withOrder(Order.descending("seen_at")).withLimit(10);
    List<String> seen = new ArrayList<>();
    Optional<Keyset> next = Optional.empty();
    int round = 0;
    do {
      Page page = store().ask(query.after(next.orElse(null)));
      page.rows().forEach(row -> seen.add(row.key()));
      next = page.next();
      String victim = before.get(round * 7 % before.size()).key();
      touched.add(victim);
      store()
          .write(
              THINGS,
              delete(THINGS, store().position(), victim),
              put(THINGS, store().position() + 1, "new" + round, "seen_at", Samples.micros(9)),
              put(THINGS, store().position() + 2, "zew" + round));
      round++;
      assertThat(round).as("pages").isLessThanOrEqualTo(before.size());
    } while (next.isPresent());
    assertThat(seen).doesNotHaveDuplicates();
    for (Row row : before) {
      if (!touched.contains(row.key())) {
        assertThat(seen).contains(row.key());
      }
    }
  }
}
