package org.larder.storage.files.internal;

import java.util.Locale;
import java.util.Optional;
import org.larder.storage.blob.BlobNames;

/**
 * How segments of names are called on the disk: as they are, so that people and other programs find
 * them, but for three exceptions that end in or contain a {@code %}, which no name has. Immutable.
 *
 * <ul>
 *   <li>A folder with a dot in its name, and an object without one, get a {@code %} behind them: so
 *       the object {@code a} and the object {@code a/b} never meet.
 *   <li>Where the file system takes {@code A} and {@code a} for the same, a capital letter is
 *       written as {@code %} and the small one.
 * </ul>
 */
record FileNames(boolean foldsCase) {
  private static final char MARK = '%';

  /** The file of an object, from its last segment. */
  String file(String segment) {
    return escape(segment) + (segment.indexOf('.') < 0 ? MARK : "");
  }

  /** The folder for any other segment. */
  String folder(String segment) {
    return escape(segment) + (segment.indexOf('.') >= 0 ? MARK : "");
  }

  /** The last segment that a file stands for; empty for a file that is none of ours. */
  Optional<String> segmentOfFile(String file) {
    return unescape(file).filter(segment -> file(segment).equals(file));
  }

  /** The segment that a folder stands for; empty for a folder that is none of ours. */
  Optional<String> segmentOfFolder(String folder) {
    return unescape(folder).filter(segment -> folder(segment).equals(folder));
  }

  private String escape(String segment) {
    if (!foldsCase) {
      return segment;
    }
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      escaped.append(Character.isUpperCase(c) ? "%" + Character.toLowerCase(c) : c);
    }
    return escaped.toString();
  }

  private Optional<String> unescape(String name) {
    boolean marked = name.length() > 1 && name.charAt(name.length() - 1) == MARK;
    String escaped = marked ? name.substring(0, name.length() - 1) : name;
    String[] parts = escaped.split("%", -1);
    StringBuilder segment = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        return Optional.empty();
      }
      segment.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
    }
    return Optional.of(segment.toString()).filter(BlobNames::isValid);
  }
}
