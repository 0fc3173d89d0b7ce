package org.larder.prove.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.larder.bench.http.Connection;
import org.larder.bench.http.Reply;

/** Writes blocks of tasks until they are acknowledged, or gives them up; for one thread. */
final class TaskWriter implements Closeable {
  private static final String PATH = "/api/v1/translation/tasks/batch";
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** One in so many requests that were not answered with 202 is never sent again. */
  private static final int GIVE_UP_ONE_IN = 4;

  private final Run run;
  private final Sender sender;
  private final SplittableRandom random;

  TaskWriter(Run run, SplittableRandom random) {
    this.run = run;
    this.sender = new Sender(run.port);
    this.random = random;
  }

  /** True once it is acknowledged; false if it was given up, and may be there or not. */
  boolean write(long first, int count, int version) throws IOException {
    byte[] request = request(first, count, version);
    run.log.sent(first, count, version);
    while (true) {
      Optional<Reply> reply = sender.exchange(request);
      if (reply.isPresent() && isKept(reply.get())) {
        run.log.kept(first, count, version);
        run.answers.accepted(count);
        return true;
      }
      note(reply);
      if (run.isOver() || random.nextInt(GIVE_UP_ONE_IN) == 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private byte[] request(long first, int count, int version) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode tasks = body.putArray("tasks");
    for (long number = first; number < first + count; number++) {
      tasks.add(run.task(number, version).item());
    }
    byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
    byte[] head = Connection.postHead(PATH, "application/json", json.length);
    return ByteBuffer.allocate(head.length + json.length).put(head).put(json).array();
  }

  private static boolean isKept(Reply reply) throws IOException {
    return reply.status() == 202 && reply.json().path("status").asText().equals("accepted");
  }

  private void note(Optional<Reply> reply) throws IOException {
    if (reply.isEmpty()) {
      run.answers.broken(sender.trouble());
    } else if (Sender.isRefusal(reply.get())) {
      run.answers.refused(Sender.describe(reply.get()));
    } else {
      run.answers.wrong(Sender.describe(reply.get()));
    }
  }

  @Override
  public void close() throws IOException {
    sender.close();
  }
}
