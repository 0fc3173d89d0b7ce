package org.larder.storage.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A place between two rows of an order, by which a page says where the next one begins: the row's
 * values in the order's fields, and its key. It stays good while rows come and go.
 *
 * @param values one for each step of the order, of the field's {@link
 *     org.larder.storage.model.FieldType#javaType()}; null for null
 * @param key the row's key
 */
public record Keyset(List<Object> values, String key) {
  public Keyset {
    values = Collections.unmodifiableList(new ArrayList<>(values));
    Objects.requireNonNull(key, "key");
  }
}
