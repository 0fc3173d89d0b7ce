package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.rest.testing.Reply;

class ReadTest extends TranslationFixture {
  private static List<String> ids(JsonNode page, String field) {
    List<String> ids = new ArrayList<>();
    page.get("items").forEach(item -> ids.add(item.get(field).asText()));
    return ids;
  }

  private void storeThreeSessions() {
    store(session("s1", "pending", ""));
    buffer.now = buffer.now.plusSeconds(3600);
    store(session("s2", "completed", "").replace("openai", "qwen"));
    buffer.now = buffer.now.plusSeconds(86_400);
    store(session("s3", "pending", ""));
  }

  @Test
  void sessionsAreListedNewestFirstWithATotal() {
    storeThreeSessions();
    JsonNode page = get("/sessions?page_size=2").json();
    assertThat(ids(page, "session_id")).containsExactly("s3", "s2");
    assertThat(page.get("total").asInt()).isEqualTo(3);
    assertThat(page.get("page").asInt()).isEqualTo(1);
    assertThat(page.get("page_size").asInt()).isEqualTo(2);
    assertThat(page.get("total_pages").asInt()).isEqualTo(2);
    assertThat(ids(get("/sessions?page_size=2&page=2").json(), "session_id")).containsExactly("s1");
    assertThat(ids(get("/sessions?page=9").json(), "session_id")).isEmpty();
  }

  @Test
  void sessionsAreFilteredAndSorted() {
    storeThreeSessions();
    assertThat(ids(get("/sessions?status=pending").json(), "session_id"))
        .containsExactly("s3", "s1");
    assertThat(ids(get("/sessions?llm_provider=qwen").json(), "session_id")).containsExactly("s2");
    assertThat(ids(get("/sessions?sort_by=session_id&order=asc").json(), "session_id"))
        .containsExactly("s1", "s2", "s3");
    assertThat(ids(get("/sessions?from_date=2026-03-01T13:00:00Z").json(), "session_id"))
        .containsExactly("s3", "s2");
    assertThat(ids(get("/sessions?to_date=2026-03-01").json(), "session_id"))
        .containsExactly("s2", "s1");
    assertThat(ids(get("/sessions?to_date=2026-03-01T12:00:00").json(), "session_id"))
        .containsExactly("s1");
    assertThat(ids(get("/sessions?status=&unknown=1").json(), "session_id")).hasSize(3);
  }

