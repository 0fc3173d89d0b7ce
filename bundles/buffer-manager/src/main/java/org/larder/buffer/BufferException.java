package org.larder.buffer;

import java.time.Duration;
import java.util.Objects;

/** A write or read that cannot be served now. The message is fit to be shown to a client. */
public final class BufferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The journal is at its bound, or too many bytes are in flight: come back later. */
    FULL("BUFFER_FULL"),
    /** The disk is full. */
    DISK_FULL("DISK_FULL"),
    /** The journal cannot be written. */
    JOURNAL_FAILED("JOURNAL_FAILED"),
    /** The node's own files, other than the journal, cannot be written. */
    NODE_DISK_FAILED("NODE_DISK_FAILED"),
    /** The primary backend is away, or does not answer. */
    BACKEND_AWAY("BACKEND_AWAY"),
    /** The backend did not catch up before the deadline. Nothing is lost. */
    DEADLINE("FLUSH_DEADLINE"),
    /**
     * No decision in time: the primary is slow, or too many others decide on the same records.
     * Nothing was written.
     */
    UNDECIDED("DECISION_DEADLINE"),
    /**
     * A decision writes to collections that have different primaries, which cannot take it as one.
     * Nothing was written; an operator has to mend the routes.
     */
    ROUTES_APART("ROUTES_APART"),
    /** The node is starting or stopping. */
    CLOSED("NOT_READY");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** The stable code in {@code docs/error-codes.md}. */
    public String code() {
      return code;
    }
  }

  private final Reason reason;
  private final Duration retryAfter;

  /**
   * Describes what cannot be served.
   *
   * @param retryAfter when it is worth another try; zero for at once
   * @param cause may be null
   */
  public BufferException(Reason reason, String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
    this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** When it is worth another try. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
