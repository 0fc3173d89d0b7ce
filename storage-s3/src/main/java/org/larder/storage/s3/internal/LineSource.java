package org.larder.storage.s3.internal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Lines in order, one by one; for one thread, which closes it. */
interface LineSource extends AutoCloseable {
  /** The next line; null behind the last. */
  Line next() throws IOException;

  @Override
  void close() throws IOException;

  /** What {@link #writeRun} wrote. */
  static LineSource ofRun(InputStream compressed) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new GZIPInputStream(compressed)));
    return new LineSource() {
      @Override
      public Line next() throws IOException {
        int generation = in.readInt();
        if (generation < 0) {
          return null;
        }
        return Line.of(generation, in.readNBytes(in.readInt()));
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  /** Writes all lines of a source: each its generation, its length, its bytes; at the end −1. */
  static void writeRun(LineSource source, OutputStream target) throws IOException {
    DataOutputStream out = new DataOutputStream(new GZIPOutputStream(target, 8192));
    for (Line line = source.next(); line != null; line = source.next()) {
      out.writeInt(line.generation());
      out.writeInt(line.bytes().length);
      out.write(line.bytes());
    }
    out.writeInt(-1);
    out.close();
  }
}
