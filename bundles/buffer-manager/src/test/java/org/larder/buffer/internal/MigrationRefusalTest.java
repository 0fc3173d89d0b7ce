package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.buffer.internal.MigrationFixture.request;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.RouteTable;

/** What cannot be migrated is refused before anything changes. */
class MigrationRefusalTest extends MigrationTestSupport {
  @Test
  void aPlanChangesNothingAndSaysWhatThereIsToDo() throws IOException {
    try (TestNode node = open()) {
      MigrationPlan plan = node.buffer.migrations().plan(request("notes"));
      assertThat(plan.records()).isEqualTo(60);
      assertThat(plan.bytes()).isPositive();
      assertThat(plan.cutOver()).isTrue();
      assertThat(node.buffer.migrations().list()).isEmpty();
      assertThat(node.buffer.routes()).hasSize(1);
    }
  }

  private static void assertRefused(TestNode node, String code, MigrationRequest request) {
    assertThatThrownBy(() -> node.buffer.migrations().start(request))
        .isInstanceOfSatisfying(
            MigrationRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void whatCannotBeIsRefusedWithItsReason() throws IOException {
    try (TestNode node = open()) {
      MigrationRequest.End any = MigrationRequest.End.AUTOMATIC;
      assertRefused(node, "COLLECTION_UNKNOWN", request("nothing"));
      assertRefused(node, "BACKEND_UNKNOWN", new MigrationRequest("notes", "main", "nowhere", any));
      assertRefused(node, "BACKEND_UNKNOWN", new MigrationRequest("notes", "nowhere", "copy", any));
      assertRefused(node, "MIGRATION_INVALID", new MigrationRequest("notes", "main", "main", any));
      assertRefused(node, "MIGRATION_INVALID", new MigrationRequest("notes", "copy", "main", any));
      main.refuse(true, item -> item.key().equals("bad"));
      node.puts("bad");
      node.flush();
      assertRefused(node, "SOURCE_INCOMPLETE", request("notes"));
      assertThat(node.buffer.migrations().list()).isEmpty();
    }
  }

  @Test
  void anArchiveIsNoTarget() throws IOException {
    try (TestNode node = open()) {
      node.makeArchive("copy", RouteTable.Deletes.NONE);
      node.reconfigure();
      assertRefused(node, "MIGRATION_INVALID", request("notes"));
    }
  }

  @Test
  void aSourceThatIsAwayIsSaidToBe() throws IOException {
    try (TestNode node = open()) {
      main.unreadable = true;
      assertThatThrownBy(() -> node.buffer.migrations().start(request("notes")))
          .isInstanceOfSatisfying(
              BufferException.class,
              e -> assertThat(e.reason()).isEqualTo(BufferException.Reason.BACKEND_AWAY));
    }
  }
}
