package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.time.Duration;
import org.larder.journal.Journal;
import org.larder.storage.spi.StorageException;

/** Applies the journal to a follower's store, a stretch at a time. For the follower's thread. */
final class Applying {
  private final String follower;
  private final Surroundings node;
  private final Journal journal;
  private final Routing routing;
  private final ReadyCollections collections;
  private final Delivery delivery;
  private final Replaying replaying;
  private final DeadLetterLog deadLetters;
  private final Pacing pacing;
  private final FollowerFigures figures;

  Applying(
      String follower,
      Surroundings node,
      Routing routing,
      ReadyCollections collections,
      Delivery delivery,
      Replaying replaying,
      DeadLetterLog deadLetters,
      Pacing pacing,
      FollowerFigures figures) {
    this.follower = follower;
    this.node = node;
    this.journal = node.journal();
    this.routing = routing;
    this.collections = collections;
    this.delivery = delivery;
    this.replaying = replaying;
    this.deadLetters = deadLetters;
    this.pacing = pacing;
    this.figures = figures;
  }

  /** What the journal has for the follower from a position on. */
  StretchReader reader(long position) {
    return new StretchReader(journal, node.catalogue(), position, this::takes);
  }

  /**
   * Says whether to apply or to pass over. What no route names any more does neither: it is about
   * to be stopped, and if it came back it would lack what it had passed over.
   */
  private boolean takes(String collection) {
    boolean led = routing.leads(collection, follower);
    if (!led && !routing.isNamed(follower)) {
      throw new StorageException(RETRY, "STOPPING", "No route names " + follower + " any more");
    }
    return led;
  }

  /**
   * What is applied of a stretch. What is left out of it is noted before the position passes it: a
   * store that has more than others is no copy any more, whatever it is told to apply later.
   */
  private Stretch applied(Stretch stretch) throws IOException {
    Stretch applied = routing.applied(follower, stretch);
    node.coverage().noteSurplus(follower, stretch.collectionsBeyond(applied), true);
    return applied;
  }

  /** Applies the next stretch, if there is one. */
  void drain(BackendHandle backend, StretchReader reader, Standing standing)
      throws InterruptedException, IOException {
    long limit = pacing.limit();
    long end = Math.min(journal.syncedEnd(0), limit);
    int aim = pacing.batchItems();
    Stretch stretch = reader.next(aim, pacing.mostItems(), limit);
    if (stretch == null) {
      standing.nothingIsUpTo(end);
      return;
    }
    Duration timeout = node.options().get().writeTimeout();
    collections.prepare(backend, stretch.schemas(), timeout);
    node.memory().mayReach(follower, stretch.to());
    Delivery.Listener listener =
        (from, to, mutations) -> {
          figures.committed(mutations, node.clock().instant());
          standing.passed(stretch.cutOut(from, to), deadLetters);
        };
    if (stretch.isReplayOf(follower)) {
      replaying.perform(backend, stretch, timeout, listener);
    } else {
      deliver(backend, applied(stretch), timeout, listener);
    }
    standing.skipped(stretch);
    pacing.drained(stretch.size() < aim && stretch.to() < end);
    deadLetters.forgetReplayedBefore(journal.start(0));
  }

  /** What is too much for the time would be so again. */
  private void deliver(
      BackendHandle backend, Stretch stretch, Duration timeout, Delivery.Listener listener)
      throws InterruptedException, IOException {
    try {
      delivery.deliver(backend, stretch, timeout, listener);
    } catch (StorageException e) {
      if (e.code().equals("TIMEOUT") || e.code().equals("BACKEND_TIMEOUT")) {
        pacing.ranOutOfTime(stretch.size());
      }
      throw e;
    }
  }
}
