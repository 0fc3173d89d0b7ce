package org.larder.tck;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.larder.storage.blob.BlobStore;

/**
 * Content that is made while it is read, always the same for the same seed, with its hash. Free for
 * any thread.
 */
public final class BlobContent implements BlobStore.Source {
  private static final int BLOCK_BYTES = 8 << 10;

  private final int seed;
  private final long length;
  private final String sha256;
  private final AtomicInteger opened = new AtomicInteger();

  private BlobContent(int seed, long length) {
    this.seed = seed;
    this.length = length;
    try {
      sha256 = hash(stream());
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory does not fail", e);
    }
  }

  /** So many bytes. */
  public static BlobContent of(int seed, long length) {
    return new BlobContent(seed, length);
  }

  @Override
  public InputStream open() {
    opened.incrementAndGet();
    return stream();
  }

  private InputStream stream() {
    return new Generated();
  }

  /** How often it was opened. */
  public int timesOpened() {
    return opened.get();
  }

  /** Bytes of it. */
  public long length() {
    return length;
  }

  /** Its hash. */
  public String sha256() {
    return sha256;
  }

  /** All of it. */
  public byte[] bytes() {
    try (InputStream in = stream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory does not fail", e);
    }
  }

  /** The hash of what a stream gives, which it closes. */
  public static String hash(InputStream stream) throws IOException {
    try (InputStream in = stream) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BLOCK_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** A stream of the given bytes, as a source. */
  public static BlobStore.Source source(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }

  private final class Generated extends InputStream {
    private long at;

    @Override
    public int read() {
      return at == length ? -1 : value(at++) & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
      if (at == length && count > 0) {
        return -1;
      }
      // Short reads, as a network gives them.
      int given = (int) Math.min(Math.min(count, BLOCK_BYTES - 1), length - at);
      for (int i = 0; i < given; i++) {
        target[offset + i] = value(at++);
      }
      return given;
    }

    private byte value(long index) {
      long mixed = (index + seed * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
      return (byte) (mixed >>> 56);
    }
  }
}
