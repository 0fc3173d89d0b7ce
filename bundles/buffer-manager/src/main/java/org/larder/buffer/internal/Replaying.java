package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReplayResult;
import org.larder.journal.Journal;
import org.larder.storage.model.Mutation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a follower's dead letters to its backend once more, at the place in the journal where an
 * operator ordered it: what came before that place is in the backend or a letter, what comes after
 * it is not there yet, so each key keeps its order. Performed by the follower's thread, awaited by
 * any.
 *
 * <p>Each letter is written as a mutation of the order's own sequences. The letters are taken off
 * the log when the backend has made them durable; a crash between the two leaves them there until
 * an operator orders once more, which changes nothing.
 */
final class Replaying {
  private static final Logger LOG = LoggerFactory.getLogger(Replaying.class);

  /** More letters may follow an order's while it waits for its turn. */
  private static final int ROOM = 1_000;

  private static final int MOST_RESULTS = 100;

  private final String follower;
  private final Journal journal;
  private final DeadLetterLog deadLetters;
  private final Delivery delivery;
  private final Clock clock;
  private final Map<Long, CompletableFuture<ReplayResult>> results = new LinkedHashMap<>();

  Replaying(
      String follower, Journal journal, DeadLetterLog deadLetters, Delivery delivery, Clock clock) {
    this.follower = follower;
    this.journal = journal;
    this.deadLetters = deadLetters;
    this.delivery = delivery;
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
   * Carries an order out.
   *
   * @param passed told of each piece of the journal that is behind the backend now
   */
  void perform(BackendHandle backend, Stretch stretch, Duration timeout, Delivery.Listener passed)
      throws InterruptedException, IOException {
    Stretch.Ordered ordered = stretch.record().orElseThrow();
    LetterFilter filter = ((LogRecord.Replay) ordered.what()).filter();
    if (stretch.from() > ordered.at()) {
      // Cut off in the midst: the letters are still there, and some may be in the backend as well.
      delivery.deliver(backend, stretch.empty(), timeout, passed);
      settle(ordered.at(), List.of(), List.of(), filter);
      return;
    }
    TreeMap<Long, DeadLetter> offered = new TreeMap<>();
    for (DeadLetter letter : deadLetters.replayable(filter, ordered.at())) {
      if (ordered.at() + offered.size() < stretch.to()) {
        offered.put(ordered.at() + offered.size(), letter);
      }
    }
    SecondChance chance = new SecondChance(offered, clock);
    for (Stretch part : parts(offered, stretch)) {
      delivery.deliver(
          backend,
          part,
          timeout,
          (from, to, mutations) -> {
            chance.took(chance.living(part.cutOut(from, to)).items());
            passed.committed(from, to, mutations);
          },
          chance);
    }
    backend.call(timeout, store -> store.sync(follower, 0));
    deadLetters.replayed(chance.taken(), ordered.at(), chance.refused(), journal.start(0));
    LOG.info(
        "Follower {} has replayed {} of {} dead letters",
        follower,
        chance.taken().size(),
        offered.size());
    settle(ordered.at(), chance.taken(), chance.refused(), filter);
  }

  private void settle(
      long at, List<DeadLetter> taken, List<DeadLetter> refused, LetterFilter filter) {
    long left = deadLetters.letters().stream().filter(filter::matches).count();
    result(at).complete(new ReplayResult(taken.size(), (int) left, refused.stream().findFirst()));
  }

  /** Cut where an insert may not be folded; the last reaches to the end of the order. */
  private static List<Stretch> parts(SortedMap<Long, DeadLetter> offered, Stretch stretch) {
    List<Mutation> left = new ArrayList<>();
    offered.forEach((at, letter) -> left.add(new Mutation(letter.kind(), letter.row(), at)));
    List<Stretch> parts = new ArrayList<>();
    long from = stretch.from();
    List<Mutation> rest = left;
    while (!rest.isEmpty()) {
      int count = StretchReader.untilInsert(rest, List.of());
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
}
