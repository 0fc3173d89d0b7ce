package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.rest.testing.Reply;

class RecoveryTest extends TranslationFixture {
  private static List<String> ids(JsonNode array, String field) {
    List<String> ids = new ArrayList<>();
    array.forEach(item -> ids.add(item.get(field).asText()));
    return ids;
  }

  @Test
  void incompleteSessionsComeNewestFirst() {
    store(session("s1", "pending", ""), session("s2", "completed", ""));
    buffer.now = buffer.now.plusSeconds(60);
    store(session("s3", "processing", ""), session("s4", "cancelled", ""));
    JsonNode reply = get("/recovery/incomplete-sessions").json();
    assertThat(reply.get("count").asInt()).isEqualTo(2);
    assertThat(ids(reply.get("sessions"), "session_id")).containsExactly("s3", "s1");
    JsonNode older = get("/recovery/incomplete-sessions?older_than=PT1M").json();
    assertThat(ids(older.get("sessions"), "session_id")).containsExactly("s1");
    assertThat(get("/recovery/incomplete-sessions?older_than=PT1H").json().get("count").asInt())
        .isZero();
  }

  @Test
  void incompleteSessionsAreNotCutAtAPage() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 1234; i++) {
      many.add(session("s" + i, "pending", ""));
    }
    store(many.toArray(String[]::new));
    JsonNode reply = get("/recovery/incomplete-sessions").json();
    assertThat(reply.get("count").asInt()).isEqualTo(1234);
    assertThat(ids(reply.get("sessions"), "session_id")).hasSize(1234).doesNotHaveDuplicates();
  }

  @Test
  void bufferedSessionsAreShownWhenAskedFor() {
    post("/sessions/batch", "{\"sessions\":[" + session("s1", "pending", "") + "]}");
    assertThat(get("/recovery/incomplete-sessions").json().get("count").asInt()).isZero();
    assertThat(
            get("/recovery/incomplete-sessions?consistency=buffered").json().get("count").asInt())
        .isEqualTo(1);
  }

  @Test
  void restoreGivesWhatIsLeftToDoBufferedIncluded() {
    store(session("s1", "processing", ",\"total_tasks\":4"));
    storeTasks(
        task("t1", "s1", 3, "pending", ""),
        task("t2", "s1", 1, "processing", ""),
        task("t3", "s1", 2, "completed", ""),
        task("t4", "s1", 0, "failed", ""),
        task("t5", "s2", 0, "pending", ""));
    post(
        "/tasks/batch",
        "{\"tasks\":["
            + task("t2", "s1", 1, "completed", "")
            + ","
            + task("t6", "s1", 0, "pending", "")
            + "]}");
    Reply reply = post("/recovery/restore/s1", "");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode json = reply.json();
    assertThat(json.get("session_id").asText()).isEqualTo("s1");
    assertThat(json.at("/session/total_tasks").asInt()).isEqualTo(4);
    assertThat(ids(json.get("tasks"), "task_id")).containsExactly("t6", "t1");
    assertThat(json.get("tasks_count").asInt()).isEqualTo(2);
    assertThat(json.get("restored_at").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
  }

  @Test
  void sessionThatIsOnlyBufferedIsRestored() {
    post("/sessions/batch", "{\"sessions\":[" + session("s1", "pending", "") + "]}");
    assertThat(post("/recovery/restore/s1", "").json().get("tasks_count").asInt()).isZero();
  }

  @Test
  void unknownSessionIsNotRestored() {
    Reply reply = post("/recovery/restore/nobody", "");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().get("session_id").asText()).isEqualTo("nobody");
  }
}
