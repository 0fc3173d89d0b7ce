package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.larder.journal.JournalFile;

/** A stretch of a file held in a buffer that moves with the one who reads. One thread at a time. */
public final class FileWindow {
  private final ByteBuffer buffer;
  private final CRC32C checksum = new CRC32C();
  private JournalFile file;
  private long start;
  private int filled;

  /** A window of the size. */
  public FileWindow(int bytes) {
    buffer = ByteBuffer.allocateDirect(bytes);
  }

  void look(JournalFile other) {
    file = other;
    start = 0;
    filled = 0;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /**
   * Where in the buffer the bytes at the offset are, at least {@code length} of them and nothing at
   * or past the limit of the file; -1 when the file has not so many.
   */
  int at(long offset, int length, long limit) throws IOException {
    if (offset + length > limit) {
      return -1;
    }
    if (offset < start || offset + length > start + filled) {
      fill(offset, limit);
      if (length > filled) {
        return -1;
      }
    }
    return (int) (offset - start);
  }

  private void fill(long offset, long limit) throws IOException {
    filled = 0;
    start = offset;
    buffer.clear();
    buffer.limit((int) Math.min(buffer.capacity(), limit - offset));
    while (buffer.hasRemaining() && file.read(buffer, offset + buffer.position()) >= 0) {
      // reads until the buffer is full or the file ends
    }
    filled = buffer.position();
    buffer.clear();
  }

  /** The CRC32C of bytes of any length; -1 as a long when the file ends before. */
  long checksum(long offset, int length, long limit) throws IOException {
    checksum.reset();
    int done = 0;
    while (done < length) {
      int part = part(offset + done, length - done);
      int index = at(offset + done, part, limit);
      if (index < 0) {
        return -1;
      }
      buffer.limit(index + part).position(index);
      checksum.update(buffer);
      buffer.clear();
      done += part;
    }
    return checksum.getValue();
  }

  /** A copy of bytes that are known to be there. */
  byte[] copy(long offset, int length, long limit) throws IOException {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int part = part(offset + done, length - done);
      int index = at(offset + done, part, limit);
      if (index < 0) {
        throw new IOException("the file ends before offset " + (offset + length));
      }
      buffer.get(index, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  /** As much as is in the window already, else as much as fits. */
  private int part(long offset, int length) {
    long ahead = start + filled - offset;
    boolean within = offset >= start && ahead > 0;
    return (int) Math.min(length, within ? ahead : buffer.capacity());
  }
}
