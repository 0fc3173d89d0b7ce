package org.larder.buffer.internal.migrate;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.RecordCursor;

/**
 * A range of keys of one backend: how many records, and their digest in the order of keys.
 *
 * @param after it begins behind this key; empty for the beginning
 * @param upTo it ends with this key; empty for the end of the collection
 * @param records how many
 * @param digest SHA-256 over the records, in hexadecimal
 */
record Range(String after, String upTo, long records, String digest) {
  private static final int MOST_RECORDS = 5_000;
  private static final long MOST_BYTES = 8L << 20;

  /** True if the other side has the same records. */
  boolean equalsIn(Range other) {
    return records == other.records && digest.equals(other.digest);
  }

  /** True if nothing comes behind it. */
  boolean isLast() {
    return upTo.isEmpty();
  }

  /** Cuts a scan into ranges; for one thread. */
  static final class Reader {
    private final RecordCursor cursor;
    private final CanonicalRow canonical;
    private final MessageDigest digest = CanonicalRow.digest();
    private String after;
    private Row next;

    /**
     * Reads a scan that has not begun.
     *
     * @param after the key behind which it begins
     */
    Reader(RecordCursor cursor, CollectionSchema schema, String after) {
      this.cursor = cursor;
      this.after = after;
      canonical = new CanonicalRow(schema);
      next = cursor.next();
    }

    /** The next range, of a bounded size. */
    Range next() {
      long records = 0;
      long bytes = 0;
      String last = "";
      while (next != null && records < MOST_RECORDS && bytes < MOST_BYTES) {
        canonical.addTo(digest, next);
        records++;
        bytes += next.encodedLength();
        last = next.key();
        next = cursor.next();
      }
      return ended(next == null ? "" : last, records);
    }

    /** The range up to the end of another; cut short when it has more records than that. */
    Range like(Range other) {
      long records = 0;
      while (next != null
          && records <= other.records()
          && (other.isLast() || Values.compareText(next.key(), other.upTo()) <= 0)) {
        canonical.addTo(digest, next);
        records++;
        next = cursor.next();
      }
      return ended(other.upTo(), records);
    }

    private Range ended(String upTo, long records) {
      String found = HexFormat.of().formatHex(digest.digest());
      Range range = new Range(after, upTo, records, found);
      after = upTo;
      return range;
    }
  }
}
