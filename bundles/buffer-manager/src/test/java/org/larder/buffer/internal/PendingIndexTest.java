package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.Submission;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Query;

/** The pending index is bounded, and right also when the primary goes back. */
class PendingIndexTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  private static void append(Journal journal, String... keys) throws Exception {
    FramePayload payload = new FramePayload(Notes.V1, 0);
    for (String key : keys) {
      payload.add(Mutation.Kind.PUT, Row.of(Notes.V1).set("note_id", key));
    }
    journal
        .append(
            0,
            List.of(
                new NewFrame(
                    FramePayload.ITEMS,
                    false,
                    keys.length,
                    1,
                    payload.bytes(),
                    0,
                    payload.length())))
        .awaitSynced(TestNode.LONG);
  }

  @Test
  void aPrimaryThatWentBackIsCovered() throws Exception {
    Catalogue catalogue = Catalogue.open(data.resolve("catalogue"));
    catalogue.add(Notes.V1, schema -> {});
    JournalOptions options =
        JournalOptions.of(data.resolve("journal"), 16 << 20).withSegmentBytes(1 << 20);
    try (Journal journal = Journal.open(options)) {
      append(journal, "a", "b", "c");
      PendingIndex index =
          new PendingIndex(
              journal, catalogue, PendingIndex.MAX_BYTES, name -> true, stretch -> stretch);
      assertThat(index.pending(Notes.V1, 2, Optional.empty(), 100).orElseThrow())
          .containsOnlyKeys("c");
      assertThat(index.pending(Notes.V1, 0, Optional.empty(), 100).orElseThrow())
          .containsOnlyKeys("a", "b", "c");
      assertThat(index.pending(Notes.V1, 3, Optional.empty(), 100).orElseThrow()).isEmpty();
      assertThat(index.pending(Notes.V1, 0, Optional.empty(), 2)).isEmpty();
      index.reset();
    }
  }

  @Test
  void beyondItsBoundItSaysSoUntilThePrimaryHasMovedOn() throws Exception {
    Catalogue catalogue = Catalogue.open(data.resolve("catalogue"));
    catalogue.add(Notes.V1, schema -> {});
    JournalOptions options =
        JournalOptions.of(data.resolve("journal"), 16 << 20).withSegmentBytes(1 << 20);
    try (Journal journal = Journal.open(options)) {
      for (int i = 0; i < 40; i++) {
        append(journal, "k" + i);
      }
      PendingIndex index =
          new PendingIndex(journal, catalogue, 30 * 210, name -> true, stretch -> stretch);
      assertThat(index.pending(Notes.V1, 0, "k1")).isEmpty();
      assertThat(index.pending(Notes.V1, 1, "k1")).isEmpty();
      assertThat(index.pending(Notes.V1, 20, "k30").orElseThrow()).hasSize(1);
      index.reset();
    }
  }

  @Test
  void withTooMuchPendingABufferedReadIsAFlushedOne() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      node.hold(true);
      for (int i = 0; i < 3; i++) {
        String[] keys = new String[1_000];
        for (int k = 0; k < keys.length; k++) {
          keys[k] = "k" + i + "-" + k;
        }
        node.put(Durability.JOURNAL, TestNode.LONG, keys);
      }
      Query query = Query.of(Notes.V1).withTotal();
      // Held, it cannot be flushed; by key it need not be.
      assertThatThrownBy(() -> node.buffer.reader().query(query, Consistency.BUFFERED))
          .isInstanceOf(BufferException.class);
      assertThat(node.buffer.reader().get("notes", "k2-7", Consistency.BUFFERED).value())
          .isPresent();
      node.hold(false);
      assertThat(node.buffer.reader().query(query, Consistency.BUFFERED).value().total())
          .hasValue(3_000);
    }
  }

  @Test
  void ownWritesAreSeenWhileTheyDrain() throws IOException {
    try (TestNode node = new TestNode(data).open(new QueryingFake(store))) {
      node.awaitAttached();
      Query all = Query.of(Notes.V1).withTotal().withLimit(1_000);
      for (int i = 1; i <= 200; i++) {
        node.puts("k" + i);
        assertThat(node.buffer.reader().query(all, Consistency.BUFFERED).value().total())
            .hasValue(i);
      }
    }
  }

  @Test
  void aPageFarBehindIsNotReadWhole() throws IOException {
    try (TestNode node = new TestNode(data).open(new QueryingFake(store))) {
      String[] keys = new String[2_000];
      for (int k = 0; k < keys.length; k++) {
        keys[k] = "k" + (10_000 + k);
      }
      node.puts(keys);
      node.flush();
      node.hold(true);
      node.puts("a", "k11500x");
      try (Submission submission = node.begin()) {
        TestNode.add(submission, Mutation.Kind.DELETE, "k10003", row -> {});
        submission.commit(Durability.JOURNAL, TestNode.LONG);
      }
      Query query = Query.of(Notes.V1).withOffset(1_500).withLimit(3);
      assertThat(
              node.buffer.reader().query(query, Consistency.BUFFERED).value().rows().stream()
                  .map(Row::key))
          .containsExactly("k11500", "k11500x", "k11501");
    }
  }
}
