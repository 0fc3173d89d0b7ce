package org.larder.translation.internal;

import java.math.BigDecimal;
import java.util.List;
import org.larder.rest.ItemFormat;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.MergeRule;

/** The collection of tasks. */
final class Tasks {
  static final List<String> STATUSES = List.of("pending", "processing", "completed", "failed");

  static final CollectionSchema SCHEMA =
      CollectionSchema.named("translation_tasks", 1)
          .key("task_id", 64)
          .field(Field.string("session_id", 36).required())
          .field(Field.string("batch_id", 64).required())
          .field(Field.string("sheet_name", 255).required())
          .field(Field.int64("row_index").atLeast(0).required())
          .field(Field.string("column_name", 255).required())
          .field(Field.text("source_text").required())
          .field(Field.text("target_text"))
          .field(Field.text("context"))
          .field(Field.text("error_message"))
          .field(Field.string("status", 20).oneOf(STATUSES.toArray(String[]::new)).required())
          .field(Field.decimal("confidence", 4).between(BigDecimal.ZERO, BigDecimal.ONE))
          .field(Field.int64("retry_count").atLeast(0).withDefault(0L))
          .field(Field.instant("start_time"))
          .field(Field.instant("end_time"))
          .field(Field.int64("duration_ms").atLeast(0))
          .field(Field.instant("created_at").merging(MergeRule.KEEP))
          .field(Field.instant("updated_at"))
          .index(Index.on("session_id", "status", "updated_at"))
          .index(Index.on("session_id", "row_index"))
          .index(Index.on("status", "created_at").including("duration_ms"))
          .index(Index.on("batch_id"))
          .index(Index.on("created_at"))
          .partitionBy("session_id")
          .retention("translation")
          .build();

  static final ItemFormat FORMAT = ItemFormat.of(SCHEMA).stamped("created_at", "updated_at");

  private Tasks() {}
}
