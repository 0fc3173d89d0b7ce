package org.larder.buffer.internal.migrate;

import java.util.ArrayList;
import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.RecordCursor;

/** Finds the first records in which two backends differ, within a range. Stateless. */
final class Difference {
  private static final int MOST_SHOWN = 5;

  private Difference() {}

  /**
   * Goes through both and compares record by record.
   *
   * @param upTo the last key; empty for all
   * @return a few words for each of the first that differ; empty if none does
   */
  static List<String> find(
      CollectionSchema schema, RecordCursor source, RecordCursor target, String upTo) {
    CanonicalRow canonical = new CanonicalRow(schema);
    List<String> found = new ArrayList<>();
    Row left = within(source.next(), upTo);
    Row right = within(target.next(), upTo);
    while ((left != null || right != null) && found.size() < MOST_SHOWN) {
      int order = left == null ? 1 : right == null ? -1 : left.compareKey(right);
      if (order < 0) {
        found.add(left.key() + " is missing");
      } else if (order > 0) {
        found.add(right.key() + " should not be there");
      } else {
        List<String> fields = canonical.differences(left, right);
        if (!fields.isEmpty()) {
          found.add(left.key() + " differs in " + String.join(", ", fields));
        }
      }
      left = order <= 0 ? within(source.next(), upTo) : left;
      right = order >= 0 ? within(target.next(), upTo) : right;
    }
    return found;
  }

  private static Row within(Row row, String upTo) {
    boolean beyond = row != null && !upTo.isEmpty() && Values.compareText(row.key(), upTo) > 0;
    return beyond ? null : row;
  }
}
