package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.Submission;
import org.larder.journal.Frame;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.JournalReader;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageException;

/** Every version of a schema is kept as long as records of it may come. */
class CatalogueTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  @Test
  void aSchemaIsOnDiskAndInTheJournalBeforeItsRecords() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.puts("a");
      node.buffer.addCollection(Notes.V2);
      node.puts("b");
    }
    assertThat(Catalogue.open(data.resolve("buffer/catalogue")).newest("notes")).contains(Notes.V2);
    List<String> frames = new ArrayList<>();
    JournalOptions options =
        JournalOptions.of(data.resolve("journal"), 16 << 20).withSegmentBytes(1 << 20);
    try (Journal journal = Journal.open(options);
        JournalReader reader = journal.reader(0, 0)) {
      for (Frame frame : reader.read(1 << 20)) {
        byte[] bytes = new byte[frame.payload().remaining()];
        frame.payload().get(bytes);
        frames.add(
            frame.kind() == FramePayload.SCHEMA
                ? "schema " + SchemaCodec.decode(bytes)
                : "items v" + frame.schemaVersion());
      }
    }
    assertThat(frames)
        .containsExactly("schema notes v1", "items v1", "schema notes v2", "items v2");
  }

  @Test
  void aSchemaIsSeenOnlyWhenItIsRecorded() throws IOException {
    Catalogue catalogue = Catalogue.open(data.resolve("catalogue"));
    catalogue.add(Notes.V1, schema -> assertThat(catalogue.newest("notes")).isEmpty());
    assertThatThrownBy(
            () ->
                catalogue.add(
                    Notes.V2,
                    schema -> {
                      throw new IOException("journal full");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(catalogue.newest("notes")).contains(Notes.V1);
  }

  @Test
  void recordsOfAnOlderVersionReplayUnderTheNewer() throws IOException, InvalidRowException {
    try (TestNode node = new TestNode(data).open()) {
      node.put("a", 1);
      node.buffer.addCollection(Notes.V2);
      try (Submission submission = node.begin()) {
        submission.row().set("note_id", "a").set("remark", "new");
        submission.add(Mutation.Kind.MERGE);
        submission.commit(Durability.JOURNAL, TestNode.LONG);
      }
    }
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.flush();
      assertThat(store.row("notes", "a").value("remark")).isEqualTo("new");
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(1);
      assertThat(backend.ensured).contains("notes v2");
      assertThat(node.buffer.collection("notes")).contains(Notes.V2);
    }
  }

  @Test
  void aCollectionIsMadeReadyWhileRunning() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.flush();
      node.buffer.addCollection(Notes.TAGS);
      node.flush();
      assertThat(backend.ensured).contains("tags v1");
    }
  }

  @Test
  void aNewVersionIsReadyBeforeABatchNamesIt() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.flush();
      node.hold(true);
      node.puts("a");
      node.buffer.addCollection(Notes.V2);
      node.flushSize = 1;
      node.hold(false);
      node.flush();
      assertThat(backend.unready).isEmpty();
    }
  }

  @Test
  void aCrashWhileACollectionIsAddedHaltsNobody() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.puts("a");
      node.flush();
    }
    Catalogue catalogue = Catalogue.open(data.resolve("buffer/catalogue"));
    assertThatThrownBy(
            () ->
                catalogue.add(
                    Notes.TAGS,
                    schema -> {
                      throw new IOException("the node ends here");
                    }))
        .isInstanceOf(IOException.class);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.buffer.addCollection(Notes.TAGS);
      node.puts("b");
      node.put(Notes.TAGS, "t");
      node.flush();
      assertThat(node.follower().state()).isEqualTo(FollowerStatus.State.FOLLOWING);
      assertThat(store.keys("notes")).containsExactly("a", "b");
      assertThat(store.keys("tags")).containsExactly("t");
      assertThat(node.completeness("main")).isEqualTo(RouteStatus.Completeness.LIVE);
    }
  }

  @Test
  void aContradictionIsRefused() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      CollectionSchema other =
          CollectionSchema.named("notes", 1).key("note_id", 36).field(Field.int64("book")).build();
      assertThatThrownBy(() -> node.buffer.addCollection(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("give the change a new version");
      CollectionSchema fewer = CollectionSchema.named("notes", 2).key("note_id", 36).build();
      assertThatThrownBy(() -> node.buffer.addCollection(fewer))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(node.buffer.collections()).containsExactly(Notes.V1);
    }
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.puts("a");
    }
    Path file = data.resolve("buffer/catalogue");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> new TestNode(data).open())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("catalogue")
        .hasMessageContaining("damaged");
  }

  @Test
  void aVersionThatWasNeverRecordedHalts() throws IOException {
    Catalogue catalogue = Catalogue.open(data.resolve("catalogue"));
    assertThatThrownBy(() -> catalogue.version("notes", 3))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("notes v3");
  }
}
