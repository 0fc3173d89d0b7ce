package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.larder.storage.model.CollectionSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the collections of domains, and tries those again that met a full journal or a failed
 * disk. Free for any thread; has one of its own as long as any collection waits.
 */
final class WaitingCollections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingCollections.class);

  private final Recorder recorder;
  private final Duration pause;
  private final List<CollectionSchema> waiting = new ArrayList<>();
  private Thread thread;
  private boolean isTrying;
  private boolean closed;

  /** Makes a collection usable. */
  interface Recorder {
    /**
     * Records it.
     *
     * @throws IOException if it cannot be now
     * @throws IllegalArgumentException if it never can be
     */
    void add(CollectionSchema schema) throws IOException;
  }

  /**
   * Has none yet.
   *
   * @param pause between two tries
   */
  WaitingCollections(Recorder recorder, Duration pause) {
    this.recorder = recorder;
    this.pause = pause;
  }

  /** Records a collection, now or as soon as that can be done. */
  void add(CollectionSchema schema) {
    if (!isDone(schema, true)) {
      keep(schema);
    }
  }

  /** True if nothing is left to be tried again. */
  private boolean isDone(CollectionSchema schema, boolean isFirst) {
    try {
      recorder.add(schema);
    } catch (IOException e) {
      if (isFirst) {
        LOG.error(
            "Collection {} cannot be used yet, and is tried again by itself: {}",
            schema,
            e.getMessage(),
            e);
      }
      return false;
    } catch (IllegalArgumentException e) {
      LOG.error("Collection {} is not used: {}", schema, e.getMessage(), e);
    } catch (RuntimeException e) {
      LOG.error("Collection {} is not used: nobody foresaw why", schema, e);
    }
    return true;
  }

  private synchronized void keep(CollectionSchema schema) {
    if (closed) {
      return;
    }
    waiting.add(schema);
    if (!isTrying) {
      isTrying = true;
      thread = new Thread(this::tryAgain, "larder-collections");
      thread.setDaemon(true);
      thread.setContextClassLoader(WaitingCollections.class.getClassLoader());
      thread.start();
    }
  }

  private void tryAgain() {
    for (List<CollectionSchema> due = awaitDue(); !due.isEmpty(); due = awaitDue()) {
      for (CollectionSchema schema : due) {
        if (isWanted(schema) && isDone(schema, false)) {
          remove(List.of(schema));
        }
      }
    }
  }

  private synchronized boolean isWanted(CollectionSchema schema) {
    return !closed && waiting.contains(schema);
  }

  /** What waits, after the pause; empty if the thread is to end. */
  private synchronized List<CollectionSchema> awaitDue() {
    long until = System.nanoTime() + pause.toNanos();
    try {
      long left = pause.toMillis();
      while (!closed && !waiting.isEmpty() && left > 0) {
        wait(left);
        left = Duration.ofNanos(until - System.nanoTime()).toMillis();
      }
    } catch (InterruptedException e) {
      LOG.debug("Collections are not tried again", e);
      waiting.clear();
    }
    isTrying = !closed && !waiting.isEmpty();
    return isTrying ? List.copyOf(waiting) : List.of();
  }

  /** These are not tried again. */
  synchronized void remove(Collection<CollectionSchema> schemas) {
    waiting.removeAll(schemas);
    notifyAll();
  }

  /** None is tried again; waits for one that is being tried just now. */
  @Override
  public void close() {
    Thread last = end();
    if (last != null) {
      try {
        last.join(TimeUnit.SECONDS.toMillis(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized Thread end() {
    closed = true;
    notifyAll();
    return thread;
  }
}
