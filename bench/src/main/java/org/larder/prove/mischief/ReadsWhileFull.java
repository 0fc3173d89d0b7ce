package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.larder.bench.http.Reply;
import org.larder.prove.database.DatabaseServer;

/** What reads were answered while a disk was full; for one thread. */
final class ReadsWhileFull {
  /** A server that aborts lets go of its connections before its process is gone. */
  private static final Duration ABORTING = Duration.ofSeconds(5);

  private static final int AWAY_STATUS = 503;
  private static final String AWAY_CODE = "BACKEND_AWAY";

  private int all;
  private int failed;
  private int withoutServer;
  private String firstFailure = "";

  /**
   * Notes an answer that has just come. Only one that says that the backend is away may be anything
   * but good, and only if the database is a server whose process has ended.
   */
  void note(Reply reply, Optional<DatabaseServer> server) throws IOException {
    all++;
    if (reply.status() == 200) {
      return;
    }
    if (isAway(reply) && server.isPresent() && server.get().hasEnded(ABORTING)) {
      withoutServer++;
      return;
    }
    failed++;
    if (firstFailure.isEmpty()) {
      firstFailure = reply.status() + " " + reply.text();
    }
  }

  private static boolean isAway(Reply reply) throws IOException {
    return reply.status() == AWAY_STATUS
        && reply.text().startsWith("{")
        && reply.json().path("code").asText().equals(AWAY_CODE);
  }

  int all() {
    return all;
  }

  /** Neither answered nor excused. */
  int failed() {
    return failed;
  }

  /** Those that only a server could have answered that had ended. */
  int withoutServer() {
    return withoutServer;
  }

  /** What the first that failed was answered; empty if none did. */
  String firstFailure() {
    return firstFailure;
  }
}
