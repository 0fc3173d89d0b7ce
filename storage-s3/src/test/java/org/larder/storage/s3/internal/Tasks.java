package org.larder.storage.s3.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.tck.Samples;

/** Records such as a translation leaves, to measure with. Stateless. */
final class Tasks {
  static final CollectionSchema SCHEMA =
      CollectionSchema.named("tasks", 1)
          .key("task_id", 32)
          .field(Field.string("session_id", 34))
          .field(Field.string("batch_id", 18))
          .field(Field.int64("row_index"))
          .field(Field.string("sheet_name", 60))
          .field(Field.string("column_name", 60))
          .field(Field.text("source_text"))
          .field(Field.text("target_text"))
          .field(Field.string("status", 20))
          .field(Field.of("confidence", FieldType.FLOAT64, 0))
          .field(Field.int64("retry_count"))
          .field(Field.instant("start_time"))
          .field(Field.instant("end_time"))
          .field(Field.int64("duration_ms"))
          .build();
  private static final String[] WORDS = {
    "invoice", "total", "delivery", "address", "Lieferung", "Straße", "получатель", "сумма",
    "発送", "合計金額", "naïve", "résumé", "quantity", "unit", "price", "customer"
  };

  static final int BATCH = 1000;

  private Tasks() {}

  /** A batch of merges of new keys, sorted. */
  static List<Mutation> batch(Random random, long from) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      keys.add("%016x%016x".formatted(random.nextLong(), random.nextLong()));
    }
    keys.sort(null);
    List<Mutation> mutations = new ArrayList<>();
    Instant start = Instant.parse("2026-11-21T10:00:00.123456Z");
    for (int i = 0; i < BATCH; i++) {
      mutations.add(
          Samples.merge(
              SCHEMA,
              from + i,
              keys.get(i),
              "session_id",
              "s-" + new UUID(7, from / BATCH).toString().replace("-", ""),
              "batch_id",
              "batch-%012d".formatted(from + i / 50),
              "row_index",
              (long) i,
              "sheet_name",
              "Sheet " + random.nextInt(8),
              "column_name",
              "column " + random.nextInt(12),
              "source_text",
              text(random),
              "target_text",
              text(random),
              "status",
              "completed",
              "confidence",
              random.nextInt(1000) / 1000.0,
              "retry_count",
              (long) random.nextInt(3),
              "start_time",
              start.plusMillis(random.nextInt(100_000)),
              "end_time",
              start.plusMillis(100_000 + random.nextInt(100_000)),
              "duration_ms",
              (long) random.nextInt(100_000)));
    }
    return mutations;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
