package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.journal.JournalFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said when the node's own files fail: paths are for the log alone, since clients read the
 * rest.
 */
public final class OwnFiles {
  /** What is said of one that is tried again by itself. */
  public static final String FAILED = "The node's own files cannot be used; its log has the reason";

  private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private OwnFiles() {}

  /**
   * An order that could not be noted.
   *
   * @param outcome what became of it, say "nothing was changed"
   * @return DISK_FULL or NODE_DISK_FAILED, to be thrown
   */
  public static BufferException refused(String outcome, IOException failure) {
    LOG.error("The node's own files cannot be written; {}", outcome, failure);
    return JournalFiles.system().isNoSpace(failure)
        ? new BufferException(
            Reason.DISK_FULL, "The disk is full; " + outcome, RETRY_AFTER, failure)
        : new BufferException(
            Reason.NODE_DISK_FAILED,
            "The node's own files cannot be written; " + outcome + "; its log has the reason",
            RETRY_AFTER,
            failure);
  }
}
