package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.tck.Samples.merge;
import static org.larder.tck.Samples.put;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** That collections grow by new versions, and that any valid name will do. */
@Area(name = "schemas", promise = "Collections grow by new versions, and any valid name will do.")
public interface SchemaContract extends BackendUnderTest {
  CollectionSchema FIRST =
      CollectionSchema.named("evolving", 1)
          .key("id", 40)
          .field(Field.string("status", 20).withDefault("open"))
          .index(Index.on("status"))
          .build();

  CollectionSchema SECOND =
      CollectionSchema.named("evolving", 2)
          .key("id", 40)
          .field(Field.string("status", 20).withDefault("open"))
          .field(Field.int64("weight").withDefault(7L).merging(MergeRule.MAX))
          .field(Field.text("remark"))
          .index(Index.on("status", "weight"))
          .build();

  @Test
  default void collectionMayBeMadeReadyAgainAndAgain() throws Exception {
    store().prepare(FIRST, FIRST);
    store().write(FIRST, put(FIRST, 0, "a"));
    store().prepare(FIRST);
    store().reopen();
    store().attach(1);
    store().prepare(FIRST);
    assertThat(store().rows(FIRST)).hasSize(1);
  }

  @Test
  default void rowsThatAreThereHaveNullInNewFields() {
    store().prepare(FIRST);
    store().write(FIRST, put(FIRST, 0, "a"));
    store().prepare(SECOND);

    Row old = store().row(SECOND, "a").orElseThrow();
    assertThat(old.value("status")).isEqualTo("open");
    assertThat(old.isNull(SECOND.ordinal("weight"))).as("null, not absent").isTrue();

    store().write(SECOND, put(SECOND, 1, "b"), merge(SECOND, 2, "a", "weight", 3L));
    assertThat(store().row(SECOND, "b").orElseThrow().value("weight")).isEqualTo(7L);
    assertThat(store().row(SECOND, "a").orElseThrow().value("weight")).isEqualTo(3L);
    assertThat(
            store()
                .ask(
                    Query.of(SECOND)
                        .withFilter(Filter.ge("weight", 1L))
                        .withOrder(Order.descending("weight")))
                .rows())
        .extracting(Row::key)
        .containsExactly("b", "a");
  }

  @Test
  default void rowsOfAnOlderVersionGoIntoANewerCollection() {
    store().prepare(SECOND);
    store().write(SECOND, put(SECOND, 0, "a", "remark", "kept"));

    store()
        .write(
            SECOND,
            merge(FIRST, 1, "a", "status", "closed"),
            merge(FIRST, 2, "b"),
            put(FIRST, 3, "c", "status", "new"));

    assertThat(store().row(SECOND, "a").orElseThrow().value("remark")).isEqualTo("kept");
    assertThat(store().row(SECOND, "a").orElseThrow().value("status")).isEqualTo("closed");
    Row made = store().row(SECOND, "b").orElseThrow();
    assertThat(made.value("status")).isEqualTo("open");
    assertThat(made.isNull(SECOND.ordinal("weight"))).as("unknown to the row's version").isTrue();
    assertThat(store().row(SECOND, "c").orElseThrow().value("weight")).isNull();
  }

  @Test
  default void olderVersionChangesNothing() {
    store().prepare(SECOND, FIRST);
    store().write(SECOND, put(SECOND, 0, "a", "remark", "kept", "weight", 9L));

    assertThat(store().row(FIRST, "a")).hasValue(Samples.row(FIRST, "a", "status", "open"));
    assertThat(store().row(SECOND, "a").orElseThrow().value("remark")).isEqualTo("kept");
  }

  @Test
  default void writingToACollectionThatWasNeverMadeReadyIsHarmless() {
    store().prepare();
    try {
      WriteResult result = store().backend().write(store().batch(FIRST, put(FIRST, 0, "a")));
      assertThat(result).isInstanceOf(WriteResult.Committed.class);
    } catch (StorageException e) {
      assertThat(e.severity()).isEqualTo(HALT);
      assertThat(store().attach(1).position().sequence()).isZero();
    }
  }

  @Test
  default void namesMayBeWordsOfAnyLanguage() {
    CollectionSchema.Builder builder = CollectionSchema.named("order", 1).key("primary", 20);
    List<String> words =
        List.of("select", "group", "index", "table", "values", "limit", "user", "excluded", "key");
    words.forEach(word -> builder.field(Field.int64(word)));
    CollectionSchema keywords = builder.index(Index.on("group", "index")).build();
    store().prepare(keywords);
    store().write(keywords, merge(keywords, 0, "a", "select", 1L, "group", 2L, "values", 3L));
    assertThat(
            store()
                .ask(
                    Query.of(keywords)
                        .withFilter(Filter.eq("group", 2L))
                        .withOrder(Order.descending("index")))
                .rows())
        .hasSize(1);
  }

  @Test
  default void namesThatResembleEachOtherStayApart() {
    String longest = "x".repeat(60);
    for (String name : List.of("a", "a_v", "a__b", "a_b", longest)) {
      CollectionSchema schema =
          CollectionSchema.named(name, 1)
              .key("id", 20)
              .field(Field.int64("b"))
              .field(Field.int64("b_c"))
              .index(Index.on("b_c"))
              .index(Index.on("b"))
              .build();
      store().prepare(schema);
      store().write(schema, put(schema, store().position(), name.substring(0, 1), "b", 1L));
      assertThat(store().rows(schema)).hasSize(1);
    }
  }
}
