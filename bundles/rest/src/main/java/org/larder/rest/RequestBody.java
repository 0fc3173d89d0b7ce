package org.larder.rest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.larder.storage.model.Limits;

/**
 * A request's body, whole, bounded and inflated, in an array that is used again after {@link
 * #close}. For one thread; the arrays are shared among all threads through two bounded queues.
 */
public final class RequestBody implements AutoCloseable {
  private static final int SMALL = 64 << 10;
  private static final int LARGE = 1 << 20;
  private static final int GZIP_BUFFER = 8 << 10;
  private static final ArrayBlockingQueue<byte[]> SMALLS = new ArrayBlockingQueue<>(64);
  private static final ArrayBlockingQueue<byte[]> LARGES = new ArrayBlockingQueue<>(8);

  private byte[] bytes;
  private int length;
  private long reserved;

  private RequestBody(int expected) {
    bytes = take(expected);
  }

  /**
   * Reads a body to its end.
   *
   * @param in the body as it comes
   * @param gzip true if it has to be inflated here
   * @param reserved bytes for which there is room already
   * @param reserve takes room for more bytes, or throws
   * @throws ProblemException 413 beyond the limit, 400 if the body cannot be read
   */
  public static RequestBody read(
      InputStream in, boolean gzip, long reserved, LongConsumer reserve) {
    if (reserved > Limits.REQUEST_BYTES) {
      throw Malformed.tooLarge();
    }
    RequestBody body = new RequestBody((int) reserved);
    body.reserved = reserved;
    boolean done = false;
    try {
      body.readAll(gzip ? new GZIPInputStream(in, GZIP_BUFFER) : in, reserve);
      done = true;
      return body;
    } catch (ZipException e) {
      throw Malformed.gzip();
    } catch (EOFException e) {
      throw gzip ? Malformed.gzip() : Malformed.body(e);
    } catch (IOException e) {
      throw e.getCause() instanceof ZipException ? Malformed.gzip() : Malformed.body(e);
    } finally {
      if (!done) {
        body.close();
      }
    }
  }

  private void readAll(InputStream source, LongConsumer reserve) throws IOException {
    for (int n = source.read(bytes, 0, bytes.length);
        n >= 0;
        n = source.read(bytes, length, bytes.length - length)) {
      length += n;
      if (length > Limits.REQUEST_BYTES) {
        throw Malformed.tooLarge();
      }
      if (length > reserved) {
        long more = Math.max(length - reserved, SMALL);
        reserve.accept(more);
        reserved += more;
      }
      if (length == bytes.length) {
        grow();
      }
    }
  }

  private void grow() {
    byte[] full = bytes;
    int wanted = Math.min(full.length * 2, Limits.REQUEST_BYTES + 1);
    bytes = take(wanted);
    System.arraycopy(full, 0, bytes, 0, length);
    giveBack(full);
  }

  /** The body is at the beginning of this array. */
  byte[] bytes() {
    return bytes;
  }

  /** Bytes of the body. */
  public int length() {
    return length;
  }

  /** A copy of the body. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** The array must not be used any more. */
  @Override
  public void close() {
    giveBack(bytes);
    bytes = new byte[0];
    length = 0;
  }

  private static byte[] take(int atLeast) {
    // One byte of room beyond the body, so that its end is seen without growing.
    int size = atLeast < SMALL ? SMALL : atLeast < LARGE ? LARGE : atLeast + 1;
    byte[] used = size == SMALL ? SMALLS.poll() : size == LARGE ? LARGES.poll() : null;
    return used == null ? new byte[size] : used;
  }

  private static void giveBack(byte[] array) {
    // A full queue lets the array go; that is what bounds the memory kept.
    if (array.length == SMALL) {
      SMALLS.offer(array);
    } else if (array.length == LARGE) {
      LARGES.offer(array);
    }
  }
}
