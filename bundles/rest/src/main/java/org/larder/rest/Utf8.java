package org.larder.rest;

/** Says whether bytes are well-formed UTF-8, as the Unicode standard's table 3-7 defines it. */
final class Utf8 {
  private Utf8() {}

  static boolean isValid(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int lead = bytes[at++];
      if (lead >= 0) {
        continue;
      }
      int first = lead & 0xFF;
      int more = first < 0xC2 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : 0;
      if (more == 0 || to - at < more) {
        return false;
      }
      int second = bytes[at] & 0xFF;
      boolean shortest =
          switch (first) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second < 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
          };
      if (!shortest) {
        return false;
      }
      for (int i = 0; i < more; i++) {
        if ((bytes[at++] & 0xC0) != 0x80) {
          return false;
        }
      }
    }
    return true;
  }
}
