package org.larder.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoadLoopTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void everyAcknowledgedItemIsSentOnceAndCounted() throws IOException {
    try (FakeServer server = new FakeServer(body -> FakeServer.accepted())) {
      TaskRequests requests = new TaskRequests(100, 4, KeySequence.random(1), 0);
      LoadResult result;
      try (LoadLoop loop = new LoadLoop(server.port(), 4, requests)) {
        result = loop.run(Pace.closedLoop(), LONG, 2_000);
      }
      assertThat(result.items()).isEqualTo(2_000);
      assertThat(result.requests()).isEqualTo(20);
      assertThat(result.failed()).isZero();
      assertThat(requests.acceptedItems()).isEqualTo(2_000);
      Set<String> ids = new HashSet<>();
      JsonMapper mapper = new JsonMapper();
      for (String body : server.bodies) {
        mapper.readTree(body).path("tasks").forEach(task -> ids.add(task.path("task_id").asText()));
      }
      assertThat(ids).hasSize(2_000);
    }
  }

  @Test
  void waitingForAConnectionCountsAsLatencyInAnOpenLoop() throws IOException {
    AtomicInteger count = new AtomicInteger();
    Duration stall = Duration.ofMillis(300);
    try (FakeServer server =
        new FakeServer(
            body -> {
              if (count.incrementAndGet() == 10) {
                pause(stall);
              }
              return FakeServer.accepted();
            })) {
      TaskRequests requests = new TaskRequests(1, 1, KeySequence.random(1), 0);
      try (LoadLoop loop = new LoadLoop(server.port(), 1, requests)) {
        LoadResult result =
            loop.run(Pace.openLoop(Duration.ofMillis(10)), Duration.ofMillis(1_000), 100_000);
        assertThat(result.requests()).isEqualTo(100);
        // One stall of 300 ms delays some thirty requests: by their intended starts a tenth of
        // them waited 150 ms and more, though all but one were answered at once.
        assertThat(result.percentileMs(90)).isGreaterThan(100);
        assertThat(result.percentileMs(50)).isLessThan(100);
        assertThat(result.percentileMs(100)).isBetween(250.0, 2_000.0);
      }
    }
  }

  @Test
  void loadEndsWhenItIsToldTo() throws IOException {
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
        new FakeServer(
            body -> {
              count.incrementAndGet();
              return FakeServer.accepted();
            })) {
      TaskRequests requests = new TaskRequests(1, 1, KeySequence.random(1), 0);
      try (LoadLoop loop = new LoadLoop(server.port(), 1, requests)) {
        Pace pace = Pace.openLoop(Duration.ofMillis(1)).until(() -> count.get() >= 5);
        LoadResult result = loop.run(pace, LONG, LoadLoop.UNLIMITED);
        assertThat(result.requests()).isEqualTo(5);
        assertThat(result.taken()).isLessThan(LONG);
      }
    }
  }

  @Test
  void refusedRequestsAreSentAgainAndKeepTheirLateness() throws IOException {
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
        new FakeServer(
            body ->
                count.incrementAndGet() == 1
                    ? FakeServer.reply(503, "Retry-After: 1\r\n", "{}")
                    : FakeServer.accepted())) {
      TaskRequests requests = new TaskRequests(1, 1, KeySequence.random(1), 0);
      try (LoadLoop loop = new LoadLoop(server.port(), 1, requests)) {
        LoadResult result = loop.run(Pace.closedLoop(), LONG, 1);
        assertThat(result.items()).isEqualTo(1);
        assertThat(result.refused()).isEqualTo(1);
        assertThat(result.failed()).isZero();
        assertThat(result.percentileMs(100)).isGreaterThan(990);
      }
      assertThat(server.bodies).hasSize(2);
      assertThat(server.bodies.get(0)).isEqualTo(server.bodies.get(1));
    }
  }

  @Test
  void whatIsRefusedToTheEndIsGivenUp() throws IOException {
    try (FakeServer server = new FakeServer(body -> FakeServer.reply(503, "", "{}"))) {
      TaskRequests requests = new TaskRequests(1, 2, KeySequence.random(1), 0);
      try (LoadLoop loop = new LoadLoop(server.port(), 2, requests)) {
        LoadResult result = loop.run(Pace.closedLoop(), Duration.ofMillis(100), 1_000_000);
        assertThat(result.items()).isZero();
        assertThat(result.refused()).isPositive();
        assertThat(requests.acceptedItems()).isZero();
      }
    }
  }

  @Test
  void partlyAcceptedBatchIsAFailure() throws IOException {
    try (FakeServer server =
        new FakeServer(body -> FakeServer.reply(202, "", "{\"status\":\"partial\"}"))) {
      TaskRequests requests = new TaskRequests(1, 1, KeySequence.random(1), 0);
      try (LoadLoop loop = new LoadLoop(server.port(), 1, requests)) {
        LoadResult result = loop.run(Pace.closedLoop(), LONG, 1);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(requests.isAccepted(0)).isFalse();
        assertThatThrownBy(result::orFail).hasMessageContaining("partial");
      }
    }
  }

  @Test
  void loadEndsWhenTheNodeIsGone() throws IOException {
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
        new FakeServer(body -> count.incrementAndGet() > 5 ? null : FakeServer.accepted())) {
      TaskRequests requests = new TaskRequests(100, 3, KeySequence.random(1), 0);
      try (LoadLoop loop = new LoadLoop(server.port(), 3, requests)) {
        LoadResult result = loop.run(Pace.closedLoop(), LONG, 1_000_000);
        assertThat(result.items()).isEqualTo(500);
        assertThat(result.failed()).isEqualTo(3);
        assertThat(requests.acceptedItems()).isEqualTo(500);
      }
    }
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
