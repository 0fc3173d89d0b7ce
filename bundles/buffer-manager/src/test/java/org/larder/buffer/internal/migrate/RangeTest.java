package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.spi.RecordCursor;

/** Equal records give equal digests whatever store they come from, and others do not. */
class RangeTest {
  private static final CollectionSchema V1 = schema(1).build();
  private static final CollectionSchema V2 = schema(2).field(Field.int64("later")).build();

  private static CollectionSchema.Builder schema(int version) {
    return CollectionSchema.named("things", version)
        .key("id", 20)
        .field(Field.text("body"))
        .field(Field.text("remark"))
        .field(Field.of("x", FieldType.FLOAT64, 0))
        .field(Field.decimal("price", 2));
  }

  /** Fills a row. */
  interface Filler {
    void fill(RowBuilder row) throws InvalidRowException;
  }

  private static Row row(String key, Filler filler) {
    try {
      RowBuilder row = Row.of(V1).set("id", key);
      filler.fill(row);
      return row.build();
    } catch (InvalidRowException e) {
      throw new AssertionError(e);
    }
  }

  private static RecordCursor cursor(List<Row> rows) {
    Iterator<Row> left = rows.iterator();
    return new RecordCursor() {
      @Override
      public Row next() {
        return left.hasNext() ? left.next() : null;
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }

  private static Range.Reader reader(Row... rows) {
    return new Range.Reader(cursor(Arrays.asList(rows)), V2, "");
  }

  private static boolean areEqual(Row left, Row right) {
    Range wanted = reader(left).next();
    return wanted.equalsIn(reader(right).like(wanted));
  }

  @Test
  void noValueIsNoValueHoweverItIsSaid() {
    Row absent = row("a", row -> row.set("price", new BigDecimal("1.50")));
    Row asNull =
        row("a", row -> row.set("price", new BigDecimal("1.5")).set("body", null)).under(V2);
    assertThat(areEqual(absent, asNull)).isTrue();
    assertThat(areEqual(absent.withVersion(7), asNull.withVersion(9))).isTrue();
  }

  @Test
  void zeroesAreOneValue() {
    assertThat(areEqual(row("a", row -> row.set("x", 0.0)), row("a", row -> row.set("x", -0.0))))
        .isTrue();
    assertThat(areEqual(row("a", row -> row.set("x", 0.1)), row("a", row -> row.set("x", 0.2))))
        .isFalse();
  }

  @Test
  void valuesThatSlipFromOneFieldToTheNextAreSeen() {
    Row left = row("a", row -> row.set("body", "ab").set("remark", "c"));
    assertThat(areEqual(left, row("a", row -> row.set("body", "a").set("remark", "bc")))).isFalse();
    assertThat(areEqual(left, row("a", row -> row.set("body", "ab")))).isFalse();
    assertThat(areEqual(row("a", r -> r.set("body", "c")), row("a", r -> r.set("remark", "c"))))
        .isFalse();
    assertThat(areEqual(row("a", row -> {}), row("a", row -> row.set("body", "")))).isFalse();
  }

  @Test
  void recordsTooManyOrTooFewAreSeenWhereverTheyAre() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      String key = String.format("k%05d", i);
      rows.add(row(key, row -> row.set("body", key)));
    }
    for (int gone : new int[] {-1, 0, 4_999, 5_000, 7_777, 11_999}) {
      List<Row> others = new ArrayList<>(rows);
      if (gone >= 0) {
        others.remove(gone);
      }
      int range = gone < 0 ? -1 : gone / 5_000;
      assertThat(firstDifference(rows, others)).as("without %d", gone).isEqualTo(range);
      assertThat(firstDifference(others, rows) >= 0).as("with %d", gone).isEqualTo(gone >= 0);
    }
  }

  private static int firstDifference(List<Row> left, List<Row> right) {
    Range.Reader source = new Range.Reader(cursor(left), V2, "");
    Range.Reader target = new Range.Reader(cursor(right), V2, "");
    int index = 0;
    Range wanted = source.next();
    while (wanted.equalsIn(target.like(wanted))) {
      if (wanted.isLast()) {
        return -1;
      }
      wanted = source.next();
      index++;
    }
    return index;
  }

  @Test
  void differencesAreNamedByKeyAndField() {
    Row a = row("a", row -> row.set("body", "1"));
    Row b = row("b", row -> row.set("body", "2"));
    Row otherB = row("b", row -> row.set("body", "3").set("x", 1.0));
    Row c = row("c", row -> {});
    assertThat(Difference.find(V2, cursor(List.of(a, b)), cursor(List.of(otherB, c)), ""))
        .containsExactly("a is missing", "b differs in body, x", "c should not be there");
    assertThat(Difference.find(V2, cursor(List.of(a, b)), cursor(List.of(a, otherB)), "a"))
        .isEmpty();
    assertThat(Difference.find(V2, cursor(List.of()), cursor(List.of()), "")).isEmpty();
  }
}
