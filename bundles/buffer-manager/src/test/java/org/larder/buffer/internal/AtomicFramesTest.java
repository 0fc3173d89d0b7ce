package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.DeadLetter;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Attachment;

/** What belongs together is stored, refused and batched together. */
class AtomicFramesTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeBackend backend = new FakeBackend(store);
  private final BackendHandle handle = new BackendHandle(backend, new Stragglers());
  private Catalogue catalogue;
  private Journal journal;
  private DeadLetterLog letters;

  @BeforeEach
  void open() throws IOException {
    catalogue = Catalogue.open(data.resolve("catalogue"));
    catalogue.add(Notes.V1, schema -> {});
    journal =
        Journal.open(
            JournalOptions.of(data.resolve("journal"), 4 << 20)
                .withSegmentBytes(1 << 20)
                .withGroupBytes(256 << 10)
                .withFiles(new TestFiles()));
    letters = DeadLetterLog.open(data.resolve("dead"), "main", journal.id(), catalogue);
  }

  @AfterEach
  void close() throws IOException {
    handle.retire(TestNode.LONG);
    letters.close();
    journal.close();
  }

  private void append(boolean atomic, Mutation.Kind kind, String... keys) throws Exception {
    FramePayload payload = new FramePayload(Notes.V1, 0);
    for (String key : keys) {
      payload.add(kind, Row.of(Notes.V1).set("note_id", key));
    }
    journal
        .append(
            0,
            List.of(
                new NewFrame(
                    FramePayload.ITEMS,
                    atomic,
                    keys.length,
                    1,
                    payload.bytes(),
                    0,
                    payload.length())))
        .awaitSynced(TestNode.LONG);
  }

  private void deliver() throws Exception {
    Attachment attachment =
        new Attachment(
            "main", 0, journal.id(), journal.epoch(), Optional.empty(), OptionalLong.empty());
    long from =
        handle.call(TestNode.LONG, target -> target.attach(attachment)).position().sequence();
    Inserts inserts =
        new Inserts(
            Duplicates.open(data.resolve("duplicates"), journal.id()),
            RowVersions.in(journal),
            item -> true);
    Delivery delivery =
        new Delivery("main", journal, name -> Notes.V1, letters, inserts, Clock.systemUTC());
    try (StretchReader reader = new StretchReader(journal, catalogue, from, name -> true)) {
      for (Stretch part = reader.next(1_000); part != null; part = reader.next(1_000)) {
        delivery.deliver(handle, part, TestNode.LONG, (start, end, mutations) -> {});
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAtomicFrameIsRefusedAsAWhole(boolean indexKnown) throws Exception {
    append(false, Mutation.Kind.PUT, "a", "b");
    append(true, Mutation.Kind.PUT, "c", "bad", "d");
    append(false, Mutation.Kind.PUT, "e", "c");
    backend.refuse(indexKnown, item -> item.key().equals("bad"));
    deliver();
    // The later mutation of a key in it follows.
    assertThat(store.keys("notes")).containsExactly("a", "b", "e");
    assertThat(letters.letters().stream().map(letter -> letter.row().key()))
        .containsExactly("c", "bad", "d", "c");
    assertThat(letters.letters().stream().map(DeadLetter::sequence))
        .containsExactly(2L, 3L, 4L, 6L);
  }

  @Test
  void anAtomicFrameWithAFollowerOfADeadLetterFollowsAsAWhole() throws Exception {
    append(false, Mutation.Kind.PUT, "bad", "a");
    append(true, Mutation.Kind.PUT, "b", "bad");
    append(false, Mutation.Kind.PUT, "c");
    backend.refuse(true, item -> item.key().equals("bad"));
    deliver();
    assertThat(store.keys("notes")).containsExactly("a", "c");
    assertThat(letters.letters()).hasSize(3);
  }

  @Test
  void anInsertDoesNotCutAnAtomicFrame() throws Exception {
    append(false, Mutation.Kind.PUT, "a");
    append(true, Mutation.Kind.INSERT, "b", "a", "c");
    append(false, Mutation.Kind.PUT, "d");
    try (StretchReader reader = new StretchReader(journal, catalogue, 0, name -> true)) {
      assertThat(reader.next(1_000).size()).isEqualTo(1);
      assertThat(reader.next(1_000).size()).isEqualTo(4);
      assertThat(reader.next(1_000)).isNull();
    }
    deliver();
    assertThat(store.keys("notes")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aPositionInsideAFrameGoesOnThere() throws Exception {
    append(false, Mutation.Kind.PUT, "a", "b", "c");
    try (StretchReader reader = new StretchReader(journal, catalogue, 1, name -> true)) {
      Stretch stretch = reader.next(1_000);
      assertThat(stretch.from()).isEqualTo(1);
      assertThat(stretch.items().stream().map(Mutation::key)).containsExactly("b", "c");
    }
  }

  @Test
  void aRefusalThatNamesNothingThereIsSearchedFor() throws Exception {
    append(false, Mutation.Kind.PUT, "a", "bad", "c");
    backend.misnameRefusals();
    backend.refuse(true, item -> item.key().equals("bad"));
    deliver();
    assertThat(store.keys("notes")).containsExactly("a", "c");
    assertThat(letters.letters()).hasSize(1);
  }
}
