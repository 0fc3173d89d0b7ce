package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.row;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Aggregation.Function;
import org.larder.storage.query.Aggregation.Measure;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Group;

/** That figures are the evaluator's: exact, but for sums of doubles. */
@Area(name = "figures", promise = "Figures are the evaluator's: exact, but for sums of doubles.")
public interface AggregateContract extends BackendUnderTest {
  /** Every figure that fits its field. */
  private static List<Measure> measures() {
    List<Measure> measures = new ArrayList<>(List.of(Measure.count()));
    for (Field field : THINGS.fields()) {
      boolean number =
          field.type() == FieldType.INT64
              || field.type() == FieldType.FLOAT64
              || field.type() == FieldType.DECIMAL;
      measures.add(new Measure(Function.COUNT, field.name()));
      if (field.type().isOrdered()) {
        measures.add(new Measure(Function.MIN, field.name()));
        measures.add(new Measure(Function.MAX, field.name()));
      }
      if (number) {
        measures.add(new Measure(Function.SUM, field.name()));
      }
      if (number || field.type() == FieldType.INSTANT) {
        measures.add(Measure.average(field.name()));
      }
    }
    return measures;
  }

  private List<Row> fill(List<Row> rows) {
    store().prepare(THINGS);
    store().merge(THINGS, rows);
    return store().rows(THINGS);
  }

  private void assertFigures(Filter filter, List<String> groupBy, List<Row> rows) {
    Aggregation aggregation = new Aggregation(THINGS, filter, groupBy, measures());
    Iterator<Row> iterator = rows.iterator();
    List<Group> expected =
        Evaluator.aggregate(aggregation, () -> iterator.hasNext() ? iterator.next() : null);
    List<Group> actual = store().ask(aggregation);
    assertThat(actual).as("groups of %s", groupBy).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      Group group = expected.get(i);
      assertThat(actual.get(i).values()).usingRecursiveComparison().isEqualTo(group.values());
      for (int j = 0; j < group.figures().size(); j++) {
        assertFigure(
            aggregation.measures().get(j), actual.get(i).figures().get(j), group.figures().get(j));
      }
    }
  }

  private static void assertFigure(Measure measure, Object actual, Object expected) {
    boolean real =
        measure.field() != null
            && THINGS.field(measure.field()).type() == FieldType.FLOAT64
            && (measure.function() == Function.SUM || measure.function() == Function.AVG);
    if (real && expected != null) {
      double value = (Double) expected;
      assertThat((Double) actual).isCloseTo(value, within(Math.abs(value) * 1e-12 + 1e-12));
    } else if (expected instanceof BigDecimal decimal) {
      assertThat((BigDecimal) actual).as("%s", measure).isEqualByComparingTo(decimal);
    } else {
      assertThat(actual).as("%s", measure).isEqualTo(expected);
    }
  }

  @Test
  default void figuresOfAllRows() {
    assertFigures(Filter.ALL, List.of(), fill(Samples.things(200)));
  }

  @Test
  default void figuresOfGroups() {
    List<Row> rows = fill(Samples.things(200));
    for (Field field : THINGS.fields()) {
      if (field.type().isOrdered()) {
        assertFigures(Filter.ALL, List.of(field.name()), rows);
      }
    }
    assertFigures(Filter.ALL, List.of("active", "kind"), rows);
  }

  @Test
  default void figuresOfFilteredGroups() {
    List<Row> rows = fill(Samples.things(200));
    Filter filter = Filter.or(Filter.eq("active", true), new Filter.IsNull("kind"));
    assertFigures(filter, List.of("kind"), rows);
    assertFigures(Filter.eq("kind", "nothing like this"), List.of("kind"), rows);
    assertFigures(Filter.eq("kind", "nothing like this"), List.of(), rows);
  }

  @Test
  default void figuresOfNothing() {
    store().prepare(THINGS);
    assertFigures(Filter.ALL, List.of(), List.of());
    assertFigures(Filter.ALL, List.of("kind"), List.of());
  }

  @Test
  default void figuresForgetWhatWasDeletedOrReplaced() {
    List<Row> rows = fill(Samples.things(60));
    for (int i = 0; i < rows.size(); i += 3) {
      Row replaced = row(THINGS, rows.get(i + 1).key(), "kind", "b", "hits", 1L);
      store().write(THINGS, delete(THINGS, store().position(), rows.get(i).key()));
      store().write(THINGS, new Mutation(Mutation.Kind.PUT, replaced, store().position()));
    }
    List<Row> left = store().rows(THINGS);
    assertFigures(Filter.ALL, List.of(), left);
    assertFigures(Filter.ALL, List.of("kind"), left);
    assertFigures(Filter.ge("hits", 1L), List.of("kind"), left);
  }

  @Test
  default void sumsAreExactBeyond64Bits() {
    BigDecimal price = new BigDecimal("99999999999999.9999");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      rows.add(
          row(
              THINGS,
              "r" + i,
              "hits",
              i % 2 == 0 ? Long.MAX_VALUE : -Long.MAX_VALUE + i,
              "price",
              i == 0 ? new BigDecimal("-0.0001") : price,
              "seen_at",
              Row.instant(Long.MAX_VALUE - i)));
    }
    assertFigures(Filter.ALL, List.of(), fill(rows));
  }
}
