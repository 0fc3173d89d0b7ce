package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.COUNTERS;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/** That a host may repeat any call whose answer it did not get. */
@Area(
    name = "idempotency",
    promise = "Any call may be repeated, whether it took effect in full, in part or not at all.")
public interface IdempotencyContract extends BackendUnderTest {
  private List<List<Mutation>> history() {
    return History.batches(COUNTERS, new Random(7), 20, declares(Capability.INSERT_IF_ABSENT));
  }

  private Batch batch(long epoch, List<Mutation> mutations) {
    long from = mutations.get(0).sequence();
    return store().batch(epoch, from, COUNTERS, mutations.toArray(Mutation[]::new));
  }

  private void standAt(long epoch, long sequence) {
    store().backend().attach(store().attachment(epoch, OptionalLong.of(sequence)));
  }

  private void assertRowsAre(Model model) {
    List<Row> rows = store().rows(COUNTERS);
    assertThat(rows).isEqualTo(model.rows());
    assertThat(rows)
        .extracting(Row::version)
        .isEqualTo(model.rows().stream().map(Row::version).toList());
  }

  @Test
  default void batchesSentAgainMuchLaterCountOnce() {
    store().prepare(COUNTERS);
    Model model = new Model();
    List<Batch> sent = new ArrayList<>();
    for (List<Mutation> mutations : history()) {
      model.apply(mutations);
      sent.add(batch(1, mutations));
      store().commit(sent.get(sent.size() - 1));
      for (int back = 1; back <= Math.min(3, sent.size()); back++) {
        Batch repeated = sent.get(sent.size() - back);
        assertThat(store().backend().write(repeated)).isInstanceOf(WriteResult.Committed.class);
      }
    }
    assertRowsAre(model);
  }

  /** What a crash between data and position leaves where there are no transactions. */
  @Test
  default void batchWhosePositionWasLostIsWrittenAgain() {
    store().prepare(COUNTERS);
    Model model = new Model();
    long epoch = 1;
    for (List<Mutation> mutations : history()) {
      model.apply(mutations);
      store().commit(batch(epoch, mutations));
      standAt(++epoch, mutations.get(0).sequence());
      store().commit(batch(epoch, mutations));
    }
    assertRowsAre(model);
  }

  @Test
  default void halfOfABatchThatIsInIsCompletedByTheWhole() {
    store().prepare(COUNTERS);
    Model model = new Model();
    long epoch = 1;
    for (List<Mutation> mutations : history()) {
      model.apply(mutations);
      store().commit(batch(epoch, mutations.subList(0, (mutations.size() + 1) / 2)));
      standAt(++epoch, mutations.get(0).sequence());
      store().commit(batch(epoch, mutations));
    }
    assertRowsAre(model);
  }

  @Test
  default void everyOtherCallMayBeRepeated() {
    store().prepare(COUNTERS);
    StoreState first = store().attach(3);
    assertThat(store().attach(3)).isEqualTo(first);
    store().commit(batch(3, history().get(0)));
    store().prepare(COUNTERS, COUNTERS);
    StoreState after = store().attach(3);
    assertThat(store().attach(3)).isEqualTo(after);
    assertThat(store().backend().sync(TestStore.FOLLOWER, 0))
        .isEqualTo(store().backend().sync(TestStore.FOLLOWER, 0))
        .isEqualTo(after.position());
  }
}
