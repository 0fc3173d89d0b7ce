package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.BufferException;
import org.larder.rest.testing.Reply;

class BatchTest extends TranslationFixture {
  private Reply postSession(String more) {
    return post("/sessions/batch", "{\"sessions\":[" + session("s1", "pending", more) + "]}");
  }

  @Test
  void aBatchIsAcceptedAndCanBeRead() {
    Reply reply = postSession(",\"total_tasks\":10");
    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    JsonNode json = reply.json();
    assertThat(json.get("status").asText()).isEqualTo("accepted");
    assertThat(json.get("count").asInt()).isEqualTo(1);
    assertThat(json.get("timestamp").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
    assertThat(json.get("durability").asText()).isEqualTo("journal");
    assertThat(json.get("receipt").asText()).isNotEmpty();
    assertThat(json.get("rejected")).isEmpty();
    assertThat(reply.header("X-Durability")).isEqualTo("journal");
    buffer.drain();
    JsonNode session = get("/sessions/s1").json();
    assertThat(session.get("filename").asText()).isEqualTo("a.xlsx");
    assertThat(session.get("total_tasks").asInt()).isEqualTo(10);
    assertThat(session.get("completed_tasks").asInt()).isZero();
    assertThat(session.get("game_info").isNull()).isTrue();
    assertThat(session.get("created_at").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
  }

  @Test
  void theSameBatchTwiceLeavesOneRow() {
    postSession("");
    postSession("");
    buffer.drain();
    assertThat(buffer.storedCount("translation_sessions")).isEqualTo(1);
  }

  @Test
  void progressNeverTurnsBackButProcessingDoes() {
    store(session("s1", "processing", ",\"total_tasks\":10,\"completed_tasks\":7"));
    store(
        session(
            "s1",
            "processing",
            ",\"total_tasks\":9,\"completed_tasks\":5,\"failed_tasks\":null,\"processing_tasks\":2"));
    store(session("s1", "processing", ",\"processing_tasks\":1"));
    JsonNode session = get("/sessions/s1").json();
    assertThat(session.get("total_tasks").asInt()).isEqualTo(10);
    assertThat(session.get("completed_tasks").asInt()).isEqualTo(7);
    assertThat(session.get("failed_tasks").asInt()).isZero();
    assertThat(session.get("processing_tasks").asInt()).isEqualTo(1);
    assertThat(session.get("pending_tasks").asInt()).isEqualTo(2);
    assertThat(session.get("progress").asDouble()).isEqualTo(70.0);
  }

  @Test
  void upsertChangesOnlyWhatItCarriesAndNullEmpties() {
    String first = ",\"target_text\":\"Hallo\",\"context\":\"x\",\"confidence\":0.98765";
    storeTasks(task("t1", "s1", 0, "completed", first));
    storeTasks(task("t1", "s1", 0, "completed", ",\"context\":null"));
    JsonNode task = get("/tasks/t1").json();
    assertThat(task.get("target_text").asText()).isEqualTo("Hallo");
    assertThat(task.get("context").isNull()).isTrue();
    assertThat(task.get("confidence").decimalValue()).hasToString("0.9877");
    assertThat(task.get("retry_count").asInt()).isZero();
  }

  @Test
  void timesAreSetHereAndTheFirstOneStays() {
    store(session("s1", "pending", ",\"created_at\":\"1999-01-01\",\"updated_at\":5"));
    buffer.now = buffer.now.plusSeconds(60);
    store(session("s1", "completed", ""));
    JsonNode session = get("/sessions/s1").json();
    assertThat(session.get("created_at").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
    assertThat(session.get("updated_at").asText()).isEqualTo("2026-03-01T12:01:00.000000Z");
  }

  @Test
  void jsonIsKeptExactly() {
    String json = "{ \"b\":1.50, \"a\" : [ \"\\u00e9\", 1e2 ] }";
    store(session("s1", "pending", ",\"metadata\":" + json));
    assertThat(get("/sessions/s1").text()).contains("\"metadata\":" + json + ",");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"metadata\":[]",
        "\"game_info\":\"x\"",
        "\"total_tasks\":-1",
        "\"total_tasks\":1.5",
        "\"status\":\"done\"",
        "\"filename\":null",
        "\"session_id\":\"\"",
        "\"session_id\":\"1234567890123456789012345678901234567\"",
        "\"llm_provider\":7"
      })
  void invalidFieldIsToldAndNothingIsWritten(String member) {
    Reply reply = postSession("," + member);
    assertThat(reply.status()).isEqualTo(422);
    JsonNode problem = reply.json();
    assertThat(problem.get("errors")).hasSize(1);
    assertThat(problem.at("/errors/0/field").asText()).startsWith("sessions[0].");
    assertThat(problem.at("/rejected/0/index").asInt()).isZero();
    assertThat(buffer.commits).isEmpty();
  }

  @Test
  void everyRequiredFieldIsRequired() {
    for (String field : new String[] {"filename", "file_path", "status", "llm_provider"}) {
      String json = session("s1", "pending", "").replace('"' + field + '"', "\"other\"");
      Reply reply = post("/sessions/batch", "{\"sessions\":[" + json + "]}");
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.json().at("/rejected/0/field").asText()).isEqualTo(field);
      assertThat(reply.json().at("/rejected/0/key").asText()).isEqualTo("s1");
    }
  }

  @Test
  void badItemNeverSinksItsNeighbours() {
    Reply reply =
        post(
            "/tasks/batch",
            "{\"tasks\":["
                + task("t1", "s1", 0, "pending", "")
                + ","
                + task("t2", "s1", -1, "pending", "")
                + ","
                + task("t3", "s1", 2, "pending", ",\"confidence\":1.5")
                + ","
                + task("t4", "s1", 3, "pending", "")
                + "]}");
    assertThat(reply.status()).isEqualTo(202);
    JsonNode json = reply.json();
    assertThat(json.get("status").asText()).isEqualTo("partial");
    assertThat(json.get("count").asInt()).isEqualTo(2);
    assertThat(json.get("rejected")).hasSize(2);
    assertThat(json.at("/rejected/0").toString())
        .isEqualTo(
            "{\"index\":1,\"key\":\"t2\",\"field\":\"row_index\",\"message\":\"is less than 0\"}");
    assertThat(json.at("/rejected/1/message").asText()).isEqualTo("is not between 0 and 1");
    buffer.drain();
    assertThat(buffer.storedCount("translation_tasks")).isEqualTo(2);
  }

  @Test
  void linesAreABatchToo() {
    String body = task("t1", "s1", 0, "pending", "") + "\n{\n" + task("t2", "s1", 1, "pending", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(BASE + "/tasks/batch"))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    Reply reply = server.send(request, "Content-Type", "application/x-ndjson");
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().get("count").asInt()).isEqualTo(2);
    assertThat(reply.json().at("/rejected/0/index").asInt()).isEqualTo(1);
  }

