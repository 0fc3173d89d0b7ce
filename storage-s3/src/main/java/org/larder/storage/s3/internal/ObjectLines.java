package org.larder.storage.s3.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The lines of a batch's object; for one thread. */
final class ObjectLines implements LineSource {
  private static final int BUFFER_BYTES = 8 << 10;

  private final InputStream in;
  private final Line.Origin origin;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;

  /** Opens an object. */
  ObjectLines(InputStream compressed, Line.Origin origin) throws IOException {
    this.origin = origin;
    try {
      in = new GZIPInputStream(compressed, BUFFER_BYTES);
    } catch (ZipException | EOFException e) {
      throw corrupt(e);
    }
  }

  private CorruptObjectException corrupt(IOException e) {
    return CorruptObjectException.in(origin.object(), e);
  }

  @Override
  public Line next() throws IOException {
    try {
      byte[] line = line();
      return line == null ? null : Line.of(origin, line);
    } catch (ZipException | EOFException | JsonProcessingException | CorruptObjectException e) {
      throw corrupt(e);
    }
  }

  private byte[] line() throws IOException {
    int searched = from;
    while (true) {
      for (int i = searched; i < to; i++) {
        if (buffer[i] == '\n') {
          byte[] line = Arrays.copyOfRange(buffer, from, i);
          from = i + 1;
          return line;
        }
      }
      searched = fill();
      if (searched < 0) {
        byte[] last = Arrays.copyOfRange(buffer, from, to);
        from = to;
        return last.length == 0 ? null : last;
      }
    }
  }

  /** Reads on behind what is not used yet; returns where the new bytes begin, −1 at the end. */
  private int fill() throws IOException {
    int kept = to - from;
    byte[] target = kept == buffer.length ? new byte[2 * kept] : buffer;
    System.arraycopy(buffer, from, target, 0, kept);
    buffer = target;
    from = 0;
    to = kept;
    int count = in.read(buffer, kept, buffer.length - kept);
    to += Math.max(0, count);
    return count < 0 ? -1 : kept;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
