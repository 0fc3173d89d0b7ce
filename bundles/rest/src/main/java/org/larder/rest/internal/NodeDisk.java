package org.larder.rest.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders that the node notes in files of its own, which it may not be able to write. */
final class NodeDisk {
  private static final Logger log = LoggerFactory.getLogger(NodeDisk.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private NodeDisk() {}

  /**
   * Does what is noted.
   *
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if it cannot be; nothing has changed then
   */
  static <T> T noted(Supplier<T> change) {
    try {
      return change.get();
    } catch (UncheckedIOException e) {
      log.error("The node's own files cannot be written: {}", e.getCause().toString());
      throw notWritten(e.getCause());
    }
  }

  /** Does what is noted and has no result, as {@link #noted}. */
  static void note(Runnable change) {
    noted(
        () -> {
          change.run();
          return true;
        });
  }

  private static BufferException notWritten(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    boolean full = message.contains("No space left") || message.contains("quota exceeded");
    return full
        ? new BufferException(
            Reason.DISK_FULL, "The disk is full; nothing was changed", RETRY_AFTER, failure)
        : new BufferException(
            Reason.NODE_DISK_FAILED,
            "The node's own files cannot be written; nothing was changed: " + message,
            RETRY_AFTER,
            failure);
  }
}
