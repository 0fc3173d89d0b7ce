package org.larder.journal;

import java.io.IOException;

/**
 * Frames could not be written or forced, or the journal is closed. What was appended before is not
 * touched by it, and unless the journal is closed a later append may well succeed.
 */
public final class JournalFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean diskFull;

  /** Says why, and whether the disk has no space left. */
  public JournalFailedException(String message, boolean diskFull, Throwable cause) {
    super(message, cause);
    this.diskFull = diskFull;
  }

  /** Whether the cause is a disk (or a quota) without space. */
  public boolean diskFull() {
    return diskFull;
  }
}
