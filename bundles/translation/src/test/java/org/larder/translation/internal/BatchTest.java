package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.larder.rest.testing.Reply;

class BatchTest extends TranslationFixture {
  @Test
  void aBatchIsAcceptedAndCanBeRead() {
    Reply reply =
        post(
            "/sessions/batch",
            "{\"sessions\":[" + session("s1", "pending", ",\"total_tasks\":10") + "]}");

    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    JsonNode json = reply.json();
    assertThat(json.get("status").asText()).isEqualTo("accepted");
    assertThat(json.get("count").asInt()).isEqualTo(1);
    assertThat(json.get("timestamp").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
    assertThat(json.get("durability").asText()).isEqualTo("journal");
    assertThat(json.get("receipt").asText()).isNotEmpty();
    assertThat(json.get("rejected")).isEmpty();
    buffer.drain();
    JsonNode session = get("/sessions/s1").json();
    assertThat(session.get("filename").asText()).isEqualTo("a.xlsx");
    assertThat(session.get("total_tasks").asInt()).isEqualTo(10);
    assertThat(session.get("completed_tasks").asInt()).isZero();
    assertThat(session.get("pending_tasks").asInt()).isEqualTo(10);
    assertThat(session.get("created_at").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
  }
}
