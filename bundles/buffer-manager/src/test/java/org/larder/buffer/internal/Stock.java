package org.larder.buffer.internal;

import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;

/** Guarded collections for tests of decisions. */
final class Stock {
  static final CollectionSchema ITEMS =
      CollectionSchema.named("stock", 1)
          .key("item_id", 36)
          .field(Field.string("name", 40))
          .field(Field.int64("n").withDefault(0L))
          .guarded()
          .build();

  static final CollectionSchema EVENTS =
      CollectionSchema.named("stock_events", 1)
          .key("id", 36)
          .field(Field.string("item_id", 36))
          .guarded()
          .build();

  private Stock() {}
}
