package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.larder.rest.testing.Reply;

class StatisticsTest extends TranslationFixture {
  @Test
  void figuresAreThoseOfARecount() {
    store(session("s1", "processing", ""), session("s2", "processing", ""));
    buffer.now = buffer.now.plusSeconds(90);
    store(session("s1", "completed", ""), session("s3", "pending", ""));
    storeTasks(
        task("t1", "s1", 0, "completed", ",\"duration_ms\":1000"),
        task("t2", "s1", 1, "completed", ",\"duration_ms\":2000"),
        task("t3", "s1", 2, "failed", ",\"duration_ms\":6000"),
        task("t4", "s1", 3, "pending", ""));
    post("/tasks/batch", "{\"tasks\":[" + task("t5", "s1", 4, "pending", "") + "]}");
    JsonNode stats = get("/stats").json();
    assertThat(stats.at("/sessions/total").asInt()).isEqualTo(3);
    assertThat(stats.at("/sessions/completed").asInt()).isEqualTo(1);
    assertThat(stats.at("/sessions/by_status/processing").asInt()).isEqualTo(1);
    assertThat(stats.at("/sessions/cancelled").asInt()).isZero();
    assertThat(stats.at("/tasks/total").asInt()).isEqualTo(4);
    assertThat(stats.at("/tasks/by_status/completed").asInt()).isEqualTo(2);
    assertThat(stats.at("/performance/average_session_time").asDouble()).isEqualTo(90.0);
    assertThat(stats.at("/performance/average_task_time").asDouble()).isEqualTo(1.5);
    assertThat(stats.at("/performance/success_rate").asDouble()).isEqualTo(66.67);
    assertThat(stats.at("/storage/database_size_mb").asDouble()).isEqualTo(2.5);
    assertThat(stats.at("/storage/sessions_table_rows").asInt()).isEqualTo(3);
    assertThat(stats.at("/storage/tasks_table_rows").asInt()).isEqualTo(4);
    assertThat(stats.at("/buffer/tasks_count").asInt()).isEqualTo(1);
    assertThat(stats.at("/buffer/sessions_count").asInt()).isZero();
    assertThat(stats.at("/buffer/usage_percent").asDouble()).isEqualTo(0.1);
    assertThat(get("/stats?consistency=flushed").json().at("/tasks/total").asInt()).isEqualTo(5);
  }

  @Test
  void figuresFollowEveryWrite() {
    for (int i = 0; i < 5; i++) {
      store(session("s" + i, "pending", ""));
      assertThat(get("/stats").json().at("/sessions/total").asInt()).isEqualTo(i + 1);
      assertThat(get("/stats").json().at("/sessions/total").asInt()).isEqualTo(i + 1);
    }
    server.delete(BASE + "/sessions/s1");
    assertThat(get("/stats").json().at("/sessions/total").asInt()).isEqualTo(4);
  }

  @Test
  void emptyNodeHasFiguresToo() {
    JsonNode stats = get("/stats").json();
    assertThat(stats.at("/sessions/total").asInt()).isZero();
    assertThat(stats.at("/performance/average_session_time").asDouble()).isZero();
    assertThat(stats.at("/performance/average_task_time").asDouble()).isZero();
    assertThat(stats.at("/performance/success_rate").asDouble()).isZero();
  }

  @Test
  void flushDrainsBothCollections() {
    assertThat(post("/flush", "").json().get("status").asText()).isEqualTo("empty");
    post("/sessions/batch", "{\"sessions\":[" + session("s1", "pending", "") + "]}");
    post("/tasks/batch", "{\"tasks\":[" + task("t1", "s1", 0, "pending", "") + "]}");
    JsonNode flushed = post("/flush", "").json();
    assertThat(flushed.get("status").asText()).isEqualTo("flushed");
    assertThat(flushed.get("sessions_written").asInt()).isEqualTo(1);
    assertThat(flushed.get("tasks_written").asInt()).isEqualTo(1);
    assertThat(flushed.get("duration_ms").isInt()).isTrue();
    assertThat(get("/sessions/s1").status()).isEqualTo(200);
  }

  @Test
  void flushWithoutABackendIs503AndDropsNothing() {
    post("/sessions/batch", "{\"sessions\":[" + session("s1", "pending", "") + "]}");
    buffer.backendUp = false;
    Reply reply = post("/flush", "");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("2");
    buffer.backendUp = true;
    assertThat(post("/flush", "").json().get("sessions_written").asInt()).isEqualTo(1);
  }

  @Test
  void pathThatNobodyServesIsAProblem() {
    Reply reply = get("/nothing");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void methodThatIsNotAllowedIs405() {
    Reply reply = server.delete(BASE + "/stats");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).contains("GET");
  }
}
