package org.larder.storage.model;

import java.util.List;

/**
 * Schemas as bytes, for the records of the journal that keep them. Stateless and free for any
 * thread.
 *
 * <p>Format 1, where a number is a varint and text is a length and UTF-8: the byte 1; name;
 * version; number of fields and the fields; number of indexes and the indexes; ordinal of the
 * partition field; retention class. A field is its name; {@link FieldType#code()}; size; {@link
 * MergeRule#code()}; a byte of flags (1 required, 2 has a default, 4 a minimum, 8 a maximum); what
 * the flags announce; number of allowed values and these. A default is a zigzag varint for integers
 * and microseconds, eight bytes for a double, one byte for a boolean, text, or a decimal. A decimal
 * is its scale as a zigzag varint, a length, and its unscaled value in two's complement,
 * big-endian. An index is the number of its fields and their ordinals, and the same of what it
 * includes. What was encoded once reads for ever; a later format begins with another byte.
 *
 * <p>Format 2 is that of schemas that are guarded: the byte 2, and for the rest as format 1.
 */
public final class SchemaCodec {
  private static final int FORMAT = 1;
  private static final int GUARDED_FORMAT = 2;

  private SchemaCodec() {}

  /** Encodes a schema; equal schemas have equal bytes. */
  public static byte[] encode(CollectionSchema schema) {
    SchemaOutput out = new SchemaOutput();
    out.octet(schema.isGuarded() ? GUARDED_FORMAT : FORMAT);
    out.text(schema.name());
    out.number(schema.version());
    out.number(schema.fields().size());
    schema.fields().forEach(out::field);
    out.number(schema.indexes().size());
    for (Index index : schema.indexes()) {
      ordinals(schema, index.fields(), out);
      ordinals(schema, index.include(), out);
    }
    out.number(schema.ordinal(schema.partitionField()));
    out.text(schema.retentionClass());
    return out.toByteArray();
  }

  /**
   * Decodes what {@link #encode} made.
   *
   * @throws IllegalArgumentException if the bytes are no schema, or one of a later format
   */
  public static CollectionSchema decode(byte[] bytes) {
    try {
      return decode(new SchemaInput(bytes));
    } catch (ArrayIndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("A schema that is damaged", e);
    }
  }

  private static CollectionSchema decode(SchemaInput in) {
    int format = in.octet();
    if (format != FORMAT && format != GUARDED_FORMAT) {
      throw new IllegalArgumentException("A schema of the unknown format " + format);
    }
    CollectionSchema.Builder builder = CollectionSchema.named(in.text(), in.number());
    Field[] fields = new Field[in.count()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = in.field();
      if (i == CollectionSchema.KEY) {
        builder.key(fields[i].name(), fields[i].size());
      } else {
        builder.field(fields[i]);
      }
    }
    int indexes = in.count();
    for (int i = 0; i < indexes; i++) {
      builder.index(new Index(names(fields, in), names(fields, in)));
    }
    builder.partitionBy(fields[in.number()].name());
    builder.retention(in.text());
    in.expectEnd();
    if (format == GUARDED_FORMAT) {
      builder.guarded();
    }
    return builder.build();
  }

  private static void ordinals(CollectionSchema schema, List<String> names, SchemaOutput out) {
    out.number(names.size());
    names.forEach(name -> out.number(schema.ordinal(name)));
  }

  private static List<String> names(Field[] fields, SchemaInput in) {
    String[] names = new String[in.count()];
    for (int i = 0; i < names.length; i++) {
      names[i] = fields[in.number()].name();
    }
    return List.of(names);
  }
}
