package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/** That filters find what the evaluator finds. */
@Area(name = "filters", promise = "Filters find what the evaluator finds.")
public interface FilterContract extends BackendUnderTest {
  private List<Row> fill() {
    store().prepare(THINGS);
    store().merge(THINGS, Samples.things(200));
    return store().rows(THINGS);
  }

  private void assertFinds(List<Row> rows, Filter filter) {
    List<String> expected =
        rows.stream().filter(row -> Evaluator.matches(filter, row)).map(Row::key).toList();
    Query query = Query.of(THINGS).withFilter(filter).withLimit(1000).withTotal();
    Page page = store().ask(query);
    assertThat(page.rows()).as("%s", filter).extracting(Row::key).isEqualTo(expected);
    assertThat(page.total()).as("%s", filter).hasValue(expected.size());
  }

  private static boolean fits(Filter.Operator operator, Field field) {
    boolean textual = operator == Filter.Operator.PREFIX || operator == Filter.Operator.CONTAINS;
    return textual ? field.type().javaType() == String.class : field.type().isOrdered();
  }

  @Test
  default void everyOperatorOnEveryType() {
    List<Row> rows = fill();
    Random random = new Random(3);
    for (Field field : THINGS.fields()) {
      for (Filter.Operator operator : Filter.Operator.values()) {
        for (int i = 0; i < 4 && fits(operator, field); i++) {
          Object operand = Samples.value(random, field);
          assertFinds(rows, new Filter.Comparison(field.name(), operator, operand));
        }
      }
      assertFinds(rows, new Filter.IsNull(field.name()));
      assertFinds(rows, new Filter.Not(new Filter.IsNull(field.name())));
    }
  }

  @Test
  default void nullPassesNoComparisonButItsNegation() {
    List<Row> rows = fill();
    for (Field field : THINGS.fields()) {
      if (field.type().isOrdered()) {
        Object operand = Samples.value(new Random(4), field);
        for (Filter.Operator operator :
            List.of(Filter.Operator.EQ, Filter.Operator.NE, Filter.Operator.LT)) {
          Filter filter = new Filter.Comparison(field.name(), operator, operand);
          assertFinds(rows, new Filter.Not(filter));
          assertFinds(rows, new Filter.Not(new Filter.Not(filter)));
        }
      }
    }
  }

  @Test
  default void operandsBetweenAndBeyondStoredValues() {
    List<Row> rows = fill();
    List<Object> operands =
        List.of(
            new BigDecimal("1.00005"),
            new BigDecimal("-0.00001"),
            new BigDecimal("2"),
            new BigDecimal("1e30"),
            new BigDecimal("-1e30"),
            Instant.ofEpochSecond(0, 1500),
            Instant.ofEpochSecond(0, -1500),
            Instant.MAX,
            Instant.MIN);
    for (Object operand : operands) {
      String field = operand instanceof Instant ? "seen_at" : "price";
      for (Filter.Operator operator : Filter.Operator.values()) {
        if (fits(operator, THINGS.field(field))) {
          assertFinds(rows, new Filter.Comparison(field, operator, operand));
        }
      }
      assertFinds(rows, Filter.in(field, operand));
    }
    assertFinds(rows, Filter.lt("ratio", Double.POSITIVE_INFINITY));
    assertFinds(rows, Filter.eq("ratio", -0.0));
    assertFinds(rows, Filter.ge("hits", Long.MAX_VALUE));
    assertFinds(rows, Filter.ge("hits", Long.MIN_VALUE));
  }

  @Test
  default void termsOfNothing() {
    List<Row> rows = fill();
    assertFinds(rows, Filter.ALL);
    assertFinds(rows, Filter.or());
    assertFinds(rows, Filter.in("kind"));
    assertFinds(rows, new Filter.Not(Filter.and()));
    assertFinds(rows, new Filter.Not(Filter.in("kind")));
  }

  @Test
  default void manyOperands() {
    List<Row> rows = fill();
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      keys.add(i < 100 ? rows.get(i).key() : "none" + i);
    }
    assertFinds(rows, new Filter.In("thing_id", keys));
    List<Filter> terms = new ArrayList<>();
    keys.forEach(key -> terms.add(Filter.eq("thing_id", key)));
    terms.addAll(List.copyOf(terms));
    assertFinds(rows, new Filter.Or(terms));
  }

  /** What a pattern of the store's own language would take for more than a character. */
  @Test
  default void charactersOfPatternsStandForThemselves() {
    fill();
    List<Row> more = new ArrayList<>();
    for (String kind : List.of("a%b", "a_b", "axb", "axxb", "a\\b", "a*b", "a?b", "[a]b", "AxB")) {
      more.add(Samples.row(THINGS, "pattern" + more.size(), "kind", kind, "note", kind));
    }
    store().merge(THINGS, more);
    List<Row> rows = store().rows(THINGS);
    for (String operand : List.of("%", "_", "a%", "a_", "\\", "a\\", "*", "a?", "[a]", "A", "ax")) {
      for (Filter.Operator operator :
          List.of(Filter.Operator.PREFIX, Filter.Operator.CONTAINS, Filter.Operator.EQ)) {
        assertFinds(rows, new Filter.Comparison("kind", operator, operand));
        assertFinds(rows, new Filter.Comparison("note", operator, operand));
      }
    }
  }

  @Test
  default void whatWasDeletedOrReplacedIsFoundNoMore() {
    List<Row> rows = fill();
    for (int i = 0; i < 60; i += 3) {
      Row replaced = Samples.row(THINGS, rows.get(i + 1).key(), "hits", -7L);
      store().write(THINGS, Samples.delete(THINGS, store().position(), rows.get(i).key()));
      store().write(THINGS, new Mutation(Mutation.Kind.PUT, replaced, store().position()));
    }
    List<Row> left = store().rows(THINGS);
    assertFinds(left, Filter.ALL);
    assertFinds(left, Filter.eq("hits", -7L));
    for (int i = 0; i < 6; i++) {
      Row old = rows.get(i);
      assertFinds(left, Filter.eq("thing_id", old.key()));
      if (old.value("seen_at") != null) {
        assertFinds(left, Filter.eq("seen_at", old.value("seen_at")));
      }
    }
  }

  @Test
  default void nestedFilters() {
    List<Row> rows = fill();
    Random random = new Random(5);
    for (int i = 0; i < 150; i++) {
      assertFinds(rows, random(random, 3));
    }
  }

  private static Filter random(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 6 : 3);
    Field field = THINGS.field(random.nextInt(THINGS.fields().size()));
    if (field.type() == FieldType.JSON || kind == 0) {
      return new Filter.IsNull(field.name());
    }
    return switch (kind) {
      case 1 -> {
        List<Object> operands = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          operands.add(Samples.value(random, field));
        }
        yield new Filter.In(field.name(), operands);
      }
      case 3 -> new Filter.Not(random(random, depth - 1));
      case 4 -> Filter.and(random(random, depth - 1), random(random, depth - 1));
      case 5 -> Filter.or(random(random, depth - 1), random(random, depth - 1));
      default -> {
        Filter.Operator[] all = Filter.Operator.values();
        Filter.Operator operator = all[random.nextInt(all.length)];
        yield new Filter.Comparison(
            field.name(),
            fits(operator, field) ? operator : Filter.Operator.GE,
            Samples.value(random, field));
      }
    };
  }
}
