package org.larder.prove.mischief;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.larder.bench.http.Reply;
import org.larder.prove.database.DatabaseServer;

class ReadsWhileFullTest {
  private static final Reply GOOD = new Reply(200, "{}");
  private static final Reply AWAY = new Reply(503, "{\"code\":\"BACKEND_AWAY\"}");
  private static final Reply LATE = new Reply(503, "{\"code\":\"DEADLINE\"}");
  private static final Reply BROKEN = new Reply(500, "{\"code\":\"INTERNAL_ERROR\"}");

  private final ReadsWhileFull reads = new ReadsWhileFull();

  private record Server(boolean ended) implements DatabaseServer {
    @Override
    public boolean hasEnded(Duration patience) {
      return ended;
    }

    @Override
    public void start() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean revive() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stop() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void kill() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void pause() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void readThatOnlyAnEndedServerCouldAnswerIsExcused() throws IOException {
    reads.note(GOOD, Optional.of(new Server(true)));
    reads.note(AWAY, Optional.of(new Server(true)));
    assertThat(reads.all()).isEqualTo(2);
    assertThat(reads.withoutServer()).isEqualTo(1);
    assertThat(reads.failed()).isZero();
  }

  @Test
  void serverThatLivesExcusesNothing() throws IOException {
    reads.note(AWAY, Optional.of(new Server(false)));
    assertThat(reads.failed()).isEqualTo(1);
    assertThat(reads.withoutServer()).isZero();
    assertThat(reads.firstFailure()).isEqualTo("503 {\"code\":\"BACKEND_AWAY\"}");
  }

  @Test
  void anyOtherAnswerIsAFailureAlsoWithoutServer() throws IOException {
    reads.note(LATE, Optional.of(new Server(true)));
    reads.note(BROKEN, Optional.of(new Server(true)));
    reads.note(new Reply(503, "starting"), Optional.of(new Server(true)));
    assertThat(reads.failed()).isEqualTo(3);
    assertThat(reads.withoutServer()).isZero();
  }

  @Test
  void databaseThatIsAFileExcusesNothing() throws IOException {
    reads.note(AWAY, Optional.empty());
    assertThat(reads.failed()).isEqualTo(1);
  }
}
