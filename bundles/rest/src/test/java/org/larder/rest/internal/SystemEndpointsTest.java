package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.rest.testing.Reply;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;

class SystemEndpointsTest extends EndpointsFixture {
  private static final CollectionSchema SCHEMA =
      CollectionSchema.named("kitchen_notes", 1)
          .key("note_id", 36)
          .field(Field.int64("count").atLeast(0).withDefault(0L))
          .build();

  SystemEndpointsTest() {
    super(SCHEMA);
  }

  private String write(String key) throws InvalidRowException {
    try (var submission = buffer.begin("kitchen_notes", 0)) {
      submission.row().set("note_id", key);
      submission.add(Mutation.Kind.MERGE);
      return submission.commit(Durability.JOURNAL, Duration.ZERO).receipt();
    }
  }

  @Test
  void healthHasTheShapeThatClientsKnow() throws InvalidRowException {
    write("a");
    write("b");
    JsonNode health = server.get("/health").json();
    assertThat(health.get("status").asText()).isEqualTo("healthy");
    assertThat(health.get("database").asText()).isEqualTo("up");
    JsonNode figures = health.get("buffer");
    assertThat(figures.get("notes_count").asInt()).isEqualTo(2);
    assertThat(figures.get("total_count").asInt()).isEqualTo(2);
    assertThat(figures.get("capacity").asInt()).isEqualTo(1000);
    assertThat(figures.get("usage_percent").asDouble()).isEqualTo(0.2);
    assertThat(figures.get("last_flush").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
    assertThat(health.get("uptime_seconds").isInt()).isTrue();
    assertThat(health.get("version").asText()).isNotEmpty();
  }

  @Test
  void backendThatIsAwayDegradesButDoesNotFail() {
    buffer.backendUp = false;
    Reply reply = server.get("/health");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("status").asText()).isEqualTo("degraded");
    assertThat(reply.json().get("database").asText()).isEqualTo("down");
  }

  @Test
  void haltedFollowerDegrades() {
    buffer.followerState = FollowerStatus.State.HALTED;
    assertThat(server.get("/health").json().get("status").asText()).isEqualTo("degraded");
  }

