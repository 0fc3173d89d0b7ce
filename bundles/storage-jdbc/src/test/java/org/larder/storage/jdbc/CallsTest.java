package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.spi.StorageException;

class CallsTest {
  private final LinkageError thrown = new LinkageError("as told");
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void forgetTheInterrupt() {
    Thread.interrupted();
  }

  private void end(Statement statement) {
    asked.incrementAndGet();
    throw thrown;
  }

  @Test
  void driverThatThrowsIsAskedAgainAndDoesNotEndTheWatch() {
    try (Calls calls = new Calls("test", this::end);
        Call call = calls.begin(Duration.ofHours(1))) {
      call.run(NoStatement.make());
      Thread.currentThread().interrupt();
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (asked.get() < 3) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
      StorageException told = call.explain(new SQLException("cut"), PlainDialect.make());
      assertThat(told.code()).isEqualTo("INTERRUPTED");
      assertThat(told.getSuppressed()).containsExactly(thrown);
    }
  }
}
