package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException.Reason;
import org.larder.rest.testing.FakeBuffer;
import org.larder.rest.testing.Reply;

class MigrationEndpointsTest extends EndpointsFixture {
  private static final String MIGRATIONS = "/api/v1/admin/migrations";
  private static final String BODY = "{\"collection\":\"*\",\"from\":\"fake\",\"to\":\"other\"";

  MigrationEndpointsTest() {
    super(keysOnly());
  }

  @Test
  void oneIsStartedFollowedAndCancelled() {
    Reply started = server.post(MIGRATIONS, BODY + "}");
    assertThat(started.status()).isEqualTo(202);
    String location = started.header("Location");
    assertThat(location).endsWith(MIGRATIONS + "/1");
    JsonNode status = server.get(MIGRATIONS + "/1").json();
    assertThat(status.get("phase").asText()).isEqualTo("backfilling");
    assertThat(status.get("copied_records").asInt()).isEqualTo(6);
    assertThat(status.get("records_per_second").asDouble()).isEqualTo(3.0);
    assertThat(status.get("remaining_seconds").asDouble()).isEqualTo(2.0);
    assertThat(server.get(MIGRATIONS).json().get("count").asInt()).isEqualTo(1);
    Reply again = server.post(MIGRATIONS, BODY + "}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().get("code").asText()).isEqualTo("MIGRATION_RUNNING");
    assertThat(server.post(MIGRATIONS + "/1/cancel", "").json().get("phase").asText())
        .isEqualTo("cancelled");
    assertThat(server.post(MIGRATIONS + "/1/cancel", "").status()).isEqualTo(409);
    assertThat(server.post(MIGRATIONS + "/1/rollback", "").status()).isEqualTo(409);
  }

  @Test
  void aDryRunChangesNothing() {
    Reply plan = server.post(MIGRATIONS, BODY + ",\"dry_run\":true,\"end\":\"primary\"}");
    assertThat(plan.status()).isEqualTo(200);
    assertThat(plan.json().get("records").asInt()).isEqualTo(12);
    assertThat(plan.json().get("end").asText()).isEqualTo("primary");
    assertThat(server.get(MIGRATIONS).json().get("count").asInt()).isZero();
  }

  @Test
  void whatCannotBeIsRefusedWithItsReason() {
    for (String body :
        new String[] {
          "[]",
          "{}",
          "{\"collection\":\"*\",\"from\":\"fake\"}",
          "{\"collection\":7,\"from\":\"fake\",\"to\":\"other\"}",
          BODY + ",\"end\":\"somehow\"}",
          BODY + ",\"dry_run\":\"yes\"}",
          "{\"collection\":\"*\",\"from\":\"fake\",\"to\":\"\"}",
          "{\"collection\":\"*\",\"from\":\"nowhere\",\"to\":\"other\"}"
        }) {
      assertThat(server.post(MIGRATIONS, body).status()).as(body).isEqualTo(422);
    }
    assertThat(server.post(MIGRATIONS, "{\"").status()).isEqualTo(400);
    assertThat(server.get(MIGRATIONS + "/7").status()).isEqualTo(404);
    assertThat(server.get(MIGRATIONS + "/seven").status()).isEqualTo(404);
    assertThat(server.post(MIGRATIONS + "/7/rollback", "").status()).isEqualTo(404);
    assertThat(server.post(MIGRATIONS + "/7/cancel", "").status()).isEqualTo(404);
  }

  @Test
  void misspeltDryRunBeginsNothing() {
    Reply refused = server.post(MIGRATIONS, BODY + ",\"dryrun\":true}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("dryrun");
    assertThat(refused.json().at("/errors/0/message").asText()).contains("dry_run");
    assertThat(server.get(MIGRATIONS).json().get("count").asInt()).isZero();
  }

  @Test
  void oneThatIsUnknownIsSpokenOfAsAMigration() {
    Reply unknown = server.get(MIGRATIONS + "/99");
    assertThat(unknown.json().get("code").asText()).isEqualTo("MIGRATION_NOT_FOUND");
    assertThat(unknown.json().get("id").asText()).isEqualTo("99");
    assertThat(unknown.json().get("detail").asText())
        .isEqualTo("There is no migration with id '99'; GET " + MIGRATIONS + " lists them");
  }

  @Test
  void oneThatCannotBeNotedIsATroubleOfTheDisk() {
    buffer.diskFailure = FakeBuffer.diskFailure(Reason.DISK_FULL);
    Reply full = server.post(MIGRATIONS, BODY + "}");
    assertThat(full.status()).isEqualTo(507);
    assertThat(full.json().get("code").asText()).isEqualTo("DISK_FULL");
    buffer.diskFailure = null;
    assertThat(server.post(MIGRATIONS, BODY + "}").status()).isEqualTo(202);
    buffer.diskFailure = FakeBuffer.diskFailure(Reason.NODE_DISK_FAILED);
    for (String order : new String[] {"/1/cancel", "/1/rollback"}) {
      Reply failed = server.post(MIGRATIONS + order, "");
      assertThat(failed.status()).isEqualTo(503);
      assertThat(failed.header("Retry-After")).isEqualTo("1");
      assertThat(failed.json().get("code").asText()).isEqualTo("NODE_DISK_FAILED");
      assertThat(failed.json().get("detail").asText()).isEqualTo("Nothing was changed");
    }
  }
}
