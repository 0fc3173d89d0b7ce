package org.larder.storage.s3.internal;

import java.io.IOException;

/** An object that is not what was written. */
final class CorruptObjectException extends IOException {
  private static final long serialVersionUID = 1L;

  CorruptObjectException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Names the object in which something was found. */
  static CorruptObjectException in(String object, Exception found) {
    return new CorruptObjectException(object + " is damaged: " + found.getMessage(), found);
  }
}
