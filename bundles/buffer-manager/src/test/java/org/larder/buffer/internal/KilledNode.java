package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.larder.buffer.Durability;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;

/** A process that writes and says what was acknowledged, until somebody kills it. */
final class KilledNode {
  private KilledNode() {}

  public static void main(String[] arguments) throws IOException, InvalidRowException {
    Buffer buffer =
        Buffer.open(BufferOptions.in(Path.of(arguments[0])), Clock.systemUTC(), RouteKeeper.NONE);
    buffer.addCollection(Notes.V1);
    for (int i = 0; true; i++) {
      try (Submission submission = buffer.intake().begin("notes", 100)) {
        for (int item = 0; item < 3; item++) {
          submission.row().set("note_id", "k" + i + "-" + item).set("n", (long) i);
          submission.add(Mutation.Kind.PUT);
        }
        submission.row().set("note_id", "last").set("n", (long) i);
        submission.add(Mutation.Kind.PUT);
        submission.commit(Durability.JOURNAL, TestNode.LONG);
      }
      System.out.println(i);
      System.out.flush();
    }
  }
}
