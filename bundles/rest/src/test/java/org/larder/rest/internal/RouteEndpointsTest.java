package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException.Reason;
import org.larder.rest.testing.FakeBuffer;
import org.larder.rest.testing.Reply;
import org.larder.storage.model.Limits;

class RouteEndpointsTest extends EndpointsFixture {
  private static final String ROUTES = "/api/v1/admin/routes";

  RouteEndpointsTest() {
    super(keysOnly());
  }

  @Test
  void aRouteIsChangedShownAndRemoved() {
    JsonNode changed =
        server
            .post(
                ROUTES + "/kitchen_notes",
                "{\"primary\":\"fast\",\"mirrors\":[\"fake\"],\"read_from\":\"fake\"}")
            .json();
    assertThat(changed.get("primary").asText()).isEqualTo("fast");
    assertThat(changed.at("/copies/1/role").asText()).isEqualTo("mirror");
    assertThat(changed.at("/copies/1/on_lag").asText()).isEqualTo("detach");
    assertThat(changed.at("/copies/1/apply_deletes").asText()).isEqualTo("all");
    assertThat(changed.at("/copies/0/on_lag").isMissingNode()).isTrue();
    JsonNode all = server.get(ROUTES).json();
    assertThat(all.get("count").asInt()).isEqualTo(2);
    assertThat(all.at("/routes/0/collection").asText()).isEqualTo("*");
    assertThat(server.get(ROUTES + "/kitchen_notes").json().get("read_from").asText())
        .isEqualTo("fake");
    assertThat(server.delete(ROUTES + "/kitchen_notes").status()).isEqualTo(200);
    assertThat(server.get(ROUTES + "/kitchen_notes").json().get("primary").asText())
        .isEqualTo("fake");
    assertThat(server.delete(ROUTES + "/kitchen_notes").status()).isEqualTo(404);
  }

  @Test
  void whatCannotBeIsRefusedWithItsReason() {
    Reply notSeeded = server.post(ROUTES + "/*", "{\"primary\":\"empty\"}");
    assertThat(notSeeded.status()).isEqualTo(409);
    assertThat(notSeeded.json().get("code").asText()).isEqualTo("NOT_SEEDED");
    assertThat(server.post(ROUTES + "/nothing", "{\"primary\":\"fake\"}").status()).isEqualTo(404);
    for (String body :
        new String[] {
          "[]",
          "{}",
          "{\"primary\":7}",
          "{\"primary\":\"a\",\"mirrors\":\"b\"}",
          "{\"primary\":\"a\",\"mirrors\":[\"a\"]}",
          "{\"primary\":\"a\",\"read_from\":\"b\"}"
        }) {
      assertThat(server.post(ROUTES + "/*", body).status()).as(body).isEqualTo(422);
    }
    assertThat(server.post(ROUTES + "/*", "{\"").status()).isEqualTo(400);
    assertThat(server.get(ROUTES).json().at("/routes/0/primary").asText()).isEqualTo("fake");
  }

  @Test
  void memberThatIsNoneChangesNothing() {
    Reply misspelt =
        server.post(
            ROUTES + "/*", "{\"primary\":\"fake\",\"mirrors\":[\"fast\"],\"readfrom\":\"fast\"}");
    assertThat(misspelt.status()).isEqualTo(422);
    assertThat(misspelt.json().at("/errors/0/field").asText()).isEqualTo("readfrom");
    assertThat(misspelt.json().at("/errors/0/message").asText()).contains("read_from");
    String archive = "{\"primary\":\"fake\",\"apply_deletes\":{\"fast\":\"user\"}}";
    assertThat(server.post(ROUTES + "/*", archive).json().at("/errors/0/message").asText())
        .contains("larder.routes.cfg");
    assertThat(server.post(ROUTES + "/*", "{\"primary\":\" \"}").status()).isEqualTo(422);
    assertThat(server.post(ROUTES + "/*", "{\"primary\":\"fast\"} fast").status()).isEqualTo(400);
    assertThat(server.post(ROUTES + "/*", "{\"primary\":\"fast\"}{}").status()).isEqualTo(422);
    JsonNode now = server.get(ROUTES + "/*").json();
    assertThat(now.get("mirrors")).isEmpty();
    assertThat(now.get("primary").asText()).isEqualTo("fake");
    assertThat(server.post(ROUTES + "/*", now.toString()).status()).isEqualTo(200);
  }

  @Test
  void bodyThatIsNoJsonIsToldWhereItBreaks() {
    Reply broken = server.post(ROUTES + "/*", "{\"primary\":\n fake}");
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.json().get("line").asInt()).isEqualTo(2);
    assertThat(broken.json().get("column").asInt()).isPositive();
    assertThat(broken.json().get("detail").asText()).contains("line 2");
  }

  @Test
  void bodyBeyondTheLimitsIsTooLarge() {
    String deep = "{\"copies\":" + "[".repeat(101) + "]".repeat(101) + "}";
    String text = "{\"primary\":\"" + "x".repeat(Limits.ITEM_BYTES + 1) + "\"}";
    for (String body : new String[] {deep, text}) {
      Reply refused = server.post(ROUTES + "/*", body);
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.json().get("code").asText()).isEqualTo("TOO_LARGE");
    }
  }

  @Test
  void charactersThatAreNoneAreTheClientsMistake() {
    // An object's brace in UTF-32, and what is beyond every character.
    Reply refused = server.post(ROUTES + "/*", "\0\0\0{\u007f\u007f\u007f\u007f");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("MALFORMED_BODY");
  }

  @Test
  void collectionThatIsUnknownIsSpokenOfAsOne() {
    Reply unknown = server.get(ROUTES + "/nothing");
    assertThat(unknown.json().get("code").asText()).isEqualTo("COLLECTION_NOT_FOUND");
    assertThat(unknown.json().get("detail").asText())
        .isEqualTo("There is no collection 'nothing'; GET /api/v1/admin/collections lists them");
  }

  @Test
  void changeThatCannotBeNotedIsATroubleOfTheDisk() {
    String own = ROUTES + "/kitchen_notes";
    assertThat(server.post(own, "{\"primary\":\"fake\"}").status()).isEqualTo(200);
    buffer.diskFailure = FakeBuffer.diskFailure(Reason.NODE_DISK_FAILED);
    for (Reply failed :
        new Reply[] {server.post(own, "{\"primary\":\"fast\"}"), server.delete(own)}) {
      assertThat(failed.status()).isEqualTo(503);
      assertThat(failed.json().get("code").asText()).isEqualTo("NODE_DISK_FAILED");
    }
    buffer.diskFailure = FakeBuffer.diskFailure(Reason.DISK_FULL);
    assertThat(server.delete(own).status()).isEqualTo(507);
    assertThat(server.get(own).json().get("primary").asText()).isEqualTo("fake");
  }
}
