package org.larder.storage.blob;

import java.util.regex.Pattern;

/**
 * Which names an object may have: safe as a path, as a URL and as a key of S3, and the same on
 * every file system. Stateless and free for any thread.
 *
 * <p>A name is made of segments, parted by {@code /}. A segment has 1 to 120 ASCII letters, digits
 * and {@code . _ -}; it neither begins nor ends with a dot. A name has at most 512 characters.
 * Names that differ in case are different names.
 */
public final class BlobNames {
  /** Characters of a name, at most. */
  public static final int NAME_CHARACTERS = 512;

  /** Characters of a segment, at most. */
  public static final int SEGMENT_CHARACTERS = 120;

  private static final Pattern SEGMENT =
      Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1," + SEGMENT_CHARACTERS + "}(?<!\\.)");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._/-]*");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private BlobNames() {}

  /** True if an object may have this name. */
  public static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > NAME_CHARACTERS) {
      return false;
    }
    for (String segment : name.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the name if an object may have it.
   *
   * @throws IllegalArgumentException if not
   */
  public static String check(String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException("Not a valid name of an object: " + printable(name));
    }
    return name;
  }

  /**
   * Returns a prefix of names, or a name to go on behind; either may be empty.
   *
   * @throws IllegalArgumentException if no name can begin so
   */
  public static String checkPart(String part) {
    if (part.length() > NAME_CHARACTERS || !PART.matcher(part).matches()) {
      throw new IllegalArgumentException("Not the beginning of any name: " + printable(part));
    }
    return part;
  }

  /**
   * Returns the hash if it is one.
   *
   * @throws IllegalArgumentException if it is not 64 digits of lower-case hexadecimal
   */
  public static String checkHash(String sha256) {
    if (!HASH.matcher(sha256).matches()) {
      throw new IllegalArgumentException("Not a SHA-256 in lower-case hexadecimal");
    }
    return sha256;
  }

  private static String printable(String name) {
    String start = name.substring(0, Math.min(name.length(), 80));
    return start.replaceAll("[^ -~]", "?");
  }
}
