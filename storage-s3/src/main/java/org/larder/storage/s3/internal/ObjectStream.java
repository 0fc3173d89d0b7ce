package org.larder.storage.s3.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.Abortable;

/**
 * The content of an object, straight from the connection; for one thread. Closed before its end it
 * gives the connection up instead of reading the rest.
 */
final class ObjectStream extends InputStream {
  private final InputStream in;
  private final S3Settings settings;
  private boolean ended;

  ObjectStream(InputStream in, S3Settings settings) {
    this.in = in;
    this.settings = settings;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    try {
      int count = in.read(target, offset, length);
      ended |= count < 0;
      return count;
    } catch (SdkException e) {
      throw Failure.of(e, settings).forBlobs();
    }
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    if (!ended && in instanceof Abortable abortable) {
      abortable.abort();
    }
    in.close();
  }
}
