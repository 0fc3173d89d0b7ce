package org.larder.buffer.internal;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The opaque texts by which clients refer to places in the journal: URL-safe base 64 of a version
 * byte, the first half of the journal's id, epoch, lane, sequence, count and a checksum.
 */
final class Tokens {
  private static final byte VERSION = 1;
  private static final int BODY_BYTES = 1 + 8 + 8 + 2 + 8 + 4;
  private static final int TOKEN_BYTES = BODY_BYTES + 4;

  private Tokens() {}

  /** A stretch of one lane of this journal: from a sequence on, so many. */
  record Stretch(long epoch, int lane, long first, int count) {
    long end() {
      return first + count;
    }
  }

  static String encode(UUID journal, Stretch stretch) {
    ByteBuffer token = ByteBuffer.allocate(TOKEN_BYTES);
    token.put(VERSION).putLong(journal.getMostSignificantBits()).putLong(stretch.epoch());
    token.putShort((short) stretch.lane()).putLong(stretch.first()).putInt(stretch.count());
    token.putInt(checksum(token.array()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  /** Empty if the text is no token of this journal. */
  static Optional<Stretch> decode(UUID journal, String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != TOKEN_BYTES) {
      return Optional.empty();
    }
    ByteBuffer token = ByteBuffer.wrap(bytes);
    if (token.getInt(BODY_BYTES) != checksum(bytes)
        || token.get() != VERSION
        || token.getLong() != journal.getMostSignificantBits()) {
      return Optional.empty();
    }
    return Optional.of(
        new Stretch(token.getLong(), token.getShort(), token.getLong(), token.getInt()));
  }

  private static int checksum(byte[] token) {
    CRC32C crc = new CRC32C();
    crc.update(token, 0, BODY_BYTES);
    return (int) crc.getValue();
  }
}
