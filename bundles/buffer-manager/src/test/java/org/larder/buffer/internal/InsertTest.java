package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Outcome;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Submission;
import org.larder.journal.Append;
import org.larder.journal.JournalFailedException;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.spi.Capability;

/** Who inserts is told whether the record is new, and a duplicate changes nothing. */
@Timeout(120)
class InsertTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final AskedBackend backend = new AskedBackend(store, Capability.INSERT_IF_ABSENT);

  private static TestNode open(Path folder) throws IOException {
    TestNode node = new TestNode(folder).open();
    node.buffer.addCollection(Stock.ITEMS);
    return node;
  }

  private static TestNode open(Path folder, FakeBackend backend) throws IOException {
    TestNode node = open(folder);
    node.buffer.addBackend(backend);
    node.awaitAttached();
    node.flush();
    return node;
  }

  /** An item of a submission: {@code +a} inserts, {@code =a} puts, {@code -a} deletes. */
  private static void add(Submission submission, String item, long n) throws InvalidRowException {
    String key = item.substring(1);
    if (item.charAt(0) == '-') {
      submission.delete(key);
      return;
    }
    RowBuilder row = submission.row().set(0, key).set("n", n);
    row.checkComplete();
    submission.add(item.charAt(0) == '+' ? Mutation.Kind.INSERT : Mutation.Kind.PUT);
  }

  private static Acknowledgement write(TestNode node, long n, String... items) {
    return write(node, "stock", n, items);
  }

  private static Acknowledgement write(TestNode node, String into, long n, String... items) {
    try (Submission submission = node.buffer.intake().begin(into, 100)) {
      for (String item : items) {
        add(submission, item, n);
      }
      return submission.commit(Durability.JOURNAL, TestNode.LONG);
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  private static ReceiptState receipt(TestNode node, Acknowledgement done) {
    return node.buffer.receipt(done.receipt()).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDuplicateIsToldAndNeverJournaled(boolean pending) throws Exception {
    try (TestNode node = open(data, backend)) {
      node.hold(pending);
      assertThat(write(node, 1, "+a").outcomes()).containsExactly(Outcome.INSERTED);
      if (!pending) {
        node.flush();
      }
      long end = node.buffer.status().journal().endSequence();
      Acknowledgement second = write(node, 2, "+a");
      assertThat(second.outcomes()).containsExactly(Outcome.DUPLICATE);
      assertThat(second.receipt()).isEmpty();
      assertThat(second.count()).isZero();
      assertThat(node.buffer.status().journal().endSequence()).isEqualTo(end);
      node.hold(false);
      node.flush();
      assertThat(TestNode.n(store.row("stock", "a"))).isEqualTo(1);
      assertThat(node.buffer.inFlightBytes()).isZero();
    }
  }

  @Test
  void eachItemOfABatchHasItsOutcome() throws Exception {
    try (TestNode node = open(data, backend)) {
      write(node, 1, "=old", "=gone");
      node.flush();
      write(node, 1, "-gone");
      Acknowledgement done = write(node, 2, "+a", "+old", "=b", "+b", "+gone", "-a", "+a", "+a");
      assertThat(done.outcomes())
          .containsExactly(
              Outcome.INSERTED,
              Outcome.DUPLICATE,
              Outcome.TAKEN,
              Outcome.DUPLICATE,
              Outcome.INSERTED,
              Outcome.TAKEN,
              Outcome.INSERTED,
              Outcome.DUPLICATE);
      assertThat(done.count()).isEqualTo(5);
      node.flush();
      assertThat(store.keys("stock")).containsExactly("a", "b", "gone", "old");
      assertThat(TestNode.n(store.row("stock", "old"))).isEqualTo(1);
      assertThat(receipt(node, done).state()).isEqualTo(ReceiptState.State.STORED);
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @Test
  void ofManyWhoInsertOneIsTheFirst() throws Exception {
    try (TestNode node = open(data, backend)) {
      List<Future<Acknowledgement>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int number = i;
        all.add(start(() -> write(node, number, "+shared", "+own" + number)));
      }
      int winners = 0;
      for (Future<Acknowledgement> one : all) {
        assertThat(one.get().outcomes().get(1)).isEqualTo(Outcome.INSERTED);
        winners += one.get().outcomes().get(0) == Outcome.INSERTED ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    }
  }

  @Test
  void aDuplicateIsKnownAfterARestartWhetherDrainedOrNot(@TempDir Path copy) throws Exception {
    try (TestNode node = open(data, backend)) {
      write(node, 1, "+drained");
      node.flush();
      node.hold(true);
      write(node, 1, "+pending");
      node.copyDataTo(copy);
    }
    try (TestNode node = open(copy)) {
      assertThat(write(node, 2, "+pending").outcomes()).containsExactly(Outcome.DUPLICATE);
    }
    try (TestNode node = open(copy, new FakeBackend(store.copy()))) {
      assertThat(write(node, 2, "+pending", "+drained").outcomes())
          .containsExactly(Outcome.DUPLICATE, Outcome.DUPLICATE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whileThePrimaryIsAwayTheReceiptTellsInTheEnd(boolean able) throws Exception {
    FakeBackend one = able ? backend : new FakeBackend("main", store, new Capability[0]);
    Acknowledgement unknown;
    // The journal knows nothing of it any more.
    store.put(row("old").set("n", 1L).build().withVersion(0));
    try (TestNode node = open(data)) {
      unknown = write(node, 2, "+new", "+old", "+new");
      assertThat(unknown.outcomes())
          .containsExactly(Outcome.UNCHECKED, Outcome.UNCHECKED, Outcome.DUPLICATE);
      assertThat(unknown.count()).isEqualTo(2);
      assertThat(write(node, 3, "+old").outcomes()).containsExactly(Outcome.DUPLICATE);
      assertThat(receipt(node, unknown).state()).isEqualTo(ReceiptState.State.PENDING);
      node.buffer.addBackend(one);
      node.flush();
      assertThat(receipt(node, unknown).state()).isEqualTo(ReceiptState.State.DUPLICATE);
      assertThat(receipt(node, unknown).duplicates()).containsExactly("old");
      assertThat(TestNode.n(store.row("stock", "old"))).isEqualTo(1);
      assertThat(TestNode.n(store.row("stock", "new"))).isEqualTo(2);
      node.buffer.removeBackend(one);
    }
    try (TestNode node = open(data, one)) {
      assertThat(receipt(node, unknown).duplicates()).containsExactly("old");
    }
  }

  @Test
  void aRepeatedBatchIsNoDuplicateOfItself() throws Exception {
    TestNode node = open(data);
    try (node) {
      Acknowledgement done = write(node, 1, "+a");
      backend.loseNextAnswer(new IllegalStateException("connection lost"));
      node.buffer.addBackend(backend);
      node.flush();
      assertThat(done.outcomes()).containsExactly(Outcome.UNCHECKED);
      assertThat(receipt(node, done).state()).isEqualTo(ReceiptState.State.STORED);
    }
  }

  @Test
  void whatWasLatelySeenIsKnownWhileThePrimaryIsAway() throws Exception {
    try (TestNode node = open(data, backend)) {
      write(node, 1, "=seen", "=deleted");
      node.flush();
      write(node, 1, "-deleted");
      node.flush();
      node.buffer.removeBackend(backend);
      assertThat(write(node, 2, "+seen", "+deleted", "+never").outcomes())
          .containsExactly(Outcome.DUPLICATE, Outcome.UNCHECKED, Outcome.UNCHECKED);
    }
  }

  @Test
  void anotherStoreForgetsWhatWasSeen() throws Exception {
    try (TestNode node = open(data, backend)) {
      write(node, 1, "=a");
      node.flush();
      node.buffer.removeBackend(backend);
      store.delete("stock", "a");
      node.buffer.addBackend(new FakeBackend(store));
      assertThat(node.put(Durability.BACKEND, TestNode.LONG, "x").reached())
          .isEqualTo(Durability.BACKEND);
      assertThat(write(node, 2, "+a").outcomes()).containsExactly(Outcome.INSERTED);
    }
  }

  @Test
  void nobodyIsADuplicateOfAnInsertThatFailed() throws Exception {
    try (TestNode node = open(data, backend)) {
      node.files.failForces(new IOException("the disk refuses"));
      node.files.holdForces();
      FutureTask<Acknowledgement> first = start(() -> write(node, 1, "+a"));
      TestNode.until(() -> node.buffer.unsettledGuards() > 0);
      FutureTask<Acknowledgement> second = start(() -> write(node, 2, "+a"));
      node.files.releaseForces();
      // The second saw that the first never was; the disk refuses it as well.
      for (FutureTask<Acknowledgement> one : List.of(first, second)) {
        assertThatThrownBy(one::get).hasCauseInstanceOf(BufferException.class);
      }
      node.files.failForces(null);
      assertThat(write(node, 3, "+a").outcomes()).containsExactly(Outcome.INSERTED);
    }
  }

  /** An append whose failure nobody was told of yet. */
  private static final class Unnoticed implements Append {
    private volatile boolean failed;

    @Override
    public long firstSequence() {
      return 0;
    }

    @Override
    public long endSequence() {
      return 1;
    }

    @Override
    public boolean isSynced() {
      return false;
    }

    @Override
    public Optional<JournalFailedException> failure() {
      return failed
          ? Optional.of(new JournalFailedException("the disk refuses", false, null))
          : Optional.empty();
    }

    @Override
    public void awaitSynced(Duration timeout) throws JournalFailedException {
      throw failure().orElseThrow();
    }

    @Override
    public void onSettled(Runnable action) {
      throw new UnsupportedOperationException("Nobody is told");
    }
  }

  @Test
  void whoIsFasterThanTheWriterOfAFailedInsertIsNoDuplicate() throws Exception {
    try (TestNode node = open(data, backend)) {
      // From here on keys of this store are known.
      write(node, 1, "+b");
      Mutation written = insert("a", 0);
      Unnoticed append = new Unnoticed();
      node.buffer
          .guarding()
          .sequenced(Set.of(Guard.record("stock", "a")), List.of(written), append);
      append.failed = true;
      assertThat(write(node, 2, "+a").outcomes()).containsExactly(Outcome.INSERTED);
    }
  }

  @Test
  void whatAReplayDeletedCanBeInserted() throws Exception {
    try (TestNode node = open(data, backend)) {
      buryADelete(node);
      // What it finds is remembered.
      assertThat(write(node, 3, "+a").outcomes()).containsExactly(Outcome.DUPLICATE);
      node.buffer.replay("main", LetterFilter.ALL, TestNode.LONG);
      assertThat(store.keys("stock")).isEmpty();
      assertThat(write(node, 4, "+a").outcomes()).containsExactly(Outcome.INSERTED);
      node.flush();
      assertThat(TestNode.n(store.row("stock", "a"))).isEqualTo(4);
    }
  }

  @Test
  void anAnswerFromBeforeAReplayIsOfNoUse() throws Exception {
    try (TestNode node = open(data, backend)) {
      buryADelete(node);
      Hang hang = backend.hangNextAnswer();
      FutureTask<Acknowledgement> asking = start(() -> write(node, 3, "+a"));
      hang.awaitEntered();
      node.buffer.replay("main", LetterFilter.ALL, TestNode.LONG);
      hang.release();
      assertThat(asking.get().outcomes()).containsExactly(Outcome.UNCHECKED);
      node.flush();
      assertThat(TestNode.n(store.row("stock", "a"))).isEqualTo(3);
    }
  }

  /** A record that is in the store, and in the letters is put once more and deleted. */
  private void buryADelete(TestNode node) {
    write(node, 1, "=a");
    node.flush();
    backend.refuse(true, item -> true);
    write(node, 2, "=a");
    node.flush();
    write(node, 2, "-a");
    node.flush();
    backend.refuse(true, item -> false);
    assertThat(node.buffer.deadLetters()).hasSize(2);
    assertThat(TestNode.n(store.row("stock", "a"))).isEqualTo(1);
  }

  @Test
  void aHangingPrimaryHoldsUpOneInsertAndNoMore() throws Exception {
    try (TestNode node = open(data, backend)) {
      node.hold(true);
      Hang hang = backend.hangNextQuestion(false);
      assertThat(write(node, 1, "+a").outcomes()).containsExactly(Outcome.UNCHECKED);
      int asked = backend.questions.get();
      assertThat(write(node, 1, "+b").outcomes()).containsExactly(Outcome.UNCHECKED);
      assertThat(backend.questions).hasValue(asked);
      hang.release();
      node.hold(false);
      node.flush();
      assertThat(store.keys("stock")).containsExactly("a", "b");
    }
  }

  @Test
  void whereNothingIsGuardedInsertsStayUnchecked() throws Exception {
    try (TestNode node = open(data, backend)) {
      int asked = backend.questions.get();
      assertThat(write(node, "notes", 1, "=b", "+a").outcomes())
          .containsExactly(Outcome.TAKEN, Outcome.UNCHECKED);
      assertThat(write(node, "notes", 1, "=c").outcomes()).isEmpty();
      assertThat(backend.questions).hasValue(asked);
      node.flush();
      Acknowledgement again = write(node, "notes", 2, "+a");
      node.flush();
      assertThat(receipt(node, again).state()).isEqualTo(ReceiptState.State.DUPLICATE);
    }
  }

  @Test
  void theNewestDuplicatesAreKeptAndTheOldestForgotten() throws Exception {
    UUID journal = new UUID(1, 2);
    Path file = data.resolve("duplicates");
    Duplicates duplicates = Duplicates.open(file, journal);
    for (int i = 0; i < 25_000; i++) {
      duplicates.note(insert("k" + i, i));
      if (i % 1_000 == 7) {
        duplicates.keep();
      }
    }
    duplicates.keep();
    Duplicates read = Duplicates.open(file, journal);
    assertThat(read.between(0, 25_000)).hasSize(10_000).contains("k24999").doesNotContain("k14999");
    assertThat(read.between(0, 25_000)).isEqualTo(duplicates.between(0, 25_000));
    assertThat(file.toFile().length()).isLessThan(25_000 * 22L);
    Duplicates other = Duplicates.open(file, new UUID(3, 4));
    assertThat(other.between(0, 25_000)).isEmpty();
    other.note(insert("x", 1));
    other.keep();
    assertThat(Duplicates.open(file, new UUID(3, 4)).between(0, 9)).containsExactly("x");
  }

  @Test
  void uncheckedInsertsOfDifferentKeysShareABatch() throws Exception {
    try (TestNode node = open(data)) {
      for (int i = 0; i < 200; i++) {
        assertThat(write(node, i, "+k" + i).outcomes()).containsExactly(Outcome.UNCHECKED);
      }
      write(node, 500, "=k7", "=k8");
      write(node, 600, "-k7", "=k9");
      node.buffer.addBackend(backend);
      node.flush();
      // One up to the first change of an inserted key, one for the rest, some for the schemas.
      assertThat(backend.batches.stream().filter(batch -> batch.size() > 0)).hasSize(2);
      assertThat(backend.questions).hasValueLessThan(5);
      assertThat(store.keys("stock")).hasSize(199).doesNotContain("k7");
      assertThat(TestNode.n(store.row("stock", "k8"))).isEqualTo(500);
      assertThat(TestNode.n(store.row("stock", "k10"))).isEqualTo(10);
    }
  }

  private static RowBuilder row(String key) throws InvalidRowException {
    return new RowBuilder(Stock.ITEMS).set(0, key);
  }

  private static Mutation insert(String key, long sequence) throws InvalidRowException {
    return new Mutation(Mutation.Kind.INSERT, row(key).build(), sequence);
  }
}
