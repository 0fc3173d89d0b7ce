package org.larder.tck;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails in its midst; for one thread. */
final class BlobFailingStream extends FilterInputStream {
  private final IOException failure;
  private long left;

  BlobFailingStream(InputStream in, long failsAfter, IOException failure) {
    super(in);
    left = failsAfter;
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    count(1);
    return super.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    count(count);
    return count;
  }

  private void count(int bytes) throws IOException {
    left -= bytes;
    if (left < 0) {
      throw failure;
    }
  }
}
