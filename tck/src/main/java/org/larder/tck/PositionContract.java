package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.put;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/** That a batch counts once, and only from where the follower stands. */
@Area(name = "positions", promise = "A batch counts once, and only from where the follower stands.")
public interface PositionContract extends BackendUnderTest {
  @Test
  default void newFollowerStandsAtZero() {
    StoreState state = store().attach(1);
    assertThat(state.position()).isEqualTo(new Position(store().journal(), 1, 0, 0));
    assertThat(state.format()).isPositive();
  }

  @Test
  default void repeatedBatchCountsOnce() {
    store().prepare(THINGS);
    Batch first = store().batch(THINGS, put(THINGS, 0, "a", "hits", 1L));
    store().commit(first);
    store().write(THINGS, put(THINGS, 1, "a", "hits", 2L));

    assertThat(store().backend().write(first)).isInstanceOf(WriteResult.Committed.class);

    assertThat(store().row(THINGS, "a").orElseThrow().value("hits")).isEqualTo(2L);
    assertThat(store().attach(1).position().sequence()).isEqualTo(2);
  }

  @Test
  default void batchThatBeginsElsewhereHaltsAndChangesNothing() {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"), put(THINGS, 1, "b"));

    Batch beyond = store().batch(1, 7, THINGS, put(THINGS, 7, "c"));
    Batch across = store().batch(1, 1, 9, beyond.changes());
    TestStore.expect(HALT, () -> store().backend().write(beyond));
    TestStore.expect(HALT, () -> store().backend().write(across));

    assertThat(store().rows(THINGS)).hasSize(2);
    assertThat(store().attach(1).position().sequence()).isEqualTo(2);
  }

  @Test
  default void emptyBatchMovesThePosition() {
    store().prepare();
    store().commit(store().batch(1, 0, 50, List.of()));
    assertThat(store().attach(1).position().sequence()).isEqualTo(50);
  }

  @Test
  default void lowerEpochIsFencedAndChangesNothing() {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"));
    assertThat(store().attach(5).position()).isEqualTo(new Position(store().journal(), 5, 0, 1));

    Batch late = store().batch(1, 1, THINGS, put(THINGS, 1, "late"));
    Batch done = store().batch(1, 0, THINGS, put(THINGS, 0, "late"));
    TestStore.expect(FENCED, () -> store().backend().write(late));
    TestStore.expect(FENCED, () -> store().backend().write(done));
    TestStore.expect(FENCED, () -> store().attach(4));

    assertThat(store().rows(THINGS)).hasSize(1);
    store().commit(store().batch(5, 1, THINGS, put(THINGS, 1, "b")));
  }

  @Test
  default void higherEpochWritesOnlyOnceItHasAttached() {
    store().prepare(THINGS);
    Batch early = store().batch(2, 0, THINGS, put(THINGS, 0, "a"));
    TestStore.expect(HALT, () -> store().backend().write(early));
    assertThat(store().rows(THINGS)).isEmpty();
    store().attach(2);
    store().commit(early);
  }

  @Test
  default void positionOfAnotherJournalStaysUntilOverruled() {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"));
    UUID other = UUID.randomUUID();

    Attachment claim = claim(TestStore.FOLLOWER, 0, other, 9, OptionalLong.empty());
    assertThat(store().backend().attach(claim).position())
        .isEqualTo(new Position(store().journal(), 1, 0, 1));
    Batch foreign = batch(TestStore.FOLLOWER, 0, other, 9, 1);
    TestStore.expect(HALT, () -> store().backend().write(foreign));

    Attachment adopted = claim(TestStore.FOLLOWER, 0, other, 9, OptionalLong.of(1));
    assertThat(store().backend().attach(adopted).position())
        .isEqualTo(new Position(other, 9, 0, 1));
    store().commit(foreign);
    TestStore.expect(HALT, () -> store().backend().write(store().batch(THINGS)));
  }

  @Test
  default void operatorMaySetAPositionBack() {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"), put(THINGS, 1, "b"));
    StoreState state = store().backend().attach(store().attachment(2, OptionalLong.of(1)));
    assertThat(state.position().sequence()).isEqualTo(1);
    store().commit(store().batch(2, 1, THINGS, put(THINGS, 1, "b")));
  }

  @Test
  default void unknownFollowerHalts() {
    store().prepare(THINGS);
    TestStore.expect(
        HALT, () -> store().backend().write(batch("stranger", 0, store().journal(), 1, 0)));
    TestStore.expect(HALT, () -> store().backend().sync("stranger", 0));
  }

  @Test
  default void followersAndLanesHavePositionsOfTheirOwn() {
    store().prepare(THINGS);
    UUID journal = store().journal();
    store().backend().attach(claim("mirror", 0, journal, 1, OptionalLong.empty()));
    store().backend().attach(claim(TestStore.FOLLOWER, 1, journal, 1, OptionalLong.empty()));

    store().commit(batch("mirror", 0, journal, 1, 0));
    store().commit(batch(TestStore.FOLLOWER, 1, journal, 1, 0));
    store().commit(batch(TestStore.FOLLOWER, 1, journal, 1, 1));

    assertThat(store().backend().sync("mirror", 0).sequence()).isEqualTo(1);
    assertThat(store().backend().sync(TestStore.FOLLOWER, 1).sequence()).isEqualTo(2);
    assertThat(store().backend().sync(TestStore.FOLLOWER, 0).sequence()).isZero();
  }

  @Test
  default void syncTellsADurablePosition() throws Exception {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"));
    Position durable = store().backend().sync(TestStore.FOLLOWER, 0);
    assertThat(durable).isEqualTo(new Position(store().journal(), 1, 0, 1));
    assertThat(store().backend().sync(TestStore.FOLLOWER, 0)).isEqualTo(durable);

    store().reopen();
    assertThat(store().attach(1).position().sequence()).isGreaterThanOrEqualTo(1);
  }

  private static Attachment claim(
      String follower, int lane, UUID journal, long epoch, OptionalLong startAt) {
    return new Attachment(follower, lane, journal, epoch, Optional.empty(), startAt);
  }

  private static Batch batch(String follower, int lane, UUID journal, long epoch, long from) {
    List<Batch.Changes> changes =
        List.of(new Batch.Changes(THINGS, List.of(put(THINGS, from, follower + lane + from))));
    return new Batch(
        follower, lane, journal, epoch, from, from + 1, changes, Duration.ofSeconds(30));
  }
}
