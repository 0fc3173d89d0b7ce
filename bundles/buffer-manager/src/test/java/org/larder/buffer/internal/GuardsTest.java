package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Guard;

/** Who holds a guard holds it alone; who waits for one does not wait for ever. */
@Timeout(60)
class GuardsTest {
  private static final Guard A = Guard.claim("list", "a");

  private final Guards guards = new Guards();

  private static long in(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) {
    TestNode.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
  }

  @Test
  void setsTakenInAnyOrderNeitherOverlapNorWaitInACircle() throws Exception {
    AtomicIntegerArray holders = new AtomicIntegerArray(6);
    List<Integer> overlaps = new CopyOnWriteArrayList<>();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Random random = new Random(t);
      tasks.add(
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 500; round++) {
                  takeSome(random, holders, overlaps);
                }
                return null;
              }));
    }
    tasks.forEach(GuardsTest::start);
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
    assertThat(overlaps).isEmpty();
  }

  private void takeSome(Random random, AtomicIntegerArray holders, List<Integer> overlaps) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int one = random.nextInt(6);
      if (!chosen.contains(one)) {
        chosen.add(one);
      }
    }
    Guards.Held held =
        guards.take(
            chosen.stream().map(i -> Guard.record("stock", "item" + i)).toList(), in(30_000));
    chosen.stream().filter(i -> holders.incrementAndGet(i) != 1).forEach(overlaps::add);
    Thread.onSpinWait();
    chosen.forEach(holders::decrementAndGet);
    held.release();
  }

  @Test
  void threadsGetTheirTurnInTheOrderInWhichTheyCame() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    Guards.Held held = guards.take(List.of(A), in(10_000));
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      Thread thread =
          start(
              () -> {
                Guards.Held turn = guards.take(List.of(A), in(10_000));
                order.add(number);
                turn.release();
              });
      awaitWaiting(thread);
      waiting.add(thread);
    }
    held.release();
    for (Thread thread : waiting) {
      thread.join();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void whoWaitsTooLongIsSentAwayAndHoldsNothing() throws Exception {
    Guard other = Guard.claim("list", "b");
    Guards.Held held = guards.take(List.of(A), in(10_000));
    assertThat(failureOf(task(List.of(A, other), 20)).reason()).isEqualTo(Reason.UNDECIDED);
    held.release();
    guards.take(List.of(A, other), in(0)).release();
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Guards.Held held = guards.take(List.of(A), in(10_000));
    FutureTask<Boolean> task = task(List.of(A), 10_000);
    Thread thread = start(task);
    awaitWaiting(thread);
    thread.interrupt();
    assertThat(failure(task).reason()).isEqualTo(Reason.CLOSED);
    held.release();
    guards.take(List.of(A), in(0)).release();
  }

  @Test
  void aStopSendsAwayWhoWaits() throws Exception {
    Guards.Held held = guards.take(List.of(A), in(10_000));
    FutureTask<Boolean> task = task(List.of(A), 60_000);
    awaitWaiting(start(task));
    guards.close();
    assertThat(failure(task).reason()).isEqualTo(Reason.CLOSED);
    held.release();
  }

  @Test
  void aGuardThatIsFreeIsNotGivenBehindAStop() throws Exception {
    guards.close();
    assertThat(failureOf(task(List.of(A), 60_000)).reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  void whoHoldsGuardsTakesNoMore() {
    Guards.Held held = guards.take(List.of(A), in(10_000));
    assertThatIllegalStateException()
        .isThrownBy(() -> guards.take(List.of(Guard.claim("list", "b")), in(10_000)));
    held.release();
  }

  private FutureTask<Boolean> task(List<Guard> wanted, long millis) {
    return new FutureTask<>(
        () -> {
          guards.take(wanted, in(millis)).release();
          return true;
        });
  }

  private static BufferException failureOf(FutureTask<Boolean> task) throws InterruptedException {
    start(task);
    return failure(task);
  }

  private static BufferException failure(FutureTask<Boolean> task) throws InterruptedException {
    try {
      throw new AssertionError("taken: " + task.get());
    } catch (ExecutionException e) {
      return (BufferException) e.getCause();
    }
  }
}
