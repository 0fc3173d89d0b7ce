package org.larder.storage.jdbc;

import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;

/**
 * What mutations must have in common to go through one prepared statement.
 *
 * @param kind what happens; not a delete
 * @param table the collection as the store knows it
 * @param row the schema of the rows, of the same or an older version
 * @param belowDefault whether a merge may carry a maximum that is null or below its default: then a
 *     new row begins with another value than a row that is there is compared with
 * @param carried0 bits of the first 64 ordinals that the rows say something about; all clear unless
 *     the kind is a merge, since other kinds write every column
 * @param carried1 the next 64
 * @param carried2 the next 64
 * @param carried3 the last
 */
public record Shape(
    Mutation.Kind kind,
    CollectionSchema table,
    CollectionSchema row,
    boolean belowDefault,
    long carried0,
    long carried1,
    long carried2,
    long carried3) {

  /** The shape of a mutation that writes to a table. */
  static Shape of(CollectionSchema table, Mutation mutation) {
    Row row = mutation.row();
    long[] carried = new long[4];
    boolean below = false;
    if (mutation.kind() == Mutation.Kind.MERGE) {
      int count = row.schema().fields().size();
      for (int i = 0; i < count; i++) {
        if (!row.isAbsent(i)) {
          carried[i >> 6] |= 1L << i;
          below = below || isBelowDefault(row, i);
        }
      }
    }
    return new Shape(
        mutation.kind(),
        table,
        row.schema(),
        below,
        carried[0],
        carried[1],
        carried[2],
        carried[3]);
  }

  /** True for a maximum that is null or less than what a new row has without it. */
  static boolean isBelowDefault(Row row, int ordinal) {
    Field field = row.schema().field(ordinal);
    if (field.mergeRule() != MergeRule.MAX) {
      return false;
    }
    Object least = field.defaultValue().orElse(null);
    return least != null && (!row.has(ordinal) || Values.compare(row.value(ordinal), least) < 0);
  }

  /** True if rows of this shape say something about the field. */
  public boolean carries(int ordinal) {
    long bits =
        switch (ordinal >> 6) {
          case 0 -> carried0;
          case 1 -> carried1;
          case 2 -> carried2;
          default -> carried3;
        };
    return (bits & 1L << ordinal) != 0;
  }

  /** The value of a new row where nothing was said; null for null. */
  public Object defaultValue(int ordinal) {
    return ordinal < row.fields().size() ? row.field(ordinal).defaultValue().orElse(null) : null;
  }
}
