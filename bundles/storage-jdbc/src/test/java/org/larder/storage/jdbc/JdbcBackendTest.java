package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

@Timeout(60)
class JdbcBackendTest {
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch answers = new CountDownLatch(1);

  /** A database that does nothing but to hang, and notes how its stop ends. */
  private static final class Hanging extends JdbcBackend {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean hung = new AtomicBoolean();
    private final AtomicBoolean isWriting = new AtomicBoolean();

    Hanging(Calls calls) {
      super("hanging", "plain", PlainDialect.make(), calls);
    }

    void hang(CountDownLatch inside, CountDownLatch answers) {
      write(
          Duration.ofHours(1),
          call -> {
            call.run(NoStatement.make());
            isWriting.set(true);
            inside.countDown();
            try {
              answers.await();
            } catch (InterruptedException e) {
              throw new AssertionError("nobody interrupts the call", e);
            }
            isWriting.set(false);
            return null;
          });
    }

    @Override
    public void close() {
      stop(
          (writing, stillThere) -> {
            hung.set(stillThere);
            afterTheLastCall(
                () -> {
                  assertThat(isWriting).isFalse();
                  closed.countDown();
                });
          });
    }

    @Override
    protected JdbcReader reader() {
      throw new UnsupportedOperationException();
    }

    @Override
    public StoreState attach(Attachment attachment) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void ensureCollection(CollectionSchema schema) {
      throw new UnsupportedOperationException();
    }

    @Override
    public WriteResult write(Batch batch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Position sync(String follower, int lane) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Probe probe(Duration budget) {
      throw new UnsupportedOperationException();
    }
  }

  @AfterEach
  void letGo() {
    answers.countDown();
    threads.shutdownNow();
  }

  /** Stops a backend in whose call a thread hangs, as a thread that was interrupted before. */
  private Hanging stopInterrupted(Calls calls) throws Exception {
    Hanging backend = new Hanging(calls);
    Future<?> call = threads.submit(() -> backend.hang(inside, answers));
    inside.await();
    Thread.currentThread().interrupt();
    backend.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(call.isDone()).isFalse();
    return backend;
  }

  @Test
  void interruptedStopEndsAfterTheLastCall() throws Exception {
    Hanging backend = stopInterrupted(new Calls("hanging", statement -> {}));
    assertThat(backend.hung).isTrue();
    assertThat(backend.closed.getCount()).isEqualTo(1);
    answers.countDown();
    backend.closed.await();
  }

  @Test
  void secondInterruptDoesNotTakeACallForGone() throws Exception {
    Thread stopping = Thread.currentThread();
    Hanging backend =
        stopInterrupted(
            new Calls(
                "hanging",
                statement -> {
                  if (Thread.currentThread() == stopping) {
                    stopping.interrupt();
                  }
                }));
    assertThat(backend.hung).isTrue();
    answers.countDown();
    backend.closed.await();
  }
}
