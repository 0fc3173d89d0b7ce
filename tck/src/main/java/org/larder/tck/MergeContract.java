package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.tck.Samples.COUNTERS;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.insert;
import static org.larder.tck.Samples.merge;
import static org.larder.tck.Samples.put;

import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageException;

/** That mutations do to rows what {@link org.larder.storage.model.Merging} says. */
@Area(name = "merging", promise = "Mutations do to rows what the merge rules say.")
public interface MergeContract extends BackendUnderTest {
  private Object after(String field, Mutation... mutations) {
    store().prepare(COUNTERS);
    for (Mutation mutation : mutations) {
      store().write(COUNTERS, mutation);
    }
    return store().row(COUNTERS, "a").orElseThrow().value(field);
  }

  @Test
  default void mergeChangesOnlyWhatItCarries() {
    assertThat(
            after(
                "label",
                put(COUNTERS, 0, "a", "label", "first", "peak", 7L),
                merge(COUNTERS, 1, "a", "peak", 8L)))
        .isEqualTo("first");
  }

  @Test
  default void absentIsNotNull() {
    assertThat(
            after(
                "label",
                put(COUNTERS, 0, "a", "label", "first"),
                merge(COUNTERS, 1, "a", "label", null)))
        .isNull();
  }

  @Test
  default void putReplacesEverything() {
    assertThat(
            after(
                "label",
                put(COUNTERS, 0, "a", "label", "first", "peak", 7L),
                put(COUNTERS, 1, "a", "peak", 1L)))
        .isEqualTo("none");
    assertThat(store().row(COUNTERS, "a").orElseThrow().value("peak")).isEqualTo(1L);
  }

  @Test
  default void defaultsAreForNewRowsOnly() {
    assertThat(
            after(
                "label",
                merge(COUNTERS, 0, "a", "label", null),
                merge(COUNTERS, 1, "a", "peak", 1L)))
        .isNull();
    Row row = store().row(COUNTERS, "a").orElseThrow();
    assertThat(row.value("total")).isEqualTo(0L);
    assertThat(row.value("flag")).isEqualTo(true);
    assertThat(row.value("best")).isEqualTo(new BigDecimal("1.50"));
  }

  @Test
  default void maximumNeverFalls() {
    assertThat(
            after(
                "total",
                merge(COUNTERS, 0, "a", "total", 5L),
                merge(COUNTERS, 1, "a", "total", 3L),
                merge(COUNTERS, 2, "a", "total", null)))
        .isEqualTo(5L);
  }

  @Test
  default void maximumBeginsAtItsDefault() {
    assertThat(after("total", merge(COUNTERS, 0, "a", "total", -4L))).isEqualTo(0L);
    store().write(COUNTERS, merge(COUNTERS, 1, "b", "total", null));
    assertThat(store().row(COUNTERS, "b").orElseThrow().value("total")).isEqualTo(0L);
  }

  @Test
  default void maximumBelowItsDefaultRisesByTheValueItself() {
    assertThat(
            after(
                "total",
                put(COUNTERS, 0, "a", "total", -9L),
                merge(COUNTERS, 1, "a", "total", -4L)))
        .isEqualTo(-4L);
  }

  @Test
  default void maximumOfTextIsByUtf8() {
    assertThat(
            after(
                "name",
                merge(COUNTERS, 0, "a", "name", "\ud83d\ude00"),
                merge(COUNTERS, 1, "a", "name", "\uffff"),
                merge(COUNTERS, 2, "a", "name", "Z")))
        .isEqualTo("\ud83d\ude00");
  }

  @Test
  default void firstValueStays() {
    assertThat(
            after(
                "created_at",
                merge(COUNTERS, 0, "a", "created_at", null),
                merge(COUNTERS, 1, "a", "created_at", Samples.micros(7)),
                merge(COUNTERS, 2, "a", "created_at", Samples.micros(9)),
                merge(COUNTERS, 3, "a", "created_at", null)))
        .isEqualTo(Samples.micros(7));
  }

  @Test
  default void mergeAfterADeleteMakesANewRow() {
    assertThat(
            after(
                "peak",
                put(COUNTERS, 0, "a", "peak", 9L),
                delete(COUNTERS, 1, "a"),
                merge(COUNTERS, 2, "a", "label", "new")))
        .isNull();
  }

  @Test
  default void deleteOfWhatIsNotThereIsFine() {
    store().prepare(COUNTERS);
    store().write(COUNTERS, delete(COUNTERS, 0, "a"), put(COUNTERS, 1, "b"));
    assertThat(store().rows(COUNTERS)).extracting(Row::key).containsExactly("b");
  }

