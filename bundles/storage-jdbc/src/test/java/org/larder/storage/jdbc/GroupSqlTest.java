package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Aggregation.Function;
import org.larder.storage.query.Aggregation.Measure;
import org.larder.storage.query.Filter;

class GroupSqlTest {
  private static Bound sql(boolean wide, Filter filter, List<String> by, Measure... measures) {
    Aggregation aggregation = new Aggregation(Cells.SCHEMA, filter, by, List.of(measures));
    return Bound.of(new GroupSql(PlainDialect.make(), aggregation, wide).select());
  }

  @Test
  void groupsAreSelectedGroupedAndOrderedByQuotedNames() {
    Bound bound = sql(false, Filter.eq("row", 1L), List.of("group", "done"), Measure.count());
    assertThat(bound.sql())
        .isEqualTo(
            "SELECT [group], [done], COUNT(*) FROM [order] WHERE [row] = ?"
                + " GROUP BY [group], [done] ORDER BY [group], [done]");
    assertThat(bound.values()).containsExactly(1L);
  }

  @Test
  void withoutGroupsThereIsOneRow() {
    assertThat(sql(false, Filter.ALL, List.of(), Measure.count()).sql())
        .isEqualTo("SELECT COUNT(*) FROM [order]");
  }

  @Test
  void eachMeasureReadsTheColumnsThatItIsReadFrom() {
    Bound bound =
        sql(
            false,
            Filter.ALL,
            List.of(),
            new Measure(Function.COUNT, "row"),
            new Measure(Function.MIN, "row"),
            new Measure(Function.MAX, "at"),
            new Measure(Function.SUM, "row"),
            new Measure(Function.AVG, "weight"));
    assertThat(bound.sql())
        .isEqualTo(
            "SELECT COUNT([row]), MIN([row]), MAX([at]), COUNT([row]), SUM([row]),"
                + " COUNT([weight]), SUM([weight]) FROM [order]");
  }

  @Test
  void sumsThatMayLeave64BitsComeInTwoParts() {
    Measure[] measures = {
      Measure.average("at"), new Measure(Function.SUM, "row"), Measure.average("weight")
    };
    assertThat(sql(false, Filter.ALL, List.of(), measures).sql())
        .isEqualTo(
            "SELECT COUNT([at]), HIGH([at]), LOW([at]), COUNT([row]), SUM([row]),"
                + " COUNT([weight]), SUM([weight]) FROM [order]");
    assertThat(sql(true, Filter.ALL, List.of(), measures).sql())
        .isEqualTo(
            "SELECT COUNT([at]), HIGH([at]), LOW([at]), COUNT([row]), HIGH([row]), LOW([row]),"
                + " COUNT([weight]), SUM([weight]) FROM [order]");
  }
}
