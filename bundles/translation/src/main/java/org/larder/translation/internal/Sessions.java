package org.larder.translation.internal;

import java.util.List;
import org.larder.rest.ItemFormat;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Row;

/** The collection of sessions. */
final class Sessions {
  static final List<String> STATUSES =
      List.of("pending", "processing", "completed", "failed", "cancelled");

  static final CollectionSchema SCHEMA =
      CollectionSchema.named("translation_sessions", 1)
          .key("session_id", 36)
          .field(Field.string("filename", 255).required())
          .field(Field.string("file_path", 512).required())
          .field(Field.string("status", 20).oneOf(STATUSES.toArray(String[]::new)).required())
          .field(Field.string("llm_provider", 50).required())
          .field(Field.json("game_info"))
          .field(Field.json("metadata"))
          .field(count("total_tasks").merging(MergeRule.MAX))
          .field(count("completed_tasks").merging(MergeRule.MAX))
          .field(count("failed_tasks").merging(MergeRule.MAX))
          .field(count("processing_tasks"))
          .field(Field.instant("created_at").merging(MergeRule.KEEP))
          .field(Field.instant("updated_at"))
          .index(Index.on("status", "created_at").including("updated_at"))
          .index(Index.on("llm_provider", "created_at"))
          .index(Index.on("created_at"))
          .index(Index.on("updated_at"))
          .retention("translation")
          .build();

  static final ItemFormat FORMAT =
      ItemFormat.of(SCHEMA).stamped("created_at", "updated_at").objects("game_info", "metadata");

  private static final int STATUS = SCHEMA.ordinal("status");
  private static final int TOTAL = SCHEMA.ordinal("total_tasks");
  private static final int COMPLETED = SCHEMA.ordinal("completed_tasks");
  private static final int FAILED = SCHEMA.ordinal("failed_tasks");
  private static final int PROCESSING = SCHEMA.ordinal("processing_tasks");

  private Sessions() {}

  private static Field count(String name) {
    return Field.int64(name).atLeast(0).withDefault(0L);
  }

  static boolean isOpen(Row session) {
    String status = session.has(STATUS) ? session.getString(STATUS) : "";
    return status.equals("pending") || status.equals("processing");
  }

  /** Tasks that nobody has begun. */
  static long pendingTasks(Row session) {
    return Math.max(0, remainingTasks(session) - number(session, PROCESSING));
  }

  /** Tasks that are neither completed nor failed. */
  static long remainingTasks(Row session) {
    long done = number(session, COMPLETED) + number(session, FAILED);
    return Math.max(0, number(session, TOTAL) - done);
  }

  /** Completed tasks in percent of all, with two decimals. */
  static double progress(Row session) {
    long total = number(session, TOTAL);
    if (total == 0) {
      return 0;
    }
    double percent = 100.0 * number(session, COMPLETED) / total;
    return Math.min(100, Math.round(percent * 100) / 100.0);
  }

  private static long number(Row row, int ordinal) {
    return row.has(ordinal) ? row.getLong(ordinal) : 0;
  }
}
