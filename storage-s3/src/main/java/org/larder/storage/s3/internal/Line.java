package org.larder.storage.s3.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Comparator;
import org.larder.storage.model.Values;

/** One mutation as it was read, of which only the key and its place in time are known yet. */
final class Line {
  /** By key, then as they came about. */
  static final Comparator<Line> ORDER =
      Comparator.comparing(Line::key, Values::compareText)
          .thenComparingInt(Line::generation)
          .thenComparingLong(Line::sequence);

  private final String key;
  private final int generation;
  private final long sequence;
  private final byte[] bytes;

  private Line(String key, int generation, long sequence, byte[] bytes) {
    this.key = key;
    this.generation = generation;
    this.sequence = sequence;
    this.bytes = bytes;
  }

  /** Reads the beginning of a line. */
  static Line of(int generation, byte[] bytes) throws IOException {
    try (JsonParser json = Json.FACTORY.createParser(bytes)) {
      expect(json.nextToken() == JsonToken.START_OBJECT);
      expect("_key".equals(json.nextFieldName()));
      String key = json.nextTextValue();
      expect(key != null && "_seq".equals(json.nextFieldName()));
      expect(json.nextToken() == JsonToken.VALUE_NUMBER_INT);
      return new Line(key, generation, json.getLongValue(), bytes);
    }
  }

  private static void expect(boolean holds) throws IOException {
    if (!holds) {
      throw new CorruptObjectException("A line does not begin with _key and _seq", null);
    }
  }

  /** Whose mutation it is. */
  String key() {
    return key;
  }

  /** Which journal it comes from. */
  int generation() {
    return generation;
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