  @Test
  default void versionIsTheSequenceOfTheLastMutation() {
    store().prepare(COUNTERS);
    store().write(COUNTERS, put(COUNTERS, 0, "a"), put(COUNTERS, 1, "b"));
    store().write(COUNTERS, merge(COUNTERS, 2, "a"));
    assertThat(store().rows(COUNTERS)).extracting(Row::version).containsExactly(2L, 1L);
  }

  /** Not declared: refused as documented, and nothing of the batch is written. */
  @Test
  @Proves(Capability.INSERT_IF_ABSENT)
  default void insertKeepsWhatIsThereOrIsRefused() {
    store().prepare(COUNTERS, THINGS);
    store().write(COUNTERS, put(COUNTERS, 0, "a", "label", "first"));
    Batch inserts =
        store()
            .batch(
                1,
                1,
                4,
                List.of(
                    new Batch.Changes(THINGS, List.of(put(THINGS, 1, "t"))),
                    new Batch.Changes(
                        COUNTERS,
                        List.of(
                            insert(COUNTERS, 2, "a", "label", "second"),
                            insert(COUNTERS, 3, "b", "total", -1L)))));
    if (!declares(Capability.INSERT_IF_ABSENT)) {
      StorageException refused = TestStore.expect(HALT, () -> store().backend().write(inserts));
      assertThat(refused.code()).isEqualTo("UNSUPPORTED");
      assertThat(store().rows(THINGS)).isEmpty();
      assertThat(store().attach(1).position().sequence()).isEqualTo(1);
      store().refused("The batch failed with HALT and UNSUPPORTED; nothing of it was stored.");
      return;
    }
    store().commit(inserts);
    Row kept = store().row(COUNTERS, "a").orElseThrow();
    assertThat(kept.value("label")).isEqualTo("first");
    assertThat(kept.version()).isZero();
    Row made = store().row(COUNTERS, "b").orElseThrow();
    assertThat(made.value("total")).as("an insert is no merge").isEqualTo(-1L);
    assertThat(made.value("label")).isEqualTo("none");
  }

  @Test
  default void randomMutationsGiveTheRowsOfTheModel() {
    store().prepare(COUNTERS);
    Model model = new Model();
    for (List<Mutation> batch : history(COUNTERS, new Random(1), 60)) {
      model.apply(batch);
      store().write(COUNTERS, batch.toArray(Mutation[]::new));
    }
    assertSame(COUNTERS, model);
  }

  @Test
  default void replayOfAnySuffixOverAnyLaterStateConverges() {
    store().prepare();
    int batches = 12;
    long epoch = 1;
    for (int begin = 0; begin < batches; begin += 3) {
      for (int reached = begin; reached <= batches; reached += 4) {
        CollectionSchema schema = Samples.counters("replay_%d_%d".formatted(begin, reached));
        store().backend().ensureCollection(schema);
        List<List<Mutation>> history = history(schema, new Random(2), batches);
        Model model = new Model();
        history.forEach(model::apply);

        epoch = replay(schema, history.subList(0, reached), epoch);
        epoch = replay(schema, history.subList(begin, batches), epoch);

        assertSame(schema, model);
      }
    }
  }

  /** Writes batches under a new epoch, from wherever they begin. */
  private long replay(CollectionSchema schema, List<List<Mutation>> batches, long lastEpoch) {
    long epoch = lastEpoch + 1;
    if (!batches.isEmpty()) {
      long at = batches.get(0).get(0).sequence();
      store().backend().attach(store().attachment(epoch, OptionalLong.of(at)));
    }
    for (List<Mutation> batch : batches) {
      Mutation[] mutations = batch.toArray(Mutation[]::new);
      store().commit(store().batch(epoch, mutations[0].sequence(), schema, mutations));
    }
    return batches.isEmpty() ? lastEpoch : epoch;
  }

  private List<List<Mutation>> history(CollectionSchema schema, Random random, int batches) {
    return History.batches(schema, random, batches, declares(Capability.INSERT_IF_ABSENT));
  }

  private void assertSame(CollectionSchema schema, Model model) {
    List<Row> rows = store().rows(schema);
    assertThat(rows).isEqualTo(model.rows());
    assertThat(rows)
        .extracting(Row::version)
        .isEqualTo(model.rows().stream().map(Row::version).toList());
  }
}
