package org.larder.prove.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.larder.bench.http.Connection;
import org.larder.bench.http.Reply;
import org.larder.prove.task.TaskState;

/**
 * Deletes finished sessions with their tasks, and brings tasks of some into being again; for one
 * thread. A deletion needs the database and is refused while it is away, so it is asked for until
 * it is done.
 */
final class DeletingLane implements Lane {
  private static final Duration POLL = Duration.ofMillis(50);
  private final Run run;
  private final SplittableRandom random;
  private final Sender sender;
  private final TaskWriter writer;

  DeletingLane(Run run, SplittableRandom random) {
    this.run = run;
    this.random = random;
    this.sender = new Sender(run.port);
    this.writer = new TaskWriter(run, random);
  }

  @Override
  public void step() throws IOException, InterruptedException {
    Optional<FinishedSession> finished = run.finishedSession(POLL);
    if (finished.isPresent() && delete(finished.get().session())) {
      run.answers.deleted();
      if (random.nextBoolean()) {
        FinishedSession session = finished.get();
        writer.write(session.first(), session.count(), session.version() + 1);
      }
    }
  }

  private boolean delete(long session) throws IOException {
    run.log.deleting(session);
    byte[] request =
        Connection.delete("/api/v1/translation/sessions/" + TaskState.sessionId(session));
    boolean maybeDone = false;
    while (!run.isOver()) {
      Optional<Reply> reply = sender.exchange(request);
      if (reply.isPresent() && isDone(reply.get(), maybeDone)) {
        run.log.deleted(session);
        return true;
      }
      if (reply.isPresent() && !Sender.isRefusal(reply.get())) {
        run.answers.wrong("deletion: " + Sender.describe(reply.get()));
        return false;
      }
      maybeDone = true;
      LockSupport.parkNanos(POLL.toNanos());
    }
    return false;
  }

  private static boolean isDone(Reply reply, boolean maybeDone) throws IOException {
    return reply.status() == 200
        || (maybeDone && Sender.describe(reply).equals("404 SESSION_NOT_FOUND"));
  }

  @Override
  public void close() throws IOException {
    sender.close();
    writer.close();
  }
}
