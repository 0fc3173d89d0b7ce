package org.larder.storage.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing run of bytes that takes text as UTF-8; for one thread. */
final class Utf8Buffer {
  private byte[] bytes = new byte[1024];
  private int length;

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Appends text; returns its number of code points, or −1 if it has an unpaired surrogate. */
  int append(char[] chars, int offset, int count) {
    reserve(count * 3);
    byte[] target = bytes;
    int at = length;
    int end = offset + count;
    int pairs = 0;
    for (int i = offset; i < end; i++) {
      char c = chars[i];
      if (c < 0x80) {
        target[at++] = (byte) c;
      } else if (c < 0x800) {
        target[at++] = (byte) (0xC0 | (c >> 6));
        target[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        target[at++] = (byte) (0xE0 | (c >> 12));
        target[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        target[at++] = (byte) (0x80 | (c & 0x3F));
      } else {
        if (Character.isLowSurrogate(c)
            || i + 1 == end
            || !Character.isLowSurrogate(chars[i + 1])) {
          return -1;
        }
        int codePoint = Character.toCodePoint(c, chars[++i]);
        target[at++] = (byte) (0xF0 | (codePoint >> 18));
        target[at++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
        target[at++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        target[at++] = (byte) (0x80 | (codePoint & 0x3F));
        pairs++;
      }
    }
    length = at;
    return count - pairs;
  }

  void append(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  void append(ByteBuffer source) {
    int count = source.remaining();
    reserve(count);
    source.get(bytes, length, count);
    length += count;
  }

  void copyTo(int start, byte[] target, int at, int count) {
    System.arraycopy(bytes, start, target, at, count);
  }

  /** True if what was appended from start on equals the given bytes. */
  boolean endsWith(int start, byte[] expected) {
    return Arrays.equals(bytes, start, length, expected, 0, expected.length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
