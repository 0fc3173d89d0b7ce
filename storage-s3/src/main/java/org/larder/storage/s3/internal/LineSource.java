package org.larder.storage.s3.internal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Lines in order, one by one; for one thread, which closes it. */
interface LineSource extends AutoCloseable {
  /** The next line; null behind the last. */
  Line next() throws IOException;

  @Override
  void close() throws IOException;

  /**
   * What {@link #writeRun} wrote.
   *
   * @param origins all that lines may come from, in the same order
   */
  static LineSource ofRun(InputStream compressed, List<Line.Origin> origins) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new GZIPInputStream(compressed)));
    return new LineSource() {
      @Override
      public Line next() throws IOException {
        int origin = in.readInt();
        if (origin < 0) {
          return null;
        }
        return Line.of(origins.get(origin), in.readNBytes(in.readInt()));
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  /**
   * Writes all lines of a source: each the number of its origin, its length, its bytes; at the end
   * −1.
   *
   * @param numbers of all that lines may come from
   */
  static void writeRun(LineSource source, Map<Line.Origin, Integer> numbers, OutputStream target)
      throws IOException {
    DataOutputStream out = new DataOutputStream(new GZIPOutputStream(target, 8192));
    for (Line line = source.next(); line != null; line = source.next()) {
      out.writeInt(numbers.get(line.origin()));
      out.writeInt(line.bytes().length);
      out.write(line.bytes());
    }
    out.writeInt(-1);
    out.close();
  }
}