  @Test
  void gzipIsUnderstoodAndBrokenGzipIsAProblem() throws IOException {
    String json = "{\"sessions\":[" + session("s1", "pending", "") + "]}";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(json.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(postGzip(packed.toByteArray()).status()).isEqualTo(202);
    Reply broken = postGzip(json.getBytes(StandardCharsets.UTF_8));
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.json().get("code").asText()).isEqualTo("MALFORMED_BODY");
  }

  private Reply postGzip(byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(BASE + "/sessions/batch"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return server.send(request, "Content-Type", "application/json", "Content-Encoding", "gzip");
  }

  @Test
  void emptyBatchAndBodyWithoutTheArrayAreInvalid() {
    for (String body : new String[] {"{\"sessions\":[]}", "{}", "[]", "{\"sessions\":{}}"}) {
      Reply reply = post("/sessions/batch", body);
      assertThat(reply.status()).as(body).isEqualTo(422);
      assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo("sessions");
    }
  }

  @Test
  void moreThanTenThousandItemsAre413() {
    String item = session("s1", "pending", "") + ",";
    Reply reply = post("/sessions/batch", "{\"sessions\":[" + item.repeat(10_000) + "{}]}");
    assertThat(reply.status()).isEqualTo(413);
    assertThat(buffer.commits).isEmpty();
  }

  @Test
  void malformedJsonSaysWhere() {
    Reply reply = post("/sessions/batch", "{\"sessions\":[\n{\"secret\" 5}]}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("line").asInt()).isEqualTo(2);
    assertThat(reply.text()).doesNotContain("secret");
  }

  @Test
  void otherTypesAre415() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(BASE + "/sessions/batch"))
            .POST(HttpRequest.BodyPublishers.ofString("a,b"));
    Reply reply = server.send(request, "Content-Type", "text/csv");
    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.json().get("code").asText()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    assertThat(post("/sessions/batch", "{}", "Content-Encoding", "br").status()).isEqualTo(415);
  }

  @Test
  void durabilityIsChosenByHeaderAndNamedAsReached() {
    for (String level : new String[] {"memory", "journal", "backend", "BACKEND"}) {
      Reply reply =
          post(
              "/sessions/batch",
              "{\"sessions\":[" + session("s1", "pending", "") + "]}",
              "X-Durability",
              level);
      assertThat(reply.json().get("durability").asText()).isEqualToIgnoringCase(level);
    }
    buffer.backendUp = false;
    Reply reply =
        post(
            "/sessions/batch",
            "{\"sessions\":[" + session("s1", "pending", "") + "]}",
            "X-Durability",
            "backend");
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.header("X-Durability")).isEqualTo("journal");
    assertThat(post("/sessions/batch", "{\"sessions\":[]}", "X-Durability", "disk").status())
        .isEqualTo(422);
  }

  @Test
  void fullBufferIs503WithRetryAfter() {
    buffer.refusal =
        new BufferException(
            BufferException.Reason.FULL, "The journal is full", Duration.ofSeconds(3), null);
    Reply reply = postSession("");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("3");
    assertThat(reply.json().get("code").asText()).isEqualTo("BUFFER_FULL");
  }

  @Test
  void twoWritesOfOneKeyTakeEffectInTheirOrder() {
    post(
        "/sessions/batch",
        "{\"sessions\":["
            + session("s1", "pending", "")
            + ","
            + session("s1", "failed", "")
            + "]}");
    buffer.drain();
    assertThat(get("/sessions/s1").json().get("status").asText()).isEqualTo("failed");
  }
}
