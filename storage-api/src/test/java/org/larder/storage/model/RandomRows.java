package org.larder.storage.model;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** RandomRows, rows and mutations at random. */
public final class RandomRows {
  /** A field of each type and each merge rule. */
  public static final CollectionSchema ALL_TYPES =
      CollectionSchema.named("all_types", 2)
          .key("id", 255)
          .field(Field.string("short_text", 1024).withDefault("none"))
          .field(Field.text("long_text").merging(MergeRule.KEEP))
          .field(Field.int64("whole").withDefault(0L).merging(MergeRule.MAX))
          .field(Field.of("real", FieldType.FLOAT64, 0).merging(MergeRule.MAX))
          .field(
              Field.decimal("exact", 4)
                  .withDefault(new BigDecimal("-1.5000"))
                  .merging(MergeRule.MAX))
          .field(Field.of("truth", FieldType.BOOL, 0).withDefault(true))
          .field(Field.instant("moment").merging(MergeRule.KEEP))
          .field(Field.json("document"))
          .field(Field.of("raw", FieldType.BYTES, 0).merging(MergeRule.MAX))
          .build();

  private RandomRows() {}

  /** Text without unpaired surrogates, rich in borders. */
  public static Arbitrary<String> text() {
    Arbitrary<Integer> codePoints =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 0x7F),
            Arbitraries.of(0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF),
            Arbitraries.integers()
                .between(0, 0x10FFFF)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE));
    return codePoints
        .list()
        .ofMaxSize(12)
        .map(list -> new String(list.stream().mapToInt(i -> i).toArray(), 0, list.size()));
  }

  /** A value of the field's type. */
  public static Arbitrary<Object> value(Field field) {
    return switch (field.type()) {
      case STRING, TEXT -> text().map(value -> value);
      case JSON -> text().map(value -> "{\"a\": \"" + value.hashCode() + "\"}");
      case INT64 -> Arbitraries.longs().map(value -> value);
      case FLOAT64 -> Arbitraries.doubles().map(value -> value);
      case DECIMAL ->
          Arbitraries.longs()
              .between(-999_999_999_999_999_999L, 999_999_999_999_999_999L)
              .map(unscaled -> BigDecimal.valueOf(unscaled, field.size()));
      case BOOL -> Arbitraries.of(true, false);
      case INSTANT -> Arbitraries.longs().map(Row::instant);
      case BYTES -> Arbitraries.bytes().array(byte[].class).ofMaxSize(9).map(value -> value);
    };
  }

  /** A row with that key, in which each field is absent, null or has a value. */
  public static Arbitrary<Row> row(CollectionSchema schema, String key) {
    List<Field> fields = schema.fields().subList(1, schema.fields().size());
    List<Arbitrary<Object>> states =
        fields.stream()
            .map(
                field ->
                    Arbitraries.frequencyOf(
                        Tuple.of(2, Arbitraries.just((Object) RandomRows.class)),
                        Tuple.of(1, Arbitraries.just((Object) void.class)),
                        Tuple.of(4, value(field))))
            .toList();
    return Combinators.combine(states)
        .as(
            values -> {
              RowBuilder builder = Row.of(schema);
              try {
                builder.set(CollectionSchema.KEY, key);
                for (int i = 0; i < values.size(); i++) {
                  if (values.get(i) != RandomRows.class) {
                    builder.set(i + 1, values.get(i) == void.class ? null : values.get(i));
                  }
                }
              } catch (InvalidRowException e) {
                throw new IllegalArgumentException(e.field() + " " + e.getMessage(), e);
              }
              return builder.build();
            });
  }

  /** A mutation of that key, an insert only if wanted. */
  public static Arbitrary<Mutation> mutation(CollectionSchema schema, String key, boolean inserts) {
    Arbitrary<Mutation.Kind> kinds =
        inserts
            ? Arbitraries.of(Mutation.Kind.class)
            : Arbitraries.of(Mutation.Kind.PUT, Mutation.Kind.MERGE, Mutation.Kind.DELETE);
    return Combinators.combine(kinds, row(schema, key))
        .as((kind, row) -> new Mutation(kind, row, 0));
  }
}
