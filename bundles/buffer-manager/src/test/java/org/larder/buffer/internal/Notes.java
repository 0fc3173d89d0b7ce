package org.larder.buffer.internal;

import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Row;

/** The collections of these tests. */
final class Notes {
  static final CollectionSchema V1 = schema(1).build();

  static final CollectionSchema V2 = schema(2).field(Field.text("remark")).build();

  static final CollectionSchema TAGS =
      CollectionSchema.named("tags", 1).key("tag", 20).field(Field.int64("n")).build();

  private Notes() {}

  /** A note with a number, as a store has it. */
  static Row note(String key, long n) {
    try {
      return Row.of(V1).set("note_id", key).set("n", n).build().under(V1);
    } catch (InvalidRowException e) {
      throw new AssertionError(e);
    }
  }

  private static CollectionSchema.Builder schema(int version) {
    return CollectionSchema.named("notes", version)
        .key("note_id", 36)
        .field(Field.string("book", 20))
        .field(Field.text("body"))
        .field(Field.int64("n").withDefault(0L))
        .field(Field.int64("best").merging(MergeRule.MAX))
        .field(Field.instant("created_at").merging(MergeRule.KEEP))
        .partitionBy("book");
  }
}
