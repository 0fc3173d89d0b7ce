package org.larder.rest;

import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.MergeRule;

/** A collection with a field of every type. */
final class NotesSchema {
  static final CollectionSchema SCHEMA =
      CollectionSchema.named("notes", 1)
          .key("note_id", 36)
          .field(Field.string("title", 10).required())
          .field(Field.text("body"))
          .field(Field.int64("count").atLeast(0))
          .field(Field.of("weight", FieldType.FLOAT64, 0))
          .field(Field.decimal("price", 2))
          .field(Field.of("done", FieldType.BOOL, 0))
          .field(Field.instant("due"))
          .field(Field.json("extra"))
          .field(Field.json("settings"))
          .field(Field.of("blob", FieldType.BYTES, 0))
          .field(Field.instant("created_at").merging(MergeRule.KEEP))
          .build();

  static final ItemFormat FORMAT = ItemFormat.of(SCHEMA).stamped("created_at").objects("settings");

  private NotesSchema() {}
}
