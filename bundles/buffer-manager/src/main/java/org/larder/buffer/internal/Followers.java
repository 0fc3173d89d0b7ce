package org.larder.buffer.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.larder.journal.Append;

/**
 * The followers there are, one for each backend that a route names. Started and stopped one at a
 * time; looked at by any thread, and told by those who append, without a lock.
 */
final class Followers {
  private volatile Follower[] all = {};

  /** The follower of a backend. */
  Optional<Follower> find(String name) {
    return Arrays.stream(all).filter(follower -> follower.name().equals(name)).findFirst();
  }

  List<Follower> list() {
    return List.of(all);
  }

  /**
   * Takes one more, which is started later: it must be known to those who append before it looks
   * where the journal ends, and its routes must be in effect before it reads.
   */
  synchronized void add(Follower follower) {
    Follower[] more = Arrays.copyOf(all, all.length + 1);
    more[all.length] = follower;
    Arrays.sort(more, (left, right) -> left.name().compareTo(right.name()));
    all = more;
  }

  /** Ends one's thread, and forgets it; its files stay open. */
  synchronized void remove(Follower follower) {
    halt(follower);
    all = Arrays.stream(all).filter(one -> one != follower).toArray(Follower[]::new);
  }

  /** Ends its thread; a call under way is given some time. */
  private static void halt(Follower follower) {
    try {
      follower.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends all and closes their files, those of each whatever becomes of the others'. */
  void close() throws IOException {
    IOException failure = null;
    for (Follower follower : all) {
      halt(follower);
      try {
        follower.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Records that are on their way to every follower that did not find them in the journal. */
  void added(String collection, Append append, int items) {
    for (Follower follower : all) {
      if (append.firstSequence() >= follower.beganAt()) {
        follower.pending().add(collection, items);
      }
    }
  }

  /** Something is synced up to there. */
  void appended(long end) {
    for (Follower follower : all) {
      follower.appended(end);
    }
  }

  void refresh() {
    for (Follower follower : all) {
      follower.refresh();
    }
  }
}
