package org.larder.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The laws on which replay and folding rest. */
class MergingTest {
  @Provide
  Arbitrary<List<Mutation>> histories() {
    return RandomRows.mutation(RandomRows.ALL_TYPES, "key", true).list().ofMinSize(1).ofMaxSize(9);
  }

  @Provide
  Arbitrary<List<Mutation>> foldables() {
    return RandomRows.mutation(RandomRows.ALL_TYPES, "key", false).list().ofMinSize(1).ofMaxSize(7);
  }

  @Provide
  Arbitrary<Row> stored() {
    return RandomRows.row(RandomRows.ALL_TYPES, "key").map(Merging::complete).injectNull(0.2);
  }

  private static Row apply(Row stored, List<Mutation> mutations) {
    Row row = stored;
    for (Mutation mutation : mutations) {
      row = Merging.apply(row, mutation).orElse(null);
    }
    return row;
  }

  @Property(tries = 1000)
  void foldedHasTheEffectOfOneByOne(
      @ForAll("stored") Row stored, @ForAll("foldables") List<Mutation> mutations) {
    Mutation folded = mutations.get(0);
    for (Mutation mutation : mutations.subList(1, mutations.size())) {
      folded = Merging.fold(folded, mutation);
    }
    assertThat(apply(stored, List.of(folded))).isEqualTo(apply(stored, mutations));
  }

  @Property(tries = 1000)
  void foldingIsAssociative(
      @ForAll("stored") Row stored, @ForAll("foldables") List<Mutation> mutations) {
    Mutation folded = mutations.get(mutations.size() - 1);
    for (int i = mutations.size() - 2; i >= 0; i--) {
      folded = Merging.fold(mutations.get(i), folded);
    }
    assertThat(apply(stored, List.of(folded))).isEqualTo(apply(stored, mutations));
  }

  @Property(tries = 1000)
  void replayOfAnySuffixOverAnyLaterStateConverges(
      @ForAll("histories") List<Mutation> history,
      @ForAll @IntRange(max = 8) int begin,
      @ForAll @IntRange(max = 8) int reached) {
    int from = Math.min(begin, history.size() - 1);
    int to = Math.max(from, Math.min(reached, history.size()));
    Row later = apply(null, history.subList(0, to));
    Row replayed = apply(later, history.subList(from, history.size()));
    assertThat(replayed).isEqualTo(apply(null, history));
  }

  @Property(tries = 500)
  void eachMutationIsIdempotent(
      @ForAll("stored") Row stored, @ForAll("histories") List<Mutation> mutations) {
    for (Mutation mutation : mutations) {
      Row once = apply(stored, List.of(mutation));
      assertThat(apply(once, List.of(mutation))).isEqualTo(once);
    }
  }

  @Property(tries = 300)
  void storedRowsAreComplete(
      @ForAll("stored") Row stored, @ForAll("histories") List<Mutation> mutations) {
    Row row = apply(stored, mutations);
    for (int i = 0; row != null && i < row.schema().fields().size(); i++) {
      assertThat(row.isAbsent(i)).isFalse();
    }
  }

  @Test
  void insertDoesNotFold() {
    Row row = RandomRows.row(RandomRows.ALL_TYPES, "key").sample();
    Mutation insert = new Mutation(Mutation.Kind.INSERT, row, 1);
    Mutation merge = new Mutation(Mutation.Kind.MERGE, row, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> Merging.fold(insert, merge));
    assertThatIllegalArgumentException().isThrownBy(() -> Merging.fold(merge, insert));
  }

  @Test
  void mergeAcrossVersionsGivesTheNewer() throws InvalidRowException {
    CollectionSchema first = CollectionSchema.named("c", 1).key("id", 9).build();
    CollectionSchema second =
        CollectionSchema.named("c", 2).key("id", 9).field(Field.int64("n")).build();
    Row old = Row.of(first).set("id", "a").build();
    Row young = Row.of(second).set("id", "a").set("n", 5L).build();
    List<Row> merged = new ArrayList<>(List.of(Merging.merge(old, young)));
    merged.add(Merging.merge(young, old));
    assertThat(merged).allSatisfy(row -> assertThat(row.value("n")).isEqualTo(5L));
  }
}
