package org.larder.tck;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Index;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;

/**
 * Collections, rows and mutations that the kit and the backends' own tests work with. Stateless.
 */
public final class Samples {
  /** A field of each type, some indexed; {@code note} and {@code more} are in no index. */
  public static final CollectionSchema THINGS =
      CollectionSchema.named("things", 1)
          .key("thing_id", 64)
          .field(Field.string("kind", 40))
          .field(Field.text("note"))
          .field(Field.int64("hits"))
          .field(Field.of("ratio", FieldType.FLOAT64, 0))
          .field(Field.decimal("price", 4))
          .field(Field.of("active", FieldType.BOOL, 0))
          .field(Field.instant("seen_at"))
          .field(Field.json("more"))
          .field(Field.of("raw", FieldType.BYTES, 0))
          .index(Index.on("kind", "seen_at").including("hits"))
          .index(Index.on("seen_at"))
          .build();

  /** Tasks of a translation project, with an index for each list and for the figures of them. */
  public static final CollectionSchema TASKS =
      CollectionSchema.named("tasks", 1)
          .key("task_id", 64)
          .field(Field.string("session_id", 36))
          .field(Field.string("status", 20))
          .field(Field.int64("row_index"))
          .field(Field.int64("duration_ms"))
          .field(Field.instant("created_at"))
          .index(Index.on("session_id", "status"))
          .index(Index.on("session_id", "row_index"))
          .index(Index.on("status", "created_at").including("duration_ms"))
          .index(Index.on("created_at"))
          .build();

  /** Every merge rule, with and without defaults. */
  public static final CollectionSchema COUNTERS = counters("counters");

  private static final String[] WORDS = {
    "",
    "a",
    "A",
    "ab",
    "b",
    "pending",
    "completed",
    "\u00e9",
    "e\u0301",
    "\u05e9",
    "\uffff",
    "\ud83d\ude00",
    "z",
    "a b",
    "%",
    "_",
    "'",
    "\"",
    "a\u0000b"
  };

  private Samples() {}

  /** A collection of that name with every merge rule, with and without defaults. */
  public static CollectionSchema counters(String name) {
    return CollectionSchema.named(name, 1)
        .key("counter_id", 40)
        .field(Field.string("label", 40).withDefault("none"))
        .field(Field.int64("total").withDefault(0L).merging(MergeRule.MAX))
        .field(Field.int64("peak").merging(MergeRule.MAX))
        .field(Field.string("name", 40).merging(MergeRule.MAX))
        .field(Field.decimal("best", 2).withDefault(new BigDecimal("1.50")).merging(MergeRule.MAX))
        .field(Field.of("flag", FieldType.BOOL, 0).withDefault(true))
        .field(Field.instant("created_at").merging(MergeRule.KEEP))
        .field(Field.json("origin").merging(MergeRule.KEEP))
        .field(Field.of("share", FieldType.FLOAT64, 0).merging(MergeRule.MAX))
        .build();
  }

  /** A row with the fields given by name and value, the others absent. */
  public static Row row(CollectionSchema schema, String key, Object... namesAndValues) {
    RowBuilder builder = Row.of(schema);
    try {
      builder.set(CollectionSchema.KEY, key);
      for (int i = 0; i < namesAndValues.length; i += 2) {
        builder.set((String) namesAndValues[i], namesAndValues[i + 1]);
      }
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e.field() + " " + e.getMessage(), e);
    }
    return builder.build();
  }

  /** A merge of such a row. */
  public static Mutation merge(
      CollectionSchema schema, long sequence, String key, Object... fields) {
    return new Mutation(Mutation.Kind.MERGE, row(schema, key, fields), sequence);
  }

  /** A put of such a row. */
  public static Mutation put(CollectionSchema schema, long sequence, String key, Object... fields) {
    return new Mutation(Mutation.Kind.PUT, row(schema, key, fields), sequence);
  }

  /** An insert of such a row. */
  public static Mutation insert(
      CollectionSchema schema, long sequence, String key, Object... fields) {
    return new Mutation(Mutation.Kind.INSERT, row(schema, key, fields), sequence);
  }

  /** A delete of a key. */
  public static Mutation delete(CollectionSchema schema, long sequence, String key) {
    return new Mutation(Mutation.Kind.DELETE, row(schema, key), sequence);
  }

  /** A value of a field: small ranges, so that many rows have the same. */
  public static Object value(Random random, Field field) {
    return switch (field.type()) {
      case STRING, TEXT -> WORDS[random.nextInt(WORDS.length)];
      case INT64 -> (long) random.nextInt(7) - 3;
      case FLOAT64 -> (random.nextInt(7) - 3) / 4.0;
      case DECIMAL -> BigDecimal.valueOf(random.nextInt(70_001) - 30_000, field.size());
      case BOOL -> random.nextBoolean();
      case INSTANT -> Row.instant(random.nextInt(9) - 4);
      case JSON -> "{ \"b\":" + random.nextInt(3) + ", \"a\":[ ] }";
      case BYTES -> new byte[] {(byte) random.nextInt(256)};
    };
  }

  /** A row in which each field is absent, null or has a value. */
  public static Row random(Random random, CollectionSchema schema, String key) {
    List<Object> fields = new ArrayList<>();
    for (Field field : schema.fields().subList(1, schema.fields().size())) {
      int dice = random.nextInt(5);
      if (dice > 0) {
        fields.add(field.name());
        fields.add(dice == 1 ? null : value(random, field));
      }
    }
    return row(schema, key, fields.toArray());
  }

  /** So many rows of {@link #THINGS} with keys in random order, always the same. */
  public static List<Row> things(int count) {
    Random random = new Random(count);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = "%04x-%d".formatted(random.nextInt(0x10000), i);
      rows.add(random(random, THINGS, key));
    }
    return rows;
  }

  /** The instant of so many microseconds. */
  public static Instant micros(long micros) {
    return Row.instant(micros);
  }
}
