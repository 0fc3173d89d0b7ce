package org.larder.journal;

import java.io.IOException;

/** Another journal, in this process or another, has the directory open. */
public final class JournalLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says which directory. */
  public JournalLockedException(String message) {
    super(message);
  }
}
