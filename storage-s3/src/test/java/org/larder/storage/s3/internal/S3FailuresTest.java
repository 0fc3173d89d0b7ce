package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.put;

import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;

/** What a follower is told when the server does not do what it should. */
class S3FailuresTest {
  /** The JVM's own, from tests that fork; it outlives them by a minute. */
  private static final String REAPER_OF_PROCESSES = "process reaper";

  private static final String SECRET = "test-secret";

  @RegisterExtension static final S3ServerExtension S3 = new S3ServerExtension();

  private final S3Server server = S3.server();

  private static S3Backend backend(S3Settings settings) {
    return S3.backend(settings, Clock.systemUTC());
  }

  @Test
  void serverThatIsAwayIsTriedAgain() throws Exception {
    try (S3Backend backend = backend(server.settings(S3.newPrefix()))) {
      RecordWriter writer = new RecordWriter(backend, UUID.randomUUID());
      writer.attach(OptionalLong.empty());
      writer.write(0, 1, THINGS, put(THINGS, 0, "a"));
      server.stop();
      StorageException failure =
          Failures.of(() -> backend.write(writer.batch(1, 2, THINGS, put(THINGS, 1, "b"))));
      assertThat(failure.severity()).isEqualTo(RETRY);
      assertThat(failure.code()).isEqualTo("STORE_UNAVAILABLE");
      assertThat(Failures.of(() -> writer.rows(THINGS)).severity()).isEqualTo(RETRY);
      Probe probe = backend.probe(Duration.ofSeconds(5));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
      server.start();
      writer.write(1, 2, THINGS, put(THINGS, 1, "b"));
      assertThat(writer.rows(THINGS)).hasSize(2);
      assertThat(backend.probe(Duration.ofSeconds(5)).condition()).isEqualTo(Probe.Condition.UP);
    }
  }

  private void halts(S3Settings settings, String code, String word) {
    try (S3Backend backend = backend(settings)) {
      RecordWriter writer = new RecordWriter(backend, UUID.randomUUID());
      for (ThrowingCallable call :
          new ThrowingCallable[] {
            () -> writer.attach(OptionalLong.empty()),
            () -> backend.ensureCollection(THINGS),
            () -> backend.sync(RecordWriter.FOLLOWER, 0),
            () -> writer.rows(THINGS)
          }) {
        StorageException failure = Failures.of(call);
        assertThat(failure.severity()).isEqualTo(HALT);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure).hasMessageContaining(word);
        assertThat(failure.getMessage()).doesNotContain(SECRET, "wrong");
      }
      Probe probe = backend.probe(Duration.ofSeconds(5));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
      assertThat(probe.detail()).contains(word);
    }
  }

  @Test
  void wrongSecretHalts() {
    halts(server.settings(S3Server.BUCKET, S3.newPrefix(), "wrong"), "STORE_DENIED", "credentials");
  }

  @Test
  void missingBucketHalts() {
    halts(server.settings("absent", "p", SECRET), "STORE_MISCONFIGURED", "absent does not exist");
  }

  @Test
  void stoppedBackendIsTriedAgain() {
    S3Backend backend = backend(server.settings(S3.newPrefix()));
    backend.close();
    StorageException failure = Failures.of(() -> backend.sync(RecordWriter.FOLLOWER, 0));
    assertThat(failure.severity()).isEqualTo(RETRY);
    assertThat(failure.code()).isEqualTo("STOPPING");
  }

  @Test
  void noThreadOutlivesTheBackend() throws Exception {
    try (S3Backend backend = backend(server.settings(S3.newPrefix()))) {
      RecordWriter writer = new RecordWriter(backend, UUID.randomUUID());
      writer.attach(OptionalLong.empty());
      writer.write(0, 1, THINGS, put(THINGS, 0, "a"));
      assertThat(writer.rows(THINGS)).hasSize(1);
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      boolean reaper =
          thread.getName().contains("reaper") && !thread.getName().equals(REAPER_OF_PROCESSES);
      if (reaper || thread.getName().startsWith("sdk-")) {
        thread.join(5000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void settingsNeverShowTheSecret() {
    assertThat(server.settings(S3.newPrefix()).toString()).doesNotContain(SECRET);
  }
}
