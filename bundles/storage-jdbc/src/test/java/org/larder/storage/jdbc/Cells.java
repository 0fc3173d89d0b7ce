package org.larder.storage.jdbc;

import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;

/** A collection with names that have to be quoted and a field of most types. */
final class Cells {
  static final CollectionSchema SCHEMA =
      CollectionSchema.named("order", 1)
          .key("select", 36)
          .field(Field.string("group", 20))
          .field(Field.text("body"))
          .field(Field.int64("row"))
          .field(Field.of("weight", FieldType.FLOAT64, 0))
          .field(Field.decimal("price", 2))
          .field(Field.of("done", FieldType.BOOL, 0))
          .field(Field.instant("at"))
          .build();

  private Cells() {}
}
