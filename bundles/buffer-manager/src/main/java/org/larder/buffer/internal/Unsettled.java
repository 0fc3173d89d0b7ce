package org.larder.buffer.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.larder.buffer.Guard;
import org.larder.journal.Append;
import org.larder.journal.JournalFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes that have their place in the journal and may still fail to get onto the disk, by what
 * they hold. Nobody may decide on what may never have been, nor see it: the pending index begins
 * where this ends. Marked by who holds the guard, asked by who holds it, cleared by any thread.
 */
final class Unsettled {
  private static final Logger LOG = LoggerFactory.getLogger(Unsettled.class);

  private final Map<Guard, Append> last = new ConcurrentHashMap<>();

  /** The append comes after all others of these. */
  void mark(Collection<Guard> guards, Append append) {
    guards.forEach(guard -> last.put(guard, append));
  }

  /** The append is on the disk, or failed. */
  void settled(Collection<Guard> guards, Append append) {
    guards.forEach(guard -> last.remove(guard, append));
  }

  /** What has to be waited for before any of these can be decided on. */
  Set<Append> of(Collection<Guard> guards) {
    Set<Append> found = new LinkedHashSet<>();
    for (Guard guard : guards) {
      Append append = last.get(guard);
      if (append != null && !isSettled(append)) {
        found.add(append);
      }
    }
    return found;
  }

  /** Those that were written last by an append that has failed, as far as it was not cleared. */
  List<Guard> failed(Collection<Guard> guards) {
    return guards.stream()
        .filter(
            guard -> {
              Append append = last.get(guard);
              return append != null && append.failure().isPresent();
            })
        .toList();
  }

  private static boolean isSettled(Append append) {
    return append.isSynced() || append.failure().isPresent();
  }

  /** Waits, without a guard, until they are on the disk or have failed. */
  static void await(Set<Append> appends, long deadlineNanos) {
    for (Append append : appends) {
      try {
        append.awaitSynced(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
      } catch (JournalFailedException e) {
        LOG.debug("What was waited for has failed: it never was", e);
      } catch (TimeoutException e) {
        throw Guards.undecided("The disk does not answer");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Guards.interrupted(e);
      }
    }
  }

  int size() {
    return last.size();
  }
}
