package org.larder.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class CollectionSchemaTest {
  private static CollectionSchema.Builder notes(int version) {
    return CollectionSchema.named("notes", version).key("id", 36);
  }

  @Test
  void partitionIsTheKeyUnlessSaid() {
    assertThat(notes(1).build().partitionField()).isEqualTo("id");
    assertThatThrownBy(() -> notes(1).partitionBy("session").build())
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void nameThatIsUnsafeInSqlOrInAPathIsRefused() {
    for (String name :
        new String[] {"", "Notes", "1a", "_a", "a-b", "a.b", "a b", "x".repeat(61)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> CollectionSchema.named(name, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> Field.int64(name));
    }
  }

  @Test
  void fieldNamedTwiceIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> notes(1).field(Field.int64("id")).build());
  }

  @Test
  void keptFieldHasNoDefault() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> notes(1).field(Field.int64("n").withDefault(1L).merging(MergeRule.KEEP)).build());
  }

  @Test
  void jsonHasNoMaximum() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Field.json("more").merging(MergeRule.MAX));
  }

  @Test
  void newerVersionOnlyAppends() {
    CollectionSchema first = notes(1).field(Field.string("name", 20)).build();
    CollectionSchema second =
        notes(2).field(Field.string("name", 20).required()).field(Field.int64("n")).build();
    second.checkEvolvesFrom(first);

    refusedAfter(first, notes(1).field(Field.string("name", 20)).build());
    refusedAfter(first, notes(2).build());
    refusedAfter(first, notes(2).field(Field.string("name", 30)).build());
    refusedAfter(first, notes(2).field(Field.text("name")).build());
    refusedAfter(
        first, notes(2).field(Field.string("name", 20)).field(Field.int64("n").required()).build());
  }

  @Test
  void whatIsGuardedStaysSo() {
    CollectionSchema guarded = notes(1).guarded().build();
    notes(2).guarded().build().checkEvolvesFrom(notes(1).build());

    refusedAfter(guarded, notes(2).build());
  }

  private static void refusedAfter(CollectionSchema older, CollectionSchema newer) {
    assertThatIllegalArgumentException().isThrownBy(() -> newer.checkEvolvesFrom(older));
  }
}
