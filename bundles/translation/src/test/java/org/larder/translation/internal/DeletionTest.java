package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.rest.testing.Reply;

class DeletionTest extends TranslationFixture {
  private Reply delete(String id) {
    return server.delete(BASE + "/sessions/" + id);
  }

  @Test
  void sessionIsDeletedWithItsTasksThoseStillBufferedIncluded() {
    store(session("s1", "pending", ""), session("s2", "pending", ""));
    storeTasks(task("t1", "s1", 0, "pending", ""), task("t2", "s2", 0, "pending", ""));
    post("/tasks/batch", "{\"tasks\":[" + task("t3", "s1", 1, "pending", "") + "]}");
    Reply reply = delete("s1");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode json = reply.json();
    assertThat(json.get("status").asText()).isEqualTo("deleted");
    assertThat(json.get("session_id").asText()).isEqualTo("s1");
    assertThat(json.get("deleted_tasks").asInt()).isEqualTo(2);
    assertThat(json.get("timestamp").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
    buffer.drain();
    assertThat(get("/sessions/s1").status()).isEqualTo(404);
    assertThat(buffer.storedCount("translation_tasks")).isEqualTo(1);
    assertThat(delete("s1").status()).isEqualTo(404);
  }

  @Test
  void whatIsWrittenAfterwardsIsNewData() {
    store(session("s1", "completed", ",\"completed_tasks\":5"));
    delete("s1");
    buffer.now = buffer.now.plusSeconds(5);
    store(session("s1", "pending", ""));
    JsonNode session = get("/sessions/s1").json();
    assertThat(session.get("completed_tasks").asInt()).isZero();
    assertThat(session.get("created_at").asText()).isEqualTo("2026-03-01T12:00:05.000000Z");
  }

  @Test
  void manyTasksGoInChunksAndTheSessionLast() {
    store(session("s1", "pending", ""));
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      tasks.add(task("t" + i, "s1", i, "pending", ""));
    }
    storeTasks(tasks.toArray(String[]::new));
    buffer.commits.clear();
    assertThat(delete("s1").json().get("deleted_tasks").asInt()).isEqualTo(1100);
    assertThat(buffer.commits).containsExactly(500, 500, 100, 1);
    assertThat(buffer.storedCount("translation_tasks")).isZero();
  }

  @Test
  void tasksWithoutASessionAreDeletedToo() {
    storeTasks(task("t1", "s1", 0, "pending", ""));
    assertThat(delete("s1").json().get("deleted_tasks").asInt()).isEqualTo(1);
  }

  @Test
  void backendThatIsAwayLeavesEverything() {
    store(session("s1", "pending", ""));
    buffer.backendUp = false;
    assertThat(delete("s1").status()).isEqualTo(503);
    buffer.backendUp = true;
    assertThat(get("/sessions/s1").status()).isEqualTo(200);
  }

  private void storeOldSessions() {
    store(
        session("c1", "completed", ""), session("f1", "failed", ""), session("p1", "pending", ""));
    storeTasks(task("t1", "c1", 0, "completed", ""), task("t2", "f1", 0, "failed", ""));
    buffer.now = buffer.now.plus(Duration.ofDays(31));
    store(session("c2", "completed", ""), session("x1", "cancelled", ""));
  }

  @Test
  void cleanupGoesByStatusAndAge() {
    storeOldSessions();
    JsonNode first = post("/sessions/cleanup", "").json();
    assertThat(first.get("deleted_sessions").asInt()).isEqualTo(1);
    assertThat(first.get("deleted_tasks").asInt()).isEqualTo(1);
    assertThat(first.get("dry_run").asBoolean()).isFalse();
    assertThat(get("/sessions/f1").status()).isEqualTo(404);
    assertThat(get("/sessions/c1").status()).isEqualTo(200);
    buffer.now = buffer.now.plus(Duration.ofDays(60));
    assertThat(post("/sessions/cleanup", "").json().get("deleted_sessions").asInt()).isEqualTo(1);
    assertThat(get("/sessions/c1").status()).isEqualTo(404);
    assertThat(get("/sessions").json().get("total").asInt()).isEqualTo(3);
  }

  @Test
  void dryRunOnlyCounts() {
    storeOldSessions();
    for (Reply reply :
        List.of(
            post("/sessions/cleanup?completed_days=0&failed_days=0&dry_run=true", ""),
            post(
                "/sessions/cleanup",
                "{\"completed_days\":30,\"failed_days\":30,\"dry_run\":true}"))) {
      assertThat(reply.json().get("deleted_sessions").asInt()).isEqualTo(2);
      assertThat(reply.json().get("deleted_tasks").asInt()).isEqualTo(2);
      assertThat(reply.json().get("dry_run").asBoolean()).isTrue();
    }
    assertThat(get("/sessions").json().get("total").asInt()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"completed_days\":-1}",
        "{\"completed_days\":\"5\"}",
        "{\"failed_days\":99999999999}",
        "{\"dry_run\":\"yes\"}",
        "[]"
      })
  void optionsThatAreNotValidDeleteNothing(String body) {
    storeOldSessions();
    assertThat(post("/sessions/cleanup", body).status()).isEqualTo(422);
    assertThat(post("/sessions/cleanup", "{").status()).isEqualTo(400);
    assertThat(post("/sessions/cleanup?failed_days=x", "").status()).isEqualTo(422);
    assertThat(get("/sessions").json().get("total").asInt()).isEqualTo(5);
  }
}
