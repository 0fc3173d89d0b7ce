package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus.State;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;

/** What an archive has kept is not read again because somebody makes it the primary. */
@Timeout(60)
class FormerArchiveTest {
  private static final Route MIRRORED =
      new Route(Route.ALL, "main", List.of("copy"), Optional.empty());

  private static final MigrationRequest TO_COPY =
      new MigrationRequest("notes", "main", "copy", MigrationRequest.End.PRIMARY);

  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeStore copy = new FakeStore();

  private static RouteTable table(Route route, Deletes deletes) {
    return new RouteTable(
        Map.of(Route.ALL, route),
        Map.of("copy", new RouteTable.MirrorOptions(RouteTable.OnLag.DETACH, deletes)));
  }

  private TestNode open(RouteTable routes) throws IOException {
    TestNode node = new TestNode(data);
    node.routes = routes;
    node.open(new FakeBackend(store));
    node.buffer.addBackend(new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT));
    return node;
  }

  /** A node whose archive has a record that is deleted. */
  private TestNode openWithArchive() throws IOException {
    TestNode node = open(table(MIRRORED, Deletes.NONE));
    node.puts("a", "b");
    node.awaitLive("copy");
    delete(node, "a");
    node.awaitLive("copy");
    assertThat(copy.keys("notes")).containsExactly("a", "b");
    return node;
  }

  private static void delete(TestNode node, String key) {
    node.write(Mutation.Kind.DELETE, key, row -> {});
    node.flush();
  }

  private static void setTo(TestNode node, Deletes deletes) {
    node.routes = table(MIRRORED, deletes);
    node.reconfigure();
  }

  private static void assertNoPrimary(TestNode node, String code, String reason) {
    for (Route wanted : List.of(MIRRORED.swappedTo("copy"), Route.of("notes", "copy"))) {
      assertThatThrownBy(() -> node.buffer.changeRoute(wanted))
          .isInstanceOfSatisfying(
              RouteRefusedException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessageContaining(reason);
    }
    assertThat(node.buffer.reader().get("notes", "b", Consistency.STORED).source())
        .isEqualTo("main");
  }

  private static void assertSwaps(TestNode node) {
    node.buffer.changeRoute(MIRRORED.swappedTo("copy"));
    TestNode.until(
        () -> node.buffer.reader().get("notes", "b", Consistency.STORED).source().equals("copy"));
  }

  @Test
  void anArchiveThatIsToApplyAllIsNoPrimaryUntilItIsFilledAnew() throws IOException {
    try (TestNode node = openWithArchive()) {
      setTo(node, Deletes.ALL);
      delete(node, "b");
      node.puts("b");
      node.awaitLive("copy");
      assertNoPrimary(node, "ROUTE_INVALID", "copy was an archive");
      assertThatThrownBy(() -> node.buffer.migrations().start(TO_COPY))
          .isInstanceOf(MigrationRefusedException.class)
          .hasMessageContaining("copy was an archive");
      node.buffer.changeRoute(Route.of(Route.ALL, "main"));
      node.buffer.changeRoute(MIRRORED);
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("b");
      assertSwaps(node);
    }
  }

  @Test
  void anArchiveThatIsTakenOffTheRoutesIsNoPrimary() throws IOException {
    try (TestNode node = openWithArchive()) {
      setTo(node, Deletes.ALL);
      node.buffer.changeRoute(Route.of(Route.ALL, "main"));
      assertNoPrimary(node, "NOT_SEEDED", "make it a mirror of main first");
    }
  }

  @Test
  void anArchiveThatWasFilledAnewKeepsWhatItHas() throws Exception {
    try (TestNode node = open(table(MIRRORED, Deletes.ALL))) {
      node.puts("b");
      node.awaitLive("copy");
      node.buffer.routing().follower("copy").detach();
      TestNode.until(() -> node.follower("copy").state() == State.STALE);
      copy.put(Row.of(Notes.V1).set("note_id", "long gone").build());
      setTo(node, Deletes.USER);
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("b", "long gone");
      setTo(node, Deletes.ALL);
      assertNoPrimary(node, "ROUTE_INVALID", "copy was an archive");
    }
  }

  @Test
  void aMirrorThatHasLeftOutNoDeleteIsACopy() throws IOException {
    try (TestNode node = open(table(MIRRORED, Deletes.NONE))) {
      node.puts("a", "b");
      node.awaitLive("copy");
      setTo(node, Deletes.ALL);
      delete(node, "a");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("b");
      assertSwaps(node);
    }
  }

  @Test
  void anArchiveOfAnEarlierReleaseIsOneAsWell() throws IOException {
    openWithArchive().close();
    Path file = data.resolve("buffer/coverage");
    List<byte[]> entries = DurableFile.readWhole(file, "The file", "");
    int later = 1 + Long.BYTES;
    DurableFile.replace(
        file, entries.stream().map(entry -> Arrays.copyOf(entry, entry.length - later)).toList());
    try (TestNode node = open(table(MIRRORED, Deletes.NONE))) {
      node.flush();
      node.awaitLive("copy");
      setTo(node, Deletes.ALL);
      assertNoPrimary(node, "ROUTE_INVALID", "copy was an archive");
    }
  }

  /** The file of routes was changed while the node was down. */
  private TestNode openWithArchiveAsPrimary() throws IOException {
    openWithArchive().close();
    TestNode node = open(RouteTable.of("copy"));
    TestNode.until(() -> node.follower("copy").state() == State.HALTED);
    assertThat(node.follower("copy").code()).isEqualTo("ARCHIVE_AS_PRIMARY");
    return node;
  }

  @Test
  void anArchiveThatIsThePrimaryAtAStartIsNotReadAndTheOldRouteCanComeBack() throws IOException {
    try (TestNode node = openWithArchiveAsPrimary()) {
      node.puts("c");
      assertThatThrownBy(() -> node.buffer.reader().get("notes", "a", Consistency.STORED))
          .isInstanceOfSatisfying(
              BufferException.class,
              e -> assertThat(e.reason()).isEqualTo(BufferException.Reason.BACKEND_AWAY));
      assertThat(node.buffer.retained()).containsOnlyKeys("main", "copy");
      setTo(node, Deletes.NONE);
      TestNode.until(() -> node.buffer.routing().primaryOf("notes").name().equals("main"));
      assertThat(store.keys("notes")).containsExactly("b", "c");
      assertThat(node.buffer.reader().get("notes", "a", Consistency.FLUSHED).value()).isEmpty();
      TestNode.until(() -> node.follower("copy").state() == State.FOLLOWING);
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "b", "c");
    }
  }

  @Test
  void anArchiveThatSomebodyTakesAsItIsStaysThePrimary() throws IOException {
    try (TestNode node = openWithArchiveAsPrimary()) {
      node.puts("c");
      node.buffer.adopt("copy");
      node.flush();
      assertThat(copy.keys("notes")).containsExactly("a", "b", "c");
      TestNode.until(() -> node.buffer.retained().keySet().equals(Set.of("copy")));
    }
    try (TestNode node = open(RouteTable.of("copy"))) {
      node.awaitAttached();
      assertThat(node.buffer.reader().get("notes", "a", Consistency.STORED).value()).isPresent();
    }
  }
}
