package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Filter.Comparison;
import org.larder.storage.query.Filter.Operator;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

/** A database is told of an index only where no other can serve the query better. */
class FittingIndexTest {
  private static final CollectionSchema JOBS =
      CollectionSchema.named("jobs", 1)
          .key("id", 36)
          .field(Field.string("owner", 20))
          .field(Field.string("status", 20))
          .field(Field.int64("weight"))
          .field(Field.int64("at"))
          .index(Index.on("at"))
          .index(Index.on("status", "at").including("weight"))
          .index(Index.on("owner", "status", "weight", "at"))
          .build();

  private static final Filter DONE = Filter.eq("status", "done");
  private static final Filter OWN = Filter.eq("owner", "me");
  private static final Filter LATE = Filter.ge("at", 7L);

  private static String beginning(Query query) {
    return new PageSql(PlainDialect.make(), query).stretches(5, 0).get(0).toString();
  }

  private static void assertTold(String index, Filter filter, Order... order) {
    assertThat(beginning(Query.of(JOBS).withFilter(filter).withOrder(order)))
        .startsWith("SELECT <" + index + "> [id]");
  }

  private static void assertNotTold(Filter filter, Order... order) {
    assertThat(beginning(Query.of(JOBS).withFilter(filter).withOrder(order)))
        .startsWith("SELECT [id]");
  }

  @Test
  void equalFieldsAndThenTheOrderAreOneRange() {
    Order newest = Order.descending("at");
    assertTold("[at]", Filter.ALL, newest);
    assertTold("[at]", LATE, newest);
    assertTold("[status, at]", DONE, newest);
    assertTold("[status, at]", Filter.and(DONE, LATE, Filter.le("at", 9L)), newest);
    assertTold("[status, at]", Filter.and(Filter.and(DONE), LATE), Order.ascending("at"));
    assertTold(
        "[owner, status, weight, at]",
        Filter.and(DONE, OWN),
        Order.ascending("weight"),
        Order.ascending("at"));
    assertThat(
            new PageSql(
                    PlainDialect.make(),
                    Query.of(JOBS)
                        .withFilter(DONE)
                        .withOrder(newest)
                        .after(new Keyset(List.of(8L), "k")))
                .stretches(5, 0))
        .allSatisfy(sql -> assertThat(sql.toString()).startsWith("SELECT <[status, at]> [id]"));
  }

  @Test
  void anythingElseIsLeftToTheDatabase() {
    Order newest = Order.descending("at");
    assertNotTold(DONE);
    assertNotTold(Filter.and(DONE, OWN), newest);
    assertNotTold(Filter.and(DONE, Filter.ge("weight", 7L)), newest);
    assertNotTold(Filter.or(DONE, LATE), newest);
    assertNotTold(Filter.in("status", "done", "failed"), newest);
    assertNotTold(new Comparison("status", Operator.PREFIX, "d"), newest);
    assertNotTold(DONE, Order.descending("weight"));
    assertNotTold(Filter.and(DONE, OWN), Order.ascending("weight"), Order.descending("at"));
  }
}
