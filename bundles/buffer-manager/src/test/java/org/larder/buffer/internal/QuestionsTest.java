package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;

/** A backend that hangs costs itself alone, and not without a bound. */
@Timeout(60)
class QuestionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private final BackendHandle slow = handle("slow");
  private final BackendHandle quick = handle("quick");
  private final Questions questions = new Questions();
  private final ExecutorService askers = Executors.newCachedThreadPool();
  private final List<Future<String>> asked = new ArrayList<>();
  private final Hang hang = new Hang(false);
  private final CountDownLatch hanging = new CountDownLatch(QuestionLine.MOST_ASKED);

  private static BackendHandle handle(String name) {
    return new BackendHandle(new FakeBackend(name, new FakeStore()), new Stragglers());
  }

  @AfterEach
  void close() throws InterruptedException {
    hang.release();
    questions.close();
    askers.shutdown();
    assertThat(askers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private String ask(BackendHandle backend, Duration patience) {
    return questions.ask(
        backend, System.nanoTime() + patience.toNanos(), store -> store.descriptor().name());
  }

  private String askAndHang() {
    return questions.ask(
        slow,
        System.nanoTime() + PATIENCE.toNanos(),
        store -> {
          hanging.countDown();
          hang.hang();
          return "late";
        });
  }

  /** So many questions that nobody else has a turn. */
  private void hangAll() throws InterruptedException {
    for (int i = 0; i < QuestionLine.MOST_ASKED; i++) {
      asked.add(askers.submit(() -> askAndHang()));
    }
    assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void assertReason(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BufferException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aBackendThatHangsTakesNoTurnFromAnother() throws InterruptedException {
    hangAll();
    assertThat(ask(quick, PATIENCE)).isEqualTo("quick");
    assertReason(Reason.UNDECIDED, () -> ask(slow, Duration.ofMillis(20)));
  }

  @Test
  void whoComesWhenTheLineIsFullIsSentAwayAtOnce() throws Exception {
    hangAll();
    for (int i = 0; i < QuestionLine.MOST_WAITING; i++) {
      asked.add(askers.submit(() -> ask(slow, PATIENCE)));
    }
    TestNode.until(() -> slow.questions().waiting() == QuestionLine.MOST_WAITING);
    assertReason(Reason.BACKEND_AWAY, () -> ask(slow, PATIENCE));
    hang.release();
    for (Future<String> answer : asked) {
      assertThat(answer.get()).isIn("late", "slow");
    }
    assertThat(ask(slow, PATIENCE)).isEqualTo("slow");
  }

  @Test
  void aCallThatIsGivenUpKeepsItsTurnUntilItReturns() throws Exception {
    hangAll();
    asked.forEach(asker -> asker.cancel(true));
    assertReason(Reason.UNDECIDED, () -> ask(slow, Duration.ofMillis(20)));
    hang.release();
    assertThat(ask(slow, PATIENCE)).isEqualTo("slow");
  }
}
