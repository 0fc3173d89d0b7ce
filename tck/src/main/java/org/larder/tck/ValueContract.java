package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.row;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Limits;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

/** That every value comes back as it went in. */
@Area(name = "values", promise = "Every value comes back as it went in.")
public interface ValueContract extends BackendUnderTest {
  /** Each is another key than every other: no folding, no trimming, no normalising. */
  List<String> TEXTS =
      List.of(
          "a",
          "A",
          "a ",
          " a",
          "\u0000",
          "a\u0000",
          "a\u0000b",
          "\u00e9",
          "e\u0301",
          "\ufeffa",
          "stra\u00dfe",
          "strasse",
          "\u0130",
          "\u05e9\u05dc\u05d5\u05dd",
          "\u202eabc",
          "\u65e5\u672c\u8a9e",
          "\ud7ff",
          "\ue000",
          "\uffff",
          "\ud800\udc00",
          "\ud83d\udc69\u200d\ud83d\udcbb",
          "\ud83d\ude00",
          "\udbff\udfff",
          "100%",
          "a_b",
          "a\\b",
          "'; DROP TABLE things; --",
          "\"",
          "\n\t\r");

  private void comesBack(Row... rows) {
    store().prepare(THINGS);
    store().merge(THINGS, List.of(rows));
    for (Row row : rows) {
      Row expected = Merging.complete(row);
      assertThat(store().row(THINGS, row.key())).hasValue(expected);
    }
  }

  @Test
  default void textComesBackCharacterByCharacter() {
    List<Row> rows = new ArrayList<>();
    for (String text : TEXTS) {
      rows.add(row(THINGS, text, "kind", text, "note", text, "more", "\"" + text.length() + "\""));
    }
    comesBack(rows.toArray(Row[]::new));
    assertThat(store().rows(THINGS)).hasSize(TEXTS.size());
  }

  @Test
  default void textSortsByUtf8() {
    textComesBackCharacterByCharacter();
    List<String> sorted = TEXTS.stream().sorted(Values::compareText).toList();
    assertThat(store().rows(THINGS)).extracting(Row::key).isEqualTo(sorted);
    List<Row> page = store().ask(Query.of(THINGS).withOrder(Order.descending("note"))).rows();
    assertThat(page)
        .extracting(Row::key)
        .isEqualTo(TEXTS.stream().sorted((a, b) -> Values.compareText(b, a)).toList());
  }

  @Test
  default void textIsFoundByEveryComparison() {
    textComesBackCharacterByCharacter();
    for (Filter.Operator operator : Filter.Operator.values()) {
      for (String text : TEXTS) {
        Filter filter = new Filter.Comparison("note", operator, text);
        List<String> expected =
            store().rows(THINGS).stream()
                .filter(row -> Evaluator.matches(filter, row))
                .map(Row::key)
                .toList();
        assertThat(store().ask(Query.of(THINGS).withFilter(filter)).rows())
            .as("%s %s", operator, text)
            .extracting(Row::key)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  default void numbersComeBackAtTheirLimits() {
    BigDecimal most = new BigDecimal("99999999999999.9999");
    comesBack(
        row(THINGS, "least", "hits", Long.MIN_VALUE, "price", most.negate()),
        row(THINGS, "most", "hits", Long.MAX_VALUE, "price", most),
        row(THINGS, "small", "ratio", Double.MIN_VALUE, "price", new BigDecimal("0.0001")),
        row(THINGS, "large", "ratio", Double.MAX_VALUE, "price", new BigDecimal("-0.0001")),
        row(THINGS, "tenth", "ratio", 0.1),
        row(THINGS, "whole", "ratio", 9007199254740994.0),
        row(THINGS, "zero", "ratio", -0.0, "hits", 0L, "price", BigDecimal.ZERO));
    assertThat(store().row(THINGS, "most").orElseThrow().value("price")).isEqualTo(most);
  }

  @Test
  default void instantsComeBackToTheMicrosecond() {
    comesBack(
        row(THINGS, "before", "seen_at", Instant.parse("1969-12-31T23:59:59.999999Z")),
        row(THINGS, "odd", "seen_at", Instant.parse("2026-02-28T23:59:59.000001Z")),
        row(THINGS, "first", "seen_at", Row.instant(Long.MIN_VALUE)),
        row(THINGS, "last", "seen_at", Row.instant(Long.MAX_VALUE)),
        row(THINGS, "epoch", "seen_at", Instant.EPOCH));
  }

  @Test
  default void emptyIsNotNull() {
    comesBack(
        row(THINGS, "empty", "kind", "", "note", "", "raw", new byte[0]),
        row(THINGS, "null", "kind", null, "note", null, "raw", null, "active", null),
        row(THINGS, "false", "active", false, "hits", 0L, "ratio", 0.0),
        row(THINGS, "true", "active", true));
    Filter empty = Filter.eq("note", "");
    assertThat(store().ask(Query.of(THINGS).withFilter(empty)).rows())
        .extracting(Row::key)
        .containsExactly("empty");
  }

  @Test
  default void jsonIsKeptAsTheVeryText() {
    comesBack(
        row(THINGS, "spaces", "more", "{ \"b\" : 1.0, \"a\":[ ],\"b\":1e2 }"),
        row(THINGS, "number", "more", "12345678901234567890.10"),
        row(THINGS, "null", "more", "null"),
        row(THINGS, "escaped", "more", "\"\\u00e9\\ud83d\\ude00\""));
  }

  @Test
  default void everyByteComesBack() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    comesBack(row(THINGS, "all", "raw", all));
  }

  @Test
  default void valuesAsLargeAsAllowedComeBack() {
    String text = "\ud83d\ude00".repeat(Limits.TEXT_BYTES / 4);
    byte[] rest = new byte[Limits.ITEM_BYTES - Limits.TEXT_BYTES - 1024];
    Arrays.fill(rest, (byte) 0xA5);
    Row large = row(THINGS, "large", "note", text, "raw", rest);
    assertThat(large.encodedLength()).isBetween(Limits.ITEM_BYTES - 1024, Limits.ITEM_BYTES);
    String longKey = "\ud83d\ude00".repeat(64);
    comesBack(large, row(THINGS, longKey, "note", text));
  }
}
