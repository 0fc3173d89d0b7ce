package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Limits;

class RequestBodyTest {
  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static InputStream bytes(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static void assertRefused(InputStream in, boolean gzip, int status) {
    assertThatThrownBy(() -> RequestBody.read(in, gzip, 0, more -> {}).close())
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(status));
  }

  @Test
  void bodyOfEverySizeIsReadWhole() {
    for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 1_048_576, 3_000_001}) {
      byte[] plain = new byte[size];
      Arrays.fill(plain, (byte) 7);
      for (long expected : new long[] {0, size}) {
        try (RequestBody body = RequestBody.read(bytes(plain), false, expected, more -> {})) {
          assertThat(body.copy()).isEqualTo(plain);
        }
      }
    }
  }

  @Test
  void gzipIsInflated() throws IOException {
    byte[] plain = new byte[200_000];
    AtomicLong reserved = new AtomicLong();
    try (RequestBody body = RequestBody.read(bytes(gzip(plain)), true, 0, reserved::addAndGet)) {
      assertThat(body.copy()).isEqualTo(plain);
    }
    assertThat(reserved.get()).isGreaterThanOrEqualTo(plain.length);
  }

  @Test
  void gzipBombIsTooLarge() throws IOException {
    assertRefused(bytes(gzip(new byte[Limits.REQUEST_BYTES + 1])), true, 413);
  }

  @Test
  void exactlyTheLimitIsRead() throws IOException {
    byte[] plain = new byte[Limits.REQUEST_BYTES];
    try (RequestBody body = RequestBody.read(bytes(gzip(plain)), true, 0, more -> {})) {
      assertThat(body.length()).isEqualTo(plain.length);
    }
  }

  @Test
  void endlessBodyIsTooLarge() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return ' ';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) ' ');
            return length;
          }
        };
    assertRefused(endless, false, 413);
  }

  @Test
  void brokenGzipIsMalformed() throws IOException {
    assertRefused(bytes(new byte[] {1, 2, 3, 4}), true, 400);
    byte[] packed = gzip(new byte[10_000]);
    assertRefused(bytes(Arrays.copyOf(packed, packed.length - 5)), true, 400);
    packed[packed.length - 2] ^= 1;
    assertRefused(bytes(packed), true, 400);
    assertRefused(bytes(new byte[0]), true, 400);
  }

  @Test
  void bodyThatBreaksOffIsMalformed() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    assertRefused(broken, false, 400);
  }
}