  @Test
  void cursorWalksTheListWithoutACount() {
    storeThreeSessions();
    JsonNode first = get("/sessions?limit=2").json();
    assertThat(first.has("total")).isFalse();
    assertThat(ids(first, "session_id")).containsExactly("s3", "s2");
    JsonNode second = get("/sessions?limit=2&cursor=" + first.get("next_cursor").asText()).json();
    assertThat(ids(second, "session_id")).containsExactly("s1");
    assertThat(second.get("next_cursor").isNull()).isTrue();
    Reply foreign = get("/sessions?status=pending&cursor=" + first.get("next_cursor").asText());
    assertThat(foreign.status()).isEqualTo(422);
    assertThat(foreign.json().get("code").asText()).isEqualTo("INVALID_CURSOR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sessions?page=0",
        "/sessions?page_size=1001",
        "/sessions?status=done",
        "/sessions?sort_by=metadata",
        "/sessions?order=sideways",
        "/sessions?from_date=yesterday",
        "/sessions?consistency=maybe",
        "/sessions/s1?consistency=maybe",
        "/sessions/s1/tasks?status=cancelled",
        "/sessions/s1/tasks?limit=0",
        "/tasks?status=cancelled",
        "/tasks?to_date=2026-13-01",
        "/recovery/incomplete-sessions?older_than=10",
        "/stats?consistency=x"
      })
  void parameterOutOfRangeIsRefusedAndNotClamped(String path) {
    Reply reply = get(path);
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().get("errors")).hasSize(1);
    String name = path.substring(path.indexOf('?') + 1, path.indexOf('='));
    assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo(name);
  }

  @Test
  void readsShowWhatTheBackendHoldsUnlessTheyAskForMore() {
    post("/sessions/batch", "{\"sessions\":[" + session("s1", "pending", "") + "]}");
    assertThat(get("/sessions/s1").status()).isEqualTo(404);
    assertThat(get("/sessions/s1?consistency=buffered").status()).isEqualTo(200);
    assertThat(get("/sessions/s1").status()).isEqualTo(404);
    assertThat(get("/sessions/s1?consistency=flushed").status()).isEqualTo(200);
    assertThat(get("/sessions/s1").status()).isEqualTo(200);
  }

  @Test
  void bufferedTasksAreLaidOver() {
    storeTasks(task("t1", "s1", 0, "pending", ""));
    post("/tasks/batch", "{\"tasks\":[" + task("t1", "s1", 0, "completed", "") + "]}");
    JsonNode page = get("/sessions/s1/tasks?status=completed&consistency=buffered").json();
    assertThat(ids(page, "task_id")).containsExactly("t1");
    assertThat(ids(get("/sessions/s1/tasks?status=pending").json(), "task_id"))
        .containsExactly("t1");
  }

  @Test
  void repliesNameSourceAndPosition() {
    store(session("s1", "pending", ""));
    for (String path : new String[] {"/sessions", "/sessions/s1", "/tasks", "/stats"}) {
      Reply reply = get(path);
      assertThat(reply.header("X-Larder-Source")).as(path).isEqualTo("fake");
      assertThat(reply.header("X-Larder-Position")).as(path).isNotEmpty();
    }
  }

  @Test
  void tasksOfASessionComeByRow() {
    store(session("s1", "processing", ""));
    storeTasks(
        task("t1", "s1", 2, "pending", ""),
        task("t2", "s1", 0, "completed", "").replace("Sheet1", "Sheet2"),
        task("t3", "s1", 1, "pending", ""),
        task("t4", "s2", 0, "pending", ""));
    JsonNode page = get("/sessions/s1/tasks").json();
    assertThat(page.get("session_id").asText()).isEqualTo("s1");
    assertThat(ids(page, "task_id")).containsExactly("t2", "t3", "t1");
    assertThat(ids(get("/sessions/s1/tasks?status=pending").json(), "task_id"))
        .containsExactly("t3", "t1");
    assertThat(ids(get("/sessions/s1/tasks?sheet_name=Sheet2").json(), "task_id"))
        .containsExactly("t2");
    JsonNode byCursor = get("/sessions/s1/tasks?limit=1").json();
    assertThat(byCursor.get("session_id").asText()).isEqualTo("s1");
    assertThat(byCursor.get("next_cursor").isTextual()).isTrue();
  }

  @Test
  void sessionMayArriveAfterItsTasks() {
    storeTasks(task("t1", "s1", 0, "pending", ""));
    assertThat(get("/sessions/s1/tasks").status()).isEqualTo(200);
    assertThat(get("/sessions/s1/tasks?status=failed").json().get("total").asInt()).isZero();
    assertThat(get("/sessions/s1").status()).isEqualTo(404);
  }

  @Test
  void sessionWithoutTasksHasAnEmptyList() {
    store(session("s1", "pending", ""));
    assertThat(get("/sessions/s1/tasks").json().get("total").asInt()).isZero();
  }

  @Test
  void unknownIdIsNamedInTheProblem() {
    Reply session = get("/sessions/nobody");
    assertThat(session.status()).isEqualTo(404);
    assertThat(session.json().get("session_id").asText()).isEqualTo("nobody");
    assertThat(session.json().get("code").asText()).isEqualTo("SESSION_NOT_FOUND");
    assertThat(get("/sessions/nobody/tasks").json().get("session_id").asText()).isEqualTo("nobody");
    Reply task = get("/tasks/n%20o%22%3C");
    assertThat(task.json().get("task_id").asText()).isEqualTo("n o\"<");
    assertThat(task.json().get("error_code").asText()).isEqualTo("TASK_NOT_FOUND");
  }

  @Test
  void tasksAreFilteredByEverything() {
    storeTasks(
        task("t1", "s1", 0, "pending", ""),
        task("t2", "s2", 0, "failed", "").replace("Sheet1", "Sheet2").replace("b1", "b2"));
    assertThat(ids(get("/tasks?session_id=s2").json(), "task_id")).containsExactly("t2");
    assertThat(ids(get("/tasks?status=failed").json(), "task_id")).containsExactly("t2");
    assertThat(ids(get("/tasks?sheet_name=Sheet1").json(), "task_id")).containsExactly("t1");
    assertThat(ids(get("/tasks?batch_id=b2").json(), "task_id")).containsExactly("t2");
    assertThat(ids(get("/tasks?from_date=2027-01-01").json(), "task_id")).isEmpty();
  }

  @Test
  void completionIsEstimatedFromTheLastTenMinutes() {
    store(session("s1", "processing", ",\"total_tasks\":100,\"completed_tasks\":40"));
    assertThat(get("/sessions/s1").json().has("estimated_completion")).isFalse();
    storeTasks(task("t0", "s1", 0, "completed", ""));
    buffer.now = buffer.now.plusSeconds(601);
    assertThat(get("/sessions/s1").json().has("estimated_completion")).isFalse();
    storeTasks(
        task("t1", "s1", 1, "completed", ""),
        task("t2", "s1", 2, "completed", ""),
        task("t3", "s1", 3, "pending", ""));
    // 60 tasks are left at 2 in 600 s
    assertThat(get("/sessions/s1").json().get("estimated_completion").asText())
        .isEqualTo("2026-03-01T17:10:01.000000Z");
    store(session("s1", "completed", ""));
    assertThat(get("/sessions/s1").json().has("estimated_completion")).isFalse();
  }

  @Test
  void backendThatIsAwayIs503() {
    buffer.backendUp = false;
    Reply reply = get("/sessions");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("2");
  }
}
