package org.larder.buffer.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/** A fake whose questions are counted, and may hang. */
final class AskedBackend extends FakeBackend {
  final AtomicInteger questions = new AtomicInteger();
  private final ConcurrentLinkedQueue<Hang> hangs = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Hang> answerHangs = new ConcurrentLinkedQueue<>();

  AskedBackend(FakeStore store, Capability... capabilities) {
    super("main", store, capabilities);
  }

  /** The next question hangs. */
  Hang hangNextQuestion(boolean interruptible) {
    Hang hang = new Hang(interruptible);
    hangs.add(hang);
    return hang;
  }

  /** The next question hangs when it has its answer. */
  Hang hangNextAnswer() {
    Hang hang = new Hang(false);
    answerHangs.add(hang);
    return hang;
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    questions.incrementAndGet();
    Hang hang = hangs.poll();
    if (hang != null) {
      hang.hang();
    }
    RecordCursor answer = super.scan(request);
    Hang after = answerHangs.poll();
    if (after != null) {
      after.hang();
    }
    return answer;
  }
}
