package org.larder.rest;

import java.util.Objects;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.RowBuilder;

/**
 * How items of a collection are read from JSON: one member a field, under the field's name.
 * Immutable: the methods that are named after a property return a changed copy.
 *
 * <pre>{@code
 * ItemFormat.of(schema).stamped("created_at", "updated_at").objects("metadata")
 * }</pre>
 */
public final class ItemFormat {
  private final CollectionSchema schema;
  private final FieldNames names;
  private final boolean[] stamped;
  private final boolean[] objects;
  private final Check check;

  /** Looks at an item when all of its fields are read and stamped. */
  @FunctionalInterface
  public interface Check {
    /**
     * May change the row, or refuse it.
     *
     * @param nowMicros the time the row was stamped with
     */
    void check(RowBuilder row, long nowMicros) throws InvalidRowException;
  }

  private ItemFormat(CollectionSchema schema) {
    this.schema = schema;
    this.names = new FieldNames(schema);
    this.stamped = new boolean[schema.fields().size()];
    this.objects = new boolean[schema.fields().size()];
    this.check = (row, nowMicros) -> {};
  }

  private ItemFormat(ItemFormat other, boolean[] stamped, boolean[] objects, Check check) {
    this.schema = other.schema;
    this.names = other.names;
    this.stamped = stamped;
    this.objects = objects;
    this.check = check;
  }

  /** Reads every field of the collection, and ignores members that are none. */
  public static ItemFormat of(CollectionSchema schema) {
    return new ItemFormat(schema);
  }

  /** Sets these instants to the time of the request; what clients send for them is ignored. */
  public ItemFormat stamped(String... fields) {
    return new ItemFormat(this, mark(stamped, FieldType.INSTANT, fields), objects, check);
  }

  /** Takes nothing but objects (or null) for these JSON fields. */
  public ItemFormat objects(String... fields) {
    return new ItemFormat(this, stamped, mark(objects, FieldType.JSON, fields), check);
  }

  /** Looks at each item before it is taken. */
  public ItemFormat checked(Check rule) {
    return new ItemFormat(this, stamped, objects, Objects.requireNonNull(rule, "rule"));
  }

  private boolean[] mark(boolean[] marks, FieldType type, String... fields) {
    boolean[] copy = marks.clone();
    for (String name : fields) {
      Field field = schema.field(name);
      if (field.type() != type) {
        throw new IllegalArgumentException(field + " is not of type " + type);
      }
      copy[schema.ordinal(name)] = true;
    }
    return copy;
  }

  /** The collection. */
  public CollectionSchema schema() {
    return schema;
  }

  /** The ordinal of a field that clients may set, or −1. */
  int readable(String name) {
    int ordinal = names.ordinal(name);
    return ordinal >= 0 && stamped[ordinal] ? -1 : ordinal;
  }

  /** True if the JSON field takes nothing but objects. */
  boolean takesOnlyObjects(int ordinal) {
    return objects[ordinal];
  }

  /** Stamps and checks a row. */
  void finish(RowBuilder row, long nowMicros) throws InvalidRowException {
    for (int i = 0; i < stamped.length; i++) {
      if (stamped[i]) {
        row.setMicros(i, nowMicros);
      }
    }
    check.check(row, nowMicros);
  }
}
