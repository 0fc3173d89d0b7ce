package org.larder.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link JournalFiles}. One thread at a time. */
public interface JournalFile extends Closeable {

  /** Reads some bytes at the position; -1 at or past the end of the file. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes all the remaining bytes at the position. */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Returns once everything written so far is on the disk.
   *
   * @param metadata whether times and the like must be there as well; size always is
   */
  void force(boolean metadata) throws IOException;

  /** The size in bytes. */
  long size() throws IOException;

  /** Cuts the file to the size. */
  void truncate(long size) throws IOException;
}
