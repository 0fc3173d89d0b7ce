package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.journal.Payloads.PATIENCE;
import static org.larder.journal.Payloads.append;
import static org.larder.journal.Payloads.frame;
import static org.larder.journal.Payloads.readAll;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
  private static final int THREADS = 64;
  private static final int EACH = 40;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private JournalOptions options() {
    return JournalOptions.of(directory, 32 << 20).withSegmentBytes(256 << 10);
  }

  private <T> List<T> onAll(int count, Callable<T> work) throws Exception {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(threads.submit(work));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get(60, TimeUnit.SECONDS));
    }
    return results;
  }

  @Test
  void sixtyFourThreadsGetSequencesOfTheirOwnAndAReaderSeesAllInOrder() throws Exception {
    Map<Long, Integer> sent = new HashMap<>();
    try (Journal journal = Journal.open(options());
        JournalReader reader = journal.reader(0, 0)) {
      int total = THREADS * EACH;
      Future<List<Frame>> reading = threads.submit(() -> readUntil(reader, total));
      List<Map<Long, Integer>> all =
          onAll(
              THREADS,
              () -> {
                Map<Long, Integer> mine = new HashMap<>();
                for (int i = 0; i < EACH; i++) {
                  int number = (int) (Thread.currentThread().getId() * 1000 % 90_000_000) + i;
                  Append append = announcedAppend(journal, number);
                  append.awaitSynced(PATIENCE);
                  mine.put(append.firstSequence(), number);
                }
                return mine;
              });
      all.forEach(sent::putAll);
      assertThat(sent).hasSize(total);
      List<Frame> frames = reading.get(60, TimeUnit.SECONDS);
      for (int i = 0; i < total; i++) {
        assertThat(frames.get(i).sequence()).isEqualTo(i);
        assertThat(Payloads.number(frames.get(i))).isEqualTo(sent.get((long) i));
      }
      assertThat(journal.stats().appendedFrames()).isEqualTo(total);
      assertThat(journal.stats().groups()).isLessThanOrEqualTo(total);
      assertThat(journal.stats().waitingAppends()).isZero();
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).hasSize(THREADS * EACH);
    }
  }

  private static Append announcedAppend(Journal journal, int number) throws Exception {
    Arrival arrival = journal.announce();
    try {
      return journal.append(0, List.of(frame(number, 50 + number % 900)));
    } finally {
      arrival.close();
    }
  }

  private static List<Frame> readUntil(JournalReader reader, int total) throws Exception {
    List<Frame> frames = new ArrayList<>();
    while (frames.size() < total) {
      assertThat(reader.await(PATIENCE)).isTrue();
      frames.addAll(reader.read(100_000));
    }
    return frames;
  }

  @Test
  void interruptedCallersHarmNobody() throws Exception {
    try (Journal journal = Journal.open(options())) {
      List<Boolean> outcomes =
          onAll(
              32,
              () -> {
                int number = (int) Thread.currentThread().getId();
                boolean interrupted = number % 2 == 0;
                if (interrupted) {
                  Thread.currentThread().interrupt();
                }
                Append append = journal.append(0, List.of(frame(number, 200)));
                journal.retain("reader" + number, 0);
                assertThat(Thread.interrupted()).isEqualTo(interrupted);
                append.awaitSynced(PATIENCE);
                return append.isSynced();
              });
      assertThat(outcomes).containsOnly(true);
      Append waited = journal.append(0, List.of(frame(1, 100)));
      Thread.currentThread().interrupt();
      try {
        waited.awaitSynced(PATIENCE);
        assertThat(Thread.interrupted()).as("it was synced before it had to wait").isTrue();
      } catch (InterruptedException e) {
        waited.awaitSynced(PATIENCE);
      }
      assertThat(readAll(journal)).hasSize(33);
    }
  }

  @Test
  void interruptedReaderClosesOnlyItsOwnChannel() throws Exception {
    try (Journal journal = Journal.open(options());
        JournalReader reader = journal.reader(0, 0);
        JournalReader other = journal.reader(0, 0)) {
      append(journal, 0, 5, 1000);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> reader.read(100)).isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
      append(journal, 5, 7, 1000);
      assertThat(readAll(other)).containsExactly(0, 1, 2, 3, 4, 5, 6);
      assertThat(readAll(reader)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void committerShrugsInterruptsOff() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 2, 100);
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("journal-committer")) {
          thread.interrupt();
        }
      }
      append(journal, 2, 4, 100);
      assertThat(readAll(journal)).hasSize(4);
    }
  }

  @Test
  void wokenReaderReturnsFromItsWait() throws Exception {
    try (Journal journal = Journal.open(options());
        JournalReader reader = journal.reader(0, 0)) {
      assertThat(reader.await(Duration.ofMillis(1))).isFalse();
      Future<Boolean> waiting = threads.submit(() -> reader.await(PATIENCE));
      reader.wakeup();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
      Future<Boolean> again = threads.submit(() -> reader.await(PATIENCE));
      append(journal, 0, 1, 10);
      assertThat(again.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void settledActionsRunOnceWhicheverWayItGoes() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(3);
    try (Journal journal = Journal.open(options().withFiles(disk))) {
      Append append = journal.append(0, List.of(frame(0, 10)));
      CompletableFuture<Boolean> early = new CompletableFuture<>();
      append.onSettled(() -> early.complete(append.isSynced()));
      assertThat(early.get(30, TimeUnit.SECONDS)).isTrue();
      CountDownLatch late = new CountDownLatch(1);
      append.onSettled(late::countDown);
      assertThat(late.getCount()).isZero();
      disk.failNextForceOf(Directories.segment(directory, 1));
      Append failing = journal.append(0, List.of(frame(1, 10)));
      CompletableFuture<Boolean> failed = new CompletableFuture<>();
      failing.onSettled(() -> failed.complete(failing.failure().isPresent()));
      assertThat(failed.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void actionThatThrowsDoesNotStopTheCommitter() throws Exception {
    StuckFiles files = new StuckFiles();
    try (Journal journal = Journal.open(options().withFiles(files))) {
      append(journal, 0, 1, 10);
      files.hold();
      Append append = journal.append(0, List.of(frame(1, 10)));
      append.onSettled(
          () -> {
            throw new IllegalStateException("thrown by a test");
          });
      files.letGo();
      append.awaitSynced(PATIENCE);
      append(journal, 2, 3, 10);
    }
  }

  @Test
  void whatIsQueuedDuringAForceIsLaidOutByThoseWhoAppend() throws Exception {
    StuckFiles files = new StuckFiles();
    try (Journal journal = Journal.open(options().withFiles(files))) {
      append(journal, 0, 1, 10);
      for (int round = 0; round < 5; round++) {
        files.hold();
        List<Append> queued = new ArrayList<>();
        int from = 1 + round * 50;
        for (int number = from; number < from + 50; number++) {
          queued.add(journal.append(0, List.of(frame(number, 20_000))));
        }
        files.letGo();
        for (Append append : queued) {
          append.awaitSynced(PATIENCE);
        }
      }
      assertThat(readAll(journal))
          .containsExactlyElementsOf(IntStream.range(0, 251).boxed().toList());
    }
  }

  @Test
  void waitThatIsTooShortSaysSoAndTheAppendGoesOn() throws Exception {
    StuckFiles files = new StuckFiles();
    try (Journal journal = Journal.open(options().withFiles(files))) {
      append(journal, 0, 1, 10);
      files.hold();
      Append append = journal.append(0, List.of(frame(1, 10)));
      assertThatThrownBy(() -> append.awaitSynced(Duration.ofMillis(5)))
          .isInstanceOf(TimeoutException.class);
      assertThat(append.isSynced()).isFalse();
      assertThat(journal.syncedEnd(0)).isEqualTo(1);
      assertThat(readAll(journal)).as("only what is synced is read").containsExactly(0);
      List<Append> meanwhile = new ArrayList<>();
      for (int number = 2; number < 12; number++) {
        meanwhile.add(journal.append(0, List.of(frame(number, 10))));
      }
      files.letGo();
      append.awaitSynced(PATIENCE);
      for (Append one : meanwhile) {
        one.awaitSynced(PATIENCE);
      }
      assertThat(journal.stats().groups()).as("those that came meanwhile share one").isEqualTo(3);
    }
  }
}
