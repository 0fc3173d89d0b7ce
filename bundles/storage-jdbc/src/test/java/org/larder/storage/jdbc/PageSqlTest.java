package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

class PageSqlTest {
  private static final Query CELLS = Query.of(Cells.SCHEMA);
  private static final Filter DONE = Filter.or(Filter.eq("done", true), new Filter.IsNull("done"));

  private static List<Bound> pages(Query query, long limit, long offset) {
    return new PageSql(PlainDialect.make(), query)
        .stretches(limit, offset).stream().map(Bound::of).toList();
  }

  private static Query after(Query query, Object... values) {
    return query.after(new Keyset(Arrays.asList(values), "k"));
  }

  /** What follows the name of the table, and what is bound. */
  private static void assertPages(List<Bound> pages, Object... expected) {
    assertThat(pages).hasSize(expected.length / 2);
    for (int i = 0; i < pages.size(); i++) {
      assertThat(pages.get(i).behind(" FROM [order]")).isEqualTo(expected[2 * i]);
      assertThat(pages.get(i).values()).as("values of %d", i).isEqualTo(expected[2 * i + 1]);
    }
  }

  @Test
  void everyColumnIsQuoted() {
    assertThat(pages(CELLS, 5, 0).get(0).sql())
        .startsWith(
            "SELECT [select], [group], [body], [row], [weight], [price], [done], [at], [_version]"
                + " FROM [order] ORDER BY");
  }

  @Test
  void firstPageEndsInTheKey() {
    assertPages(pages(CELLS, 5, 0), " ORDER BY [select] LIMIT ?", List.of(5L));
    assertPages(
        pages(CELLS.withOrder(Order.descending("row")), 5, 9),
        " ORDER BY [row] DESC, [select] DESC LIMIT ? OFFSET ?",
        List.of(5L, 9L));
    assertPages(
        pages(CELLS.withOrder(Order.descending("group"), Order.ascending("row")), 5, 0),
        " ORDER BY [group] DESC, [row], [select] LIMIT ?",
        List.of(5L));
  }

  @Test
  void orderByTheKeyNamesItOnce() {
    assertPages(
        pages(CELLS.withOrder(Order.descending("select")), 5, 0),
        " ORDER BY [select] DESC LIMIT ?",
        List.of(5L));
  }

  @Test
  void filterIsBracketedBeforeThePlace() {
    assertPages(
        pages(after(CELLS.withFilter(DONE)), 5, 0),
        " WHERE (([done] = ?) OR ([done] IS NULL)) AND [select] > ? ORDER BY [select] LIMIT ?",
        List.of(1L, "k", 5L));
  }

  @Test
  void behindAPlaceWhenAscendingComeTiesThenGreaterValues() {
    assertPages(
        pages(after(CELLS.withOrder(Order.ascending("row")), 7L), 5, 0),
        " WHERE [row] IS ? AND [select] > ? ORDER BY [select] LIMIT ?",
        List.of(7L, "k", 5L),
        " WHERE [row] > ? ORDER BY [row], [select] LIMIT ?",
        List.of(7L, 5L));
  }

  @Test
  void behindAPlaceWhenDescendingComeTheNullsLast() {
    assertPages(
        pages(after(CELLS.withOrder(Order.descending("row")), 7L), 5, 0),
        " WHERE [row] IS ? AND [select] < ? ORDER BY [select] DESC LIMIT ?",
        List.of(7L, "k", 5L),
        " WHERE [row] < ? ORDER BY [row] DESC, [select] DESC LIMIT ?",
        List.of(7L, 5L),
        " WHERE [row] IS NULL ORDER BY [row] DESC, [select] DESC LIMIT ?",
        List.of(5L));
  }

  @Test
  void behindANullComeAllValuesWhenAscendingAndNothingWhenDescending() {
    assertPages(
        pages(after(CELLS.withOrder(Order.ascending("row")), (Object) null), 5, 0),
        " WHERE [row] IS ? AND [select] > ? ORDER BY [select] LIMIT ?",
        List.of("NULL", "k", 5L),
        " WHERE [row] IS NOT NULL ORDER BY [row], [select] LIMIT ?",
        List.of(5L));
    assertPages(
        pages(after(CELLS.withOrder(Order.descending("row")), (Object) null), 5, 0),
        " WHERE [row] IS ? AND [select] < ? ORDER BY [select] DESC LIMIT ?",
        List.of("NULL", "k", 5L));
  }

  @Test
  void eachStepOfTheOrderAddsAStretch() {
    Query query = CELLS.withOrder(Order.ascending("group"), Order.ascending("row"));
    assertPages(
        pages(after(query, "g", 7L), 5, 0),
        " WHERE [group] IS ? AND [row] IS ? AND [select] > ? ORDER BY [select] LIMIT ?",
        List.of("g", 7L, "k", 5L),
        " WHERE [group] IS ? AND [row] > ? ORDER BY [row], [select] LIMIT ?",
        List.of("g", 7L, 5L),
        " WHERE [group] > ? ORDER BY [group], [row], [select] LIMIT ?",
        List.of("g", 5L));
  }

  @Test
  void countNeitherOrdersNorLimits() {
    Query query = CELLS.withFilter(DONE).withOrder(Order.ascending("row"));
    Bound bound = Bound.of(new PageSql(PlainDialect.make(), query).count());
    assertThat(bound.sql())
        .isEqualTo("SELECT COUNT(*) FROM [order] WHERE (([done] = ?) OR ([done] IS NULL))");
    assertThat(bound.values()).containsExactly(1L);
  }
}
