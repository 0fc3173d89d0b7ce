package org.larder.bench.jmh;

import org.larder.bench.load.Item;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.Template;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A task from its fields into the bytes that the journal keeps, and a field out of them again. */
@State(Scope.Thread)
public class RowEncoding {
  private static final CollectionSchema SCHEMA =
      CollectionSchema.named("tasks", 1)
          .key("task_id", 64)
          .field(Field.string("session_id", 36).required())
          .field(Field.string("batch_id", 64))
          .field(Field.string("sheet_name", 255))
          .field(Field.int64("row_index"))
          .field(Field.string("column_name", 255))
          .field(Field.text("source_text"))
          .field(Field.text("target_text"))
          .field(Field.string("status", 20).required())
          .field(Field.decimal("confidence", 4))
          .field(Field.int64("retry_count"))
          .field(Field.instant("start_time"))
          .field(Field.instant("end_time"))
          .field(Field.int64("duration_ms"))
          .build();

  private final RowBuilder builder = new RowBuilder(SCHEMA);
  private final byte[] target = new byte[4096];
  private char[][] texts;
  private Template template;
  private Row row;

  /** Takes a task's texts as the parser of requests has them: characters. */
  @Setup
  public void prepare() throws InvalidRowException {
    Item item = new Item(0, KeySequence.random(1));
    template = item.template();
    texts =
        new char[][] {
          item.taskId().toCharArray(),
          item.sessionId().toCharArray(),
          item.batchId().toCharArray(),
          template.sheetName().toCharArray(),
          template.columnName().toCharArray(),
          template.sourceText().toCharArray(),
          template.target().orElse("").toCharArray(),
          template.status().toCharArray()
        };
    fill();
    row = builder.build();
  }

  /** Validates and encodes. */
  @Benchmark
  public int encode() throws InvalidRowException {
    fill();
    return builder.writeTo(target, 0);
  }

  /** Finds a field in the middle of the encoded row. */
  @Benchmark
  public long decodeOneField() {
    return row.getLong(11);
  }

  private void fill() throws InvalidRowException {
    builder.clear();
    text(0, 0);
    text(1, 1);
    text(2, 2);
    text(3, 3);
    builder.setLong(4, 10_000);
    text(5, 4);
    text(6, 5);
    text(7, 6);
    text(8, 7);
    builder.setDecimal(9, template.confidence());
    builder.setLong(10, template.retryCount());
    builder.setMicros(11, template.startTime().toEpochMilli() * 1_000);
    builder.setMicros(12, template.endTime().toEpochMilli() * 1_000);
    builder.setLong(13, template.durationMs());
    builder.checkComplete();
  }

  private void text(int ordinal, int index) throws InvalidRowException {
    builder.setText(ordinal, texts[index], 0, texts[index].length);
  }
}
