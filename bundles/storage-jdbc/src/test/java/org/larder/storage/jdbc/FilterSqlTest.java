package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Filter.Comparison;
import org.larder.storage.query.Filter.Operator;

class FilterSqlTest {
  private static Bound sql(Filter filter) {
    SqlText text = new SqlText();
    new FilterSql(PlainDialect.make(), Cells.SCHEMA, text).add(filter);
    return Bound.of(text);
  }

  private static Bound compare(String field, Operator operator, Object operand) {
    return sql(new Comparison(field, operator, operand));
  }

  private static void assertSql(Bound bound, String sql, Object... values) {
    assertThat(bound.sql()).isEqualTo(sql);
    assertThat(bound.values()).containsExactly(values);
  }

  @Test
  void namesAreQuotedAndValuesAreNeverText() {
    String hostile = "'; DROP TABLE notes; --";
    assertSql(sql(Filter.eq("group", hostile)), "[group] = ?", hostile);
    assertSql(sql(new Filter.IsNull("select")), "[select] IS NULL");
    assertSql(sql(Filter.in("row", 1L, 2L)), "[row] IN (?, ?)", 1L, 2L);
  }

  @Test
  void signsOfPatternsAreText() {
    assertSql(
        compare("body", Operator.CONTAINS, "100%_\\"), "position(? in [body]) > 0", "100%_\\");
    assertSql(
        compare("group", Operator.PREFIX, "50%"), "[group] >= ? AND [group] < ?", "50%", "50&");
  }

  @Test
  void emptyPatternMeansThatThereIsAText() {
    assertSql(compare("body", Operator.CONTAINS, ""), "[body] IS NOT NULL");
    assertSql(compare("body", Operator.PREFIX, ""), "[body] IS NOT NULL");
  }

  @Test
  void prefixOfTheGreatestCharacterHasNoEnd() {
    String greatest = Character.toString(Character.MAX_CODE_POINT);
    assertSql(compare("group", Operator.PREFIX, greatest), "[group] >= ?", greatest);
  }

  @Test
  void negationOfUnknownIsTrue() {
    Filter both = Filter.or(Filter.eq("row", 1L), Filter.lt("row", 0L));
    assertSql(sql(new Filter.Not(both)), "(([row] = ?) OR ([row] < ?)) IS NOT TRUE", 1L, 0L);
  }

  @Test
  void noTermsAreTrueForAllAndFalseForOne() {
    assertSql(sql(Filter.and()), "1 = 1");
    assertSql(sql(Filter.or()), "1 = 0");
    assertSql(sql(Filter.in("row")), "1 = 0");
  }

  @Test
  void longChainIsNestedByHalves() {
    List<Filter> terms = Collections.nCopies(1_000, Filter.eq("row", 1L));
    Bound bound = sql(new Filter.Or(terms));
    int depth = 0;
    int deepest = 0;
    for (char c : bound.sql().toCharArray()) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
    }
    assertThat(depth).isZero();
    assertThat(deepest).isEqualTo(10);
    assertThat(bound.values()).hasSize(1_000);
  }

  @Test
  void valuesAreBoundAsTheyAreStored() {
    assertSql(sql(Filter.eq("done", true)), "[done] = ?", 1L);
    assertSql(sql(Filter.eq("price", new BigDecimal("1.5"))), "[price] = ?", 150L);
    assertSql(sql(Filter.ge("at", Instant.ofEpochSecond(1))), "[at] >= ?", 1_000_000L);
    assertSql(sql(Filter.lt("weight", 0.5)), "[weight] < ?", 0.5);
  }

  @Test
  void operandBetweenTwoStoredValuesKeepsItsMeaning() {
    BigDecimal between = new BigDecimal("-1.005");
    assertSql(compare("price", Operator.LT, between), "[price] <= ?", -101L);
    assertSql(compare("price", Operator.LE, between), "[price] <= ?", -101L);
    assertSql(compare("price", Operator.GT, between), "[price] > ?", -101L);
    assertSql(compare("price", Operator.GE, between), "[price] > ?", -101L);
    assertSql(compare("price", Operator.EQ, between), "1 = 0");
    assertSql(compare("price", Operator.NE, between), "[price] IS NOT NULL");
    assertSql(sql(Filter.in("price", between, new BigDecimal("2"))), "[price] IN (?)", 200L);
    assertSql(compare("at", Operator.GE, Instant.ofEpochSecond(0, 1)), "[at] > ?", 0L);
  }

  @Test
  void operandBeyondAllStoredValuesNeedsNoPlace() {
    BigDecimal huge = new BigDecimal("1e30");
    assertSql(compare("price", Operator.LT, huge), "[price] IS NOT NULL");
    assertSql(compare("price", Operator.GT, huge), "1 = 0");
    assertSql(compare("price", Operator.GT, huge.negate()), "[price] IS NOT NULL");
    assertSql(compare("price", Operator.NE, huge), "[price] IS NOT NULL");
    assertSql(compare("at", Operator.LE, Instant.MAX), "[at] IS NOT NULL");
  }
}
