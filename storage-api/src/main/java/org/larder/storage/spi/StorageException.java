package org.larder.storage.spi;

import java.util.Objects;

/**
 * A call to a store that did not succeed. The host keeps its code and message as text and lets go
 * of the exception, so that no class of a plugin outlives it.
 */
public class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the host does about it. */
  public enum Severity {
    /** Repeat the call, after a while that grows: the store is away or was interrupted. */
    RETRY,
    /** Repeat the call soon: the store is there but locked or overloaded. */
    BUSY,
    /** Stop following until a person has looked: repeating cannot help. */
    HALT,
    /** Stop following for good: somebody with a higher epoch writes now. */
    FENCED
  }

  private final Severity severity;
  private final String code;

  /**
   * Describes a failed call.
   *
   * @param code a stable code of {@code docs/error-codes.md}
   * @param message what is wrong and what to do about it, without secrets
   * @param cause may be null
   */
  public StorageException(Severity severity, String code, String message, Throwable cause) {
    super(message, cause);
    this.severity = Objects.requireNonNull(severity, "severity");
    this.code = Objects.requireNonNull(code, "code");
  }

  /** Describes a failed call that has no cause to name. */
  public StorageException(Severity severity, String code, String message) {
    this(severity, code, message, null);
  }

  /** What the host does about it. */
  public Severity severity() {
    return severity;
  }

  /** A stable code of {@code docs/error-codes.md}. */
  public String code() {
    return code;
  }
}
