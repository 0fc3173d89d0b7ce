package org.larder.buffer.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The opaque texts by which clients refer to places in the journal: URL-safe base 64 of a version
 * byte, the first half of the journal's id, epoch, lane, sequence, count, a hash of the
 * collection's name and a checksum.
 */
final class Tokens {
  private static final byte VERSION = 2;
  private static final int BODY_BYTES = 1 + 8 + 8 + 2 + 8 + 4 + 4;
  private static final int TOKEN_BYTES = BODY_BYTES + 4;

  private Tokens() {}

  /**
   * A stretch of one lane of this journal: from a sequence on, so many.
   *
   * @param collection {@link #hash} of whose records they are; 0 if that does not matter
   */
  record Stretch(long epoch, int lane, long first, int count, int collection) {
    long end() {
      return first + count;
    }
  }

  /** What stands for a collection in a token. */
  static int hash(String collection) {
    byte[] name = collection.getBytes(StandardCharsets.UTF_8);
    return checksum(name, name.length);
  }

  static String encode(UUID journal, Stretch stretch) {
    ByteBuffer token = ByteBuffer.allocate(TOKEN_BYTES);
    token.put(VERSION).putLong(journal.getMostSignificantBits()).putLong(stretch.epoch());
    token.putShort((short) stretch.lane()).putLong(stretch.first()).putInt(stretch.count());
    token.putInt(stretch.collection());
    token.putInt(checksum(token.array(), BODY_BYTES));
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
    if (token.getInt(BODY_BYTES) != checksum(bytes, BODY_BYTES)
        || token.get() != VERSION
        || token.getLong() != journal.getMostSignificantBits()) {
      return Optional.empty();
    }
    return Optional.of(
        new Stretch(
            token.getLong(), token.getShort(), token.getLong(), token.getInt(), token.getInt()));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
