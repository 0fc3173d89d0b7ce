package org.larder.storage.mysql.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Index;

/**
 * Types of columns, and what of them fits into an index. InnoDB bounds what the columns of a row
 * may take at most (64 KiB declared, half a page stored within it) and a key of an index (3072
 * bytes). Stateless and free for any thread.
 */
final class ColumnTypes {
  private static final int BYTES_PER_CODE_POINT = 4;

  /** Of the 65,535 bytes that all columns may declare together. */
  private static final int DECLARED_BYTES = 60_000;

  /** Of the half page that a row may take besides what is moved out of it. */
  private static final int INLINE_BYTES = 4000;

  /** What is shorter than that is never moved out of the page. */
  private static final int MOVABLE_BYTES = 256;

  /** What a column that may be moved out counts at most. */
  private static final int MOVED_BYTES = 41;

  private static final int KEY_BYTES = 3072;
  private static final int KEY_COLUMNS = 16;
  private static final int TEXT_PREFIX = 191;
  private static final int BYTES_PREFIX = 255;

  private ColumnTypes() {}

  static String of(CollectionSchema schema, Field field) {
    return switch (field.type()) {
      case STRING -> isVarchar(schema, field) ? "VARCHAR(" + field.size() + ")" : "TEXT";
      case TEXT, JSON -> "MEDIUMTEXT";
      case BYTES -> "MEDIUMBLOB";
      case FLOAT64 -> "DOUBLE";
      case BOOL -> "TINYINT";
      case INT64, DECIMAL, INSTANT -> "BIGINT";
    };
  }

  /** True while the columns up to this one leave room; those behind it have no say. */
  private static boolean isVarchar(CollectionSchema schema, Field field) {
    int declared = 0;
    int inline = 0;
    for (Field each : schema.fields()) {
      int bytes = each.size() * BYTES_PER_CODE_POINT;
      if (each.type() == FieldType.STRING) {
        boolean fits =
            declared + bytes + 2 <= DECLARED_BYTES && inline + inline(bytes) <= INLINE_BYTES;
        if (each.name().equals(field.name())) {
          return fits;
        }
        declared += fits ? bytes + 2 : 12;
        inline += fits ? inline(bytes) : MOVED_BYTES;
      } else {
        declared += 12;
        inline += each.type().isBytes() ? MOVED_BYTES : Long.BYTES;
      }
    }
    throw new IllegalArgumentException("No field of " + schema + ": " + field);
  }

  private static int inline(int bytes) {
    return bytes < MOVABLE_BYTES ? bytes + 1 : MOVED_BYTES;
  }

  /**
   * A column of an index.
   *
   * @param prefix how much of it the index has, in code points or bytes; 0 for all
   * @param bytes what that takes at most
   */
  private record Part(String column, int prefix, int bytes) {}

  /**
   * The columns of an index with their prefixes: its fields, then the key, so that every order that
   * the index serves is total, then what it carries besides, as far as that fits as a whole.
   */
  static List<String> indexed(CollectionSchema schema, Index index, MysqlDialect dialect) {
    Set<String> names = new LinkedHashSet<>(index.fields());
    names.add(schema.key().name());
    int longest = KEY_BYTES;
    List<Part> parts = parts(schema, names, longest);
    while (bytes(parts) > KEY_BYTES) {
      longest = longest * 3 / 4;
      parts = parts(schema, names, longest);
    }
    List<String> columns = new ArrayList<>();
    int room = KEY_BYTES - bytes(parts);
    for (String name : index.include()) {
      Part part = part(schema, schema.field(name), KEY_BYTES);
      if (part.prefix() == 0 && part.bytes() <= room && parts.size() < KEY_COLUMNS) {
        room -= part.bytes();
        parts.add(part);
      }
    }
    for (Part part : parts.subList(0, Math.min(KEY_COLUMNS, parts.size()))) {
      String prefix = part.prefix() == 0 ? "" : "(" + part.prefix() + ")";
      columns.add(dialect.quote(part.column()) + prefix);
    }
    return columns;
  }

  private static List<Part> parts(CollectionSchema schema, Set<String> names, int longest) {
    List<Part> parts = new ArrayList<>();
    names.forEach(name -> parts.add(part(schema, schema.field(name), longest)));
    return parts;
  }

  private static Part part(CollectionSchema schema, Field field, int longest) {
    return switch (field.type()) {
      case STRING -> {
        boolean whole = isVarchar(schema, field) && field.size() * BYTES_PER_CODE_POINT <= longest;
        int fitting = Math.max(1, longest / BYTES_PER_CODE_POINT);
        int points = whole ? field.size() : Math.min(field.size(), Math.min(TEXT_PREFIX, fitting));
        yield new Part(field.name(), whole ? 0 : points, points * BYTES_PER_CODE_POINT + 3);
      }
      case TEXT, JSON -> {
        int points = Math.min(TEXT_PREFIX, Math.max(1, longest / BYTES_PER_CODE_POINT));
        yield new Part(field.name(), points, points * BYTES_PER_CODE_POINT + 3);
      }
      case BYTES -> {
        int bytes = Math.min(BYTES_PREFIX, longest);
        yield new Part(field.name(), bytes, bytes + 3);
      }
      default -> new Part(field.name(), 0, Long.BYTES + 1);
    };
  }

  private static int bytes(List<Part> parts) {
    return parts.stream().mapToInt(Part::bytes).sum();
  }
}
