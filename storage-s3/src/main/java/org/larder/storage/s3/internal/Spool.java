package org.larder.storage.s3.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/**
 * A temporary file that sections are appended to and read from, any number at one time. It has no
 * name while it is open, so that nothing is left of it after a crash. For one thread.
 */
final class Spool implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  /**
   * A part of the file.
   *
   * @param offset where it begins
   * @param length bytes of it
   */
  record Section(long offset, long length) {}

  /** Writes a section. */
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  private final FileChannel channel;
  private long end;

  private Spool(FileChannel channel) {
    this.channel = channel;
  }

  static Spool in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("scan-" + UUID.randomUUID());
    return new Spool(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /** Appends a section. */
  Section append(Writer writer) throws IOException {
    long begin = end;
    try (OutputStream out = new BufferedOutputStream(new Appender(), BUFFER_BYTES)) {
      writer.write(out);
    }
    return new Section(begin, end - begin);
  }

  /** A section from its beginning. */
  InputStream open(Section section) {
    return new Reader(section);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Appender extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
      while (bytes.hasRemaining()) {
        end += channel.write(bytes, end);
      }
    }
  }

  private final class Reader extends InputStream {
    private final long last;
    private long at;

    private Reader(Section section) {
      at = section.offset();
      last = at + section.length();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (at == last) {
        return length == 0 ? 0 : -1;
      }
      int wanted = (int) Math.min(length, last - at);
      int count = channel.read(ByteBuffer.wrap(target, offset, wanted), at);
      at += Math.max(0, count);
      return count;
    }
  }
}
