package org.larder.buffer;

import java.util.Objects;

/** A migration that cannot begin, or be undone, with the reason. Nothing has changed. */
public final class MigrationRefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * Describes what is wrong.
   *
   * @param code a stable code of {@code docs/error-codes.md}
   * @param message what is wrong and what to do about it, fit to be shown to the operator
   */
  public MigrationRefusedException(String code, String message) {
    super(message);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** A stable code of {@code docs/error-codes.md}. */
  public String code() {
    return code;
  }
}
