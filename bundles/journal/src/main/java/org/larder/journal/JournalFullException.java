package org.larder.journal;

import java.io.IOException;

/** The journal has reached its bound; nothing was appended. Readers that move on make room. */
public final class JournalFullException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public JournalFullException(String message) {
    super(message);
  }
}
