package org.larder.storage.s3.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Comparator;
import org.larder.storage.model.Values;

/** One mutation as it was read, of which only the key and its place in time are known yet. */
final class Line {
  /**
   * Where lines come from.
   *
   * @param object the name of the batch's object
   * @param generation which journal it is of
   */
  record Origin(String object, int generation) {}

  /** By key, then as they came about. */
  static final Comparator<Line> ORDER =
      Comparator.comparing(Line::key, Values::compareText)
          .thenComparingInt(line -> line.origin().generation())
          .thenComparingLong(Line::sequence);

  private final String key;
  private final Origin origin;
  private final long sequence;
  private final byte[] bytes;

  private Line(Origin origin, String key, long sequence, byte[] bytes) {
    this.origin = origin;
    this.key = key;
    this.sequence = sequence;
    this.bytes = bytes;
  }

  /** Reads the beginning of a line. */
  static Line of(Origin origin, byte[] bytes) throws IOException {
    try (JsonParser json = Json.FACTORY.createParser(bytes)) {
      expect(json.nextToken() == JsonToken.START_OBJECT);
      expect("_key".equals(json.nextFieldName()));
      String key = json.nextTextValue();
      expect(key != null && "_seq".equals(json.nextFieldName()));
      expect(json.nextToken() == JsonToken.VALUE_NUMBER_INT);
      return new Line(origin, key, json.getLongValue(), bytes);
    }
  }

  private static void expect(boolean holds) throws IOException {
    if (!holds) {
      throw new CorruptObjectException("a line does not begin with _key and _seq", null);
    }
  }

  /** Whose mutation it is. */
  String key() {
    return key;
  }

  /** The object that it was read from. */
  Origin origin() {
    return origin;
  }

  /** Its place in the journal. */
  long sequence() {
    return sequence;
  }

  /** The whole line, without its end; not copied. */
  byte[] bytes() {
    return bytes;
  }
}
