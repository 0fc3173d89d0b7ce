package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.Limits;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;
import org.larder.storage.spi.ScanRequest;

/** That a backend undercuts none of the host's limits, and sorts any text by its bytes. */
@Area(
    name = "limits and unicode",
    promise = "Whatever the host lets in fits, and text sorts as unsigned bytes of UTF-8.")
public interface LimitsContract extends BackendUnderTest {
  /** First and last code points of one to four bytes, and the neighbours of the surrogates. */
  List<Integer> EDGES =
      List.of(
          0, 1, 0x20, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff);

  private void comeBack(CollectionSchema schema, List<Row> rows) {
    store().prepare(schema);
    store().merge(schema, rows);
    List<Row> expected = rows.stream().map(Merging::complete).sorted(Row::compareKey).toList();
    assertThat(store().rows(schema)).isEqualTo(expected);
  }

  @Test
  default void longestKeysAreToldApartByTheirLastCharacter() {
    CollectionSchema schema =
        CollectionSchema.named("longest_keys", 1).key("id", Limits.KEY_CODE_POINTS).build();
    List<Row> rows = new ArrayList<>();
    for (String filler : List.of("k", "\u00e9", "\ud83d\ude00")) {
      String prefix = filler.repeat(Limits.KEY_CODE_POINTS - 1);
      for (String last : List.of("a", "b", "\ud83d\ude00", "\uffff")) {
        rows.add(row(schema, prefix + last));
      }
    }
    comeBack(schema, rows);
    String key = rows.get(5).key();
    assertThat(store().scan(ScanRequest.of(schema, List.of(key)))).hasSize(1);
    assertThat(store().scan(ScanRequest.after(schema, key))).doesNotContain(rows.get(5));
  }

  @Test
  default void longestStringsAreFoundByTheirIndex() {
    CollectionSchema schema =
        CollectionSchema.named("longest_strings", 1)
            .key("id", Limits.KEY_CODE_POINTS)
            .field(Field.string("label", Limits.STRING_CODE_POINTS))
            .field(Field.string("other", Limits.STRING_CODE_POINTS))
            .index(Index.on("label"))
            .index(Index.on("label", "other"))
            .build();
    String prefix = "\ud83d\ude00".repeat(Limits.STRING_CODE_POINTS - 1);
    List<Row> rows = new ArrayList<>();
    for (String last : List.of("a", "b", "c")) {
      rows.add(row(schema, last, "label", prefix + last, "other", prefix + last));
    }
    comeBack(schema, rows);
    Query query = Query.of(schema).withFilter(Filter.eq("label", prefix + "b"));
    assertThat(store().ask(query).rows()).extracting(Row::key).containsExactly("b");
    assertThat(store().ask(Query.of(schema).withOrder(Order.descending("label"))).rows())
        .extracting(Row::key)
        .containsExactly("c", "b", "a");
  }

  @Test
  default void decimalsAreExactAtEveryScale() {
    CollectionSchema.Builder builder = CollectionSchema.named("decimals", 1).key("id", 10);
    List<Object> most = new ArrayList<>();
    List<Object> least = new ArrayList<>();
    List<Object> smallest = new ArrayList<>();
    BigInteger digits = BigInteger.TEN.pow(Limits.DECIMAL_DIGITS).subtract(BigInteger.ONE);
    for (int scale = 0; scale <= Limits.DECIMAL_DIGITS; scale++) {
      Field field = Field.decimal("d" + scale, scale);
      builder.field(field);
      most.addAll(List.of(field.name(), new BigDecimal(digits, scale)));
      least.addAll(List.of(field.name(), new BigDecimal(digits.negate(), scale)));
      smallest.addAll(List.of(field.name(), new BigDecimal(BigInteger.ONE, scale)));
    }
    CollectionSchema schema = builder.build();
    comeBack(
        schema,
        List.of(
            row(schema, "least", least.toArray()),
            row(schema, "most", most.toArray()),
            row(schema, "smallest", smallest.toArray())));
    for (int scale = 0; scale <= Limits.DECIMAL_DIGITS; scale++) {
      assertThat(store().ask(Query.of(schema).withOrder(Order.ascending("d" + scale))).rows())
          .extracting(Row::key)
          .containsExactly("least", "smallest", "most");
    }
  }

  @Test
  default void collectionMayHaveAsManyFieldsAsAllowed() {
    CollectionSchema.Builder builder = CollectionSchema.named("wide", 1).key("id", 40);
    List<Object> values = new ArrayList<>();
    for (int i = 1; i < Limits.FIELDS; i++) {
      builder.field(i % 2 == 0 ? Field.int64("f" + i) : Field.string("f" + i, 200));
      values.addAll(Arrays.asList("f" + i, i % 2 == 0 ? (Object) Long.MIN_VALUE : "\u65e5" + i));
    }
    CollectionSchema schema = builder.build();
    comeBack(schema, List.of(row(schema, "full", values.toArray()), row(schema, "none")));
  }

  @Test
  default void deepestJsonComesBack() {
    int depth = Limits.JSON_DEPTH / 2;
    String json = "[{\"\\u0000\":".repeat(depth) + "\"\ud83d\ude00\"" + "}]".repeat(depth);
    comeBack(THINGS, List.of(row(THINGS, "deep", "more", json)));
  }

  @Test
  default void batchOfAsManyItemsAsARequestMayHaveIsTaken() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < Limits.REQUEST_ITEMS; i++) {
      rows.add(row(THINGS, "item%05d".formatted(i), "hits", (long) i));
    }
    comeBack(THINGS, rows);
  }

  @Test
  default void anyTextSortsByItsBytes() {
    CollectionSchema schema =
        CollectionSchema.named("sorted", 1)
            .key("id", 64)
            .field(Field.string("label", 64))
            .index(Index.on("label"))
            .build();
    Random random = new Random(5);
    Set<String> keys = new TreeSet<>(Values::compareText);
    while (keys.size() < 600) {
      StringBuilder key = new StringBuilder();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        boolean edge = random.nextBoolean();
        int any = random.nextInt(Character.MAX_CODE_POINT + 1);
        boolean surrogate = any >= Character.MIN_SURROGATE && any <= Character.MAX_SURROGATE;
        key.appendCodePoint(edge || surrogate ? EDGES.get(random.nextInt(EDGES.size())) : any);
      }
      keys.add(key.toString());
    }
    List<String> sorted = List.copyOf(keys);
    comeBack(schema, sorted.stream().map(key -> row(schema, key, "label", key)).toList());
    assertThat(store().ask(Query.of(schema).withOrder(Order.ascending("label"))).rows())
        .extracting(Row::key)
        .isEqualTo(sorted.subList(0, Query.of(schema).limit()));
    for (int i = 0; i < sorted.size(); i += 23) {
      assertThat(store().scan(ScanRequest.after(schema, sorted.get(i))))
          .extracting(Row::key)
          .isEqualTo(sorted.subList(i + 1, sorted.size()));
    }
  }
}
