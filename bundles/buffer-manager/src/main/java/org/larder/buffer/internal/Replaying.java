package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReplayResult;
import org.larder.storage.model.Mutation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a follower's dead letters to its backend once more, at the place in the journal where an
 * operator ordered it: what came before that place is in the backend or a letter, what comes after
 * it is not there yet, so each key keeps its order. Performed by the follower's thread, awaited by
 * any.
 *
 * <p>Each letter is written as a mutation of the order's own sequences, from wherever in it the
 * store stands. When the backend fails in the midst, the next attempt offers what it is not known
 * to have. The letters are taken off the log when the backend has made them durable. A crash before
 * that leaves them there: the rest of the order, or the next one, offers them once more, which
 * changes nothing.
 */
final class Replaying {
  private static final Logger LOG = LoggerFactory.getLogger(Replaying.class);

  /** More letters may follow an order's while it waits for its turn. */
  private static final int ROOM = 1_000;

  private static final int MOST_RESULTS = 100;

  private final String follower;
  private final DeadLetterLog deadLetters;
  private final Delivery delivery;
  private final KnownKeys known;
  private final Clock clock;
  private final Map<Long, CompletableFuture<ReplayResult>> results = new LinkedHashMap<>();

  /** The order that was begun and is not over; null if there is none. */
  private ReplayOrder underway;

  Replaying(
      String follower, DeadLetterLog deadLetters, Delivery delivery, KnownKeys known, Clock clock) {
    this.follower = follower;
    this.deadLetters = deadLetters;
    this.delivery = delivery;
    this.known = known;
    this.clock = clock;
  }

  /** How many sequences an order for so many letters has to take. */
  static int room(int letters) {
    return 2 * letters + ROOM;
  }

  /** The result of the order at that place, as soon as there is one. */
  CompletableFuture<ReplayResult> result(long at) {
    synchronized (results) {
      if (results.size() >= MOST_RESULTS) {
        results.remove(results.keySet().iterator().next());
      }
      return results.computeIfAbsent(at, any -> new CompletableFuture<>());
    }
  }

  /**
   * Carries an order out, or what is left of it.
   *
   * @param passed told of each piece of the journal that is behind the backend now
   */
  void perform(BackendHandle backend, Stretch stretch, Duration timeout, Delivery.Listener passed)
      throws InterruptedException, IOException {
    Stretch.Ordered ordered = stretch.record().orElseThrow();
    if (underway == null || !underway.goesOn(ordered.at(), stretch.from())) {
      LetterFilter filter = ((LogRecord.Replay) ordered.what()).filter();
      underway = new ReplayOrder(ordered.at(), stretch.to(), filter);
    }
    ReplayOrder order = underway;
    order.offer(deadLetters.beginReplay(order.filter(), order.at()), stretch.from(), clock);
    try {
      for (Stretch part : parts(order.items(), stretch)) {
        delivery.deliver(
            backend,
            part,
            timeout,
            (from, to, mutations) -> {
              order.passed(to);
              passed.committed(from, to, mutations);
            },
            order.chance());
      }
    } finally {
      // What was deleted is gone, even if the rest fails and has to wait for long.
      known.clear();
    }
    finish(backend, timeout);
  }

  /**
   * The backend's store was met again. If it is past the order under way, the answer to the last
   * part was lost, or what followed it failed.
   */
  void met(BackendHandle backend, long position, Duration timeout)
      throws InterruptedException, IOException {
    if (underway != null && position >= underway.end()) {
      underway.passed(underway.end());
      finish(backend, timeout);
    }
  }

  /** Another store may have taken the place of the one that was offered letters. */
  void abandon() {
    if (underway != null) {
      LOG.warn("Follower {} takes a store as it is: a replay was not ended in it", follower);
      settle(underway, 0);
    }
  }

  private void finish(BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    ReplayOrder order = underway;
    backend.call(timeout, store -> store.sync(follower, 0));
    deadLetters.replayed(order.taken(), order.at(), order.refused());
    LOG.info(
        "Follower {} has replayed {} of {} dead letters",
        follower,
        order.taken().size(),
        order.size());
    settle(order, order.taken().size());
  }

  private void settle(ReplayOrder order, int taken) {
    underway = null;
    known.clear();
    deadLetters.replayEnded();
    long left = deadLetters.letters().stream().filter(order.filter()::matches).count();
    result(order.at())
        .complete(new ReplayResult(taken, (int) left, order.refused().stream().findFirst()));
  }

  /** Cut where an insert may not be folded, and behind it; the last reaches to the order's end. */
  private static List<Stretch> parts(List<Mutation> offered, Stretch stretch) {
    List<Stretch> parts = new ArrayList<>();
    long from = stretch.from();
    List<Mutation> rest = offered;
    while (!rest.isEmpty()) {
      int count = Math.min(new InsertBorders().fitting(rest, List.of()), throughInsert(rest));
      List<Stretch.Unit> units =
          rest.subList(0, count).stream()
              .map(item -> new Stretch.Unit(false, List.of(item)))
              .toList();
      rest = rest.subList(count, rest.size());
      long to = rest.isEmpty() ? stretch.to() : rest.get(0).sequence();
      parts.add(Stretch.of(from, to, units));
      from = to;
    }
    return parts.isEmpty() ? List.of(stretch.empty()) : parts;
  }

  /** How many items there are up to the first insert, that included. */
  private static int throughInsert(List<Mutation> items) {
    int at = 0;
    while (at < items.size() && items.get(at).kind() != Mutation.Kind.INSERT) {
      at++;
    }
    return at + 1;
  }
}
