package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.journal.Payloads.frame;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the threads do to each other, what is appended reaches the committer. */
class HandOverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path DIRECTORY = Path.of("/journal");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean done = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Arrival> leftOpen = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    done.set(true);
    threads.shutdownNow();
  }

  private static Journal open() throws Exception {
    return Journal.open(
        JournalOptions.of(DIRECTORY, 64 << 20)
            .withSegmentBytes(256 << 10)
            .withFiles(new SimulatedDisk(1)));
  }

  private List<Future<Integer>> start(int count, Callable<Integer> work) {
    List<Future<Integer>> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(threads.submit(work));
    }
    return started;
  }

  private static int sum(List<Future<Integer>> futures) throws Exception {
    int sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get(60, TimeUnit.SECONDS);
    }
    return sum;
  }

  @Test
  void crowdAtTheQueuesLockDoesNotKeepTheCommitterAsleep() throws Exception {
    try (Journal journal = open()) {
      start(
          2,
          () -> {
            while (!done.get()) {
              assertThat(journal.stats().waitingAppends()).isNotNegative();
            }
            return 0;
          });
      for (int number = 0; number < 20_000; number++) {
        journal.append(0, List.of(frame(number, 50))).awaitSynced(PATIENCE);
        if (number % 1000 == 0) {
          journal.retain("reader", number);
        }
      }
      assertThat(journal.stats().appendedFrames()).isEqualTo(20_000);
    }
  }

  @Test
  void arrivalsClosedInAnyOrderRollsAndTrimsHoldNobodyUp() throws Exception {
    try (Journal journal = open()) {
      List<Future<Integer>> appending = start(32, () -> appendInEveryWay(journal));
      List<Future<Integer>> closing = start(2, this::closeLate);
      List<Future<Integer>> trimming =
          start(
              2,
              () -> {
                while (!done.get()) {
                  journal.retain("reader", Math.max(0, journal.syncedEnd(0) - 100));
                }
                return 0;
              });
      int appended = sum(appending);
      done.set(true);
      assertThat(sum(closing) + sum(trimming)).isZero();
      assertThat(journal.stats().appendedFrames()).isEqualTo(appended);
      assertThat(journal.stats().waitingAppends()).isZero();
    }
  }

  private int appendInEveryWay(Journal journal) throws Exception {
    int rounds = 200;
    for (int round = 0; round < rounds; round++) {
      int length = round % 20 == 0 ? 30_000 : 50;
      Arrival arrival = journal.announce();
      if (round % 5 == 0) {
        arrival.close();
      }
      Append append = journal.append(0, List.of(frame(round, length)));
      switch (round % 5) {
        case 1 -> arrival.close();
        case 2 -> {
          arrival.close();
          arrival.close();
        }
        case 3 -> append.onSettled(arrival::close);
        default -> leftOpen.add(arrival);
      }
      append.awaitSynced(PATIENCE);
    }
    return rounds;
  }

  private int closeLate() {
    while (!done.get() || !leftOpen.isEmpty()) {
      Arrival arrival = leftOpen.poll();
      if (arrival == null) {
        Thread.onSpinWait();
      } else {
        arrival.close();
      }
    }
    return 0;
  }
}
