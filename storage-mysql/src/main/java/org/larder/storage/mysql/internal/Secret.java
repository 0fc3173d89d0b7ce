package org.larder.storage.mysql.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLInvalidAuthorizationSpecException;

/**
 * A password, or the file that has it. A file is read each time, so that a password may be changed
 * while the node runs. Never printed. Immutable and free for any thread.
 */
final class Secret {
  private final String value;
  private final Path file;

  private Secret(String value, Path file) {
    this.value = value;
    this.file = file;
  }

  static Secret of(String value) {
    return new Secret(value, null);
  }

  /** The first line of a file. */
  static Secret in(Path file) {
    return new Secret("", file);
  }

  /**
   * The password.
   *
   * @throws SQLInvalidAuthorizationSpecException if its file cannot be read
   */
  String reveal() throws SQLInvalidAuthorizationSpecException {
    if (file == null) {
      return value;
    }
    try {
      return Files.readString(file).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new SQLInvalidAuthorizationSpecException(
          "the password file %s cannot be read".formatted(file), "28000", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
