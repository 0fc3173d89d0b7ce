package org.larder.storage.jdbc;

import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/**
 * What mutations must have in common to go through one prepared statement.
 *
 * @param kind what happens; not a delete
 * @param table the collection as the store knows it
 * @param row the schema of the rows, of the same or an older version
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
    long carried0,
    long carried1,
    long carried2,
    long carried3) {

  /** The shape of a mutation that writes to a table. */
  static Shape of(CollectionSchema table, Mutation mutation) {
    Row row = mutation.row();
    long[] carried = new long[4];
    if (mutation.kind() == Mutation.Kind.MERGE) {
      int count = row.schema().fields().size();
      for (int i = 0; i < count; i++) {
        if (!row.isAbsent(i)) {
          carried[i >> 6] |= 1L << i;
        }
      }
    }
    return new Shape(
        mutation.kind(), table, row.schema(), carried[0], carried[1], carried[2], carried[3]);
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