  @Test
  void fullJournalIsUnhealthy() {
    buffer.journalBytes = 1000;
    Reply reply = server.get("/health");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().get("status").asText()).isEqualTo("unhealthy");
  }

  @Test
  void receiptTellsWhatBecameOfIt() throws InvalidRowException {
    String receipt = write("a");
    assertThat(server.get("/api/v1/receipts/" + receipt).json().get("state").asText())
        .isEqualTo("pending");
    server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/admin/flush"))
            .POST(HttpRequest.BodyPublishers.noBody()));
    JsonNode stored = server.get("/api/v1/receipts/" + receipt).json();
    assertThat(stored.get("state").asText()).isEqualTo("stored");
    assertThat(stored.get("count").asInt()).isEqualTo(1);
  }

  @Test
  void unknownReceiptIsNamedInTheProblem() {
    Reply reply = server.get("/api/v1/receipts/nothing");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().get("receipt").asText()).isEqualTo("nothing");
    assertThat(reply.json().get("code").asText()).isEqualTo("RECEIPT_NOT_FOUND");
    assertThat(reply.json().get("error_code").asText()).isEqualTo("RECEIPT_NOT_FOUND");
  }

  @Test
  void operatorsSeeEverythingThatTheBufferKnows() {
    assertThat(server.get("/api/v1/admin/backends").json().at("/backends/0/name").asText())
        .isEqualTo("fake");
    assertThat(server.get("/api/v1/admin/followers").json().at("/followers/0/state").asText())
        .isEqualTo("following");
    assertThat(server.get("/api/v1/admin/buffer").json().at("/journal/max_bytes").asInt())
        .isEqualTo(1000);
    JsonNode count = server.get("/api/v1/admin/collections").json().at("/collections/0/fields/1");
    assertThat(count.get("type").asText()).isEqualTo("int64");
    assertThat(count.get("default").asInt()).isZero();
    assertThat(server.get("/api/v1/admin/recovery").json().at("/findings/0/kind").asText())
        .isEqualTo("cut");
  }

  private Reply adopt(String follower, String query) {
    return server.post("/api/v1/admin/followers/" + follower + "/adopt" + query, "");
  }

  @Test
  void haltedFollowerIsAdoptedByItsName() {
    buffer.followerState = FollowerStatus.State.HALTED;
    Reply reply = adopt("primary", "?yes=true");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("status").asText()).isEqualTo("adopted");
    assertThat(buffer.adopted).containsExactly("primary");
    Reply unknown = adopt("other", "?yes=true");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().get("follower").asText()).isEqualTo("other");
  }

  @Test
  void nothingIsAdoptedWithoutYes() {
    buffer.followerState = FollowerStatus.State.HALTED;
    for (String query : List.of("", "?yes=", "?yes=false", "?yes")) {
      Reply reply = adopt("primary", query);
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.json().get("detail").asText()).contains("missing", "yes=true");
      assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo("yes");
    }
    assertThat(buffer.adopted).isEmpty();
  }

  @Test
  void mirrorThatWasGivenUpIsFilledAnew() {
    buffer.followerState = FollowerStatus.State.STALE;
    for (String query : List.of("", "?yes=true")) {
      assertThat(adopt("primary", query).json().get("status").asText()).isEqualTo("adopted");
    }
    assertThat(buffer.adopted).containsExactly("primary", "primary");
  }

  @Test
  void followerThatIsNotHaltedIsNotSaidToBeAdopted() {
    Reply reply = adopt("primary", "?yes=true");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("status").asText()).isEqualTo("not halted");
    assertThat(buffer.adopted).isEmpty();
  }

  @Test
  void flushOfABackendThatIsAwayIs503WithRetryAfter() {
    buffer.backendUp = false;
    Reply reply = server.post("/api/v1/admin/flush", "");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("2");
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.json().get("code").asText()).isEqualTo("BACKEND_AWAY");
  }

  @Test
  void diskThatIsFullIs507() {
    BufferException full =
        new BufferException(
            BufferException.Reason.DISK_FULL, "The disk is full", Duration.ofMillis(1500), null);
    assertThat(ProblemMapper.ofBuffer(full).status()).isEqualTo(507);
    assertThat(ProblemMapper.ofBuffer(full).headers()).containsEntry("Retry-After", "2");
  }

  @Test
  void metricsAreWellFormedPrometheusText() {
    Reply reply = server.get("/metrics");
    assertThat(reply.header("Content-Type")).contains("text/plain").contains("version=0.0.4");
    assertThat(reply.text().lines())
        .isNotEmpty()
        .allMatch(
            line ->
                line.matches("# (HELP|TYPE) [a-z_]+ .+")
                    || line.matches("[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? \\S+"));
    assertThat(server.get("/api/v1/system/metrics").status()).isEqualTo(200);
  }

  @Test
  void configurationServiceThatIsAwayIs503() {
    assertThat(server.get("/api/v1/system/config").status()).isEqualTo(503);
  }

  @Test
  void pathThatNobodyServesIsAProblem() {
    Reply reply = server.get("/api/v2/nothing");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.json().get("path").asText()).isEqualTo("/api/v2/nothing");
    assertThat(reply.json().get("errors")).isEmpty();
  }

  @Test
  void methodThatIsNotAllowedNamesThoseThatAre() {
    Reply reply = server.delete("/health");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).contains("GET");
  }

  @Test
  void typeThatIsNotServedIs406() {
    Reply reply = server.get("/health", "Accept", "image/png");
    assertThat(reply.status()).isEqualTo(406);
    assertThat(reply.json().get("code").asText()).isEqualTo("NOT_ACCEPTABLE");
  }

  @Test
  void documentationIsServedOffline() {
    Reply page = server.get("/docs");
    assertThat(page.header("Content-Type")).contains("text/html");
    assertThat(page.text()).contains("openapi.json").doesNotContain("http://", "https://");
    JsonNode document = server.get("/openapi.json").json();
    assertThat(document.get("openapi").asText()).startsWith("3.1");
    assertThat(document.at("/info/version").asText()).doesNotContain("$");
  }
}
