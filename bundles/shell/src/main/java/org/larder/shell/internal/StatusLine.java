package org.larder.shell.internal;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line to the log every minute in which something was written or still waits: a quiet
 * night leaves no lines. One thread of its own, ended by {@link #stop}.
 */
@Component(service = {})
public final class StatusLine {
  private static final Logger log = LoggerFactory.getLogger("org.larder.status");

  private final ScheduledExecutorService timer;
  private final BufferControl control;
  private long itemsBefore;

  /** Begins to write, after the first minute. */
  @Activate
  public StatusLine(@Reference BufferControl control) {
    this.control = control;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "larder-status");
              thread.setDaemon(true);
              return thread;
            });
    itemsBefore = control.status().acknowledgedItems();
    var unused = timer.scheduleAtFixedRate(this::write, 1, 1, TimeUnit.MINUTES);
  }

  /** Writes no more. */
  @Deactivate
  public void stop() {
    timer.shutdownNow();
  }

  private void write() {
    try {
      BufferStatus status = control.status();
      long items = status.acknowledgedItems() - itemsBefore;
      itemsBefore = status.acknowledgedItems();
      if (items > 0 || status.pendingTotal() > 0) {
        log.info(line(status, items));
      }
    } catch (RuntimeException e) {
      // The timer would never call again.
      log.warn("No status this minute", e);
    }
  }

  /** What a minute brought, and what waits. */
  static String line(BufferStatus status, long items) {
    JournalStatus journal = status.journal();
    StringBuilder line =
        new StringBuilder()
            .append(Text.count(items))
            .append(" items accepted this minute, ")
            .append(Text.count(status.pendingTotal()))
            .append(" pending. Journal: ")
            .append(Text.share(journal.liveBytes(), journal.maxBytes()));
    for (FollowerStatus follower : status.followers()) {
      line.append(". ")
          .append(follower.name())
          .append(": ")
          .append(Text.count(follower.lag()))
          .append(" behind");
      if (!follower.code().isEmpty()) {
        line.append(" (").append(follower.code()).append(')');
      }
    }
    for (BackendStatus backend : status.backends()) {
      line.append(". Storage ")
          .append(backend.name())
          .append(": ")
          .append(Text.bytes(backend.storedBytes()));
    }
    return line.toString();
  }
}
