package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.model.*;
import org.larder.storage.query.*;
import org.larder.storage.spi.*;

class SqliteSmokeTest {
  @Test
  void writesAndReads(@TempDir Path folder) throws Exception {
    CollectionSchema schema =
        CollectionSchema.named("notes", 1)
            .key("id", 36)
            .field(Field.text("body"))
            .field(Field.int64("n").withDefault(0L).merging(MergeRule.MAX))
            .field(Field.instant("at").merging(MergeRule.KEEP))
            .field(Field.decimal("c", 4))
            .index(Index.on("n"))
            .build();
    try (SqliteBackend backend = SqliteBackend.at("main", folder.resolve("larder.db"))) {
      UUID journal = UUID.randomUUID();
      StoreState state =
          backend.attach(
              new Attachment("primary", 0, journal, 1, Optional.empty(), OptionalLong.empty()));
      assertThat(state.position().sequence()).isZero();
      backend.ensureCollection(schema);
      Row row =
          Row.of(schema)
              .set("id", "a")
              .set("body", "h\u00e4\0llo")
              .set("n", 5L)
              .set("at", java.time.Instant.parse("1969-12-31T23:59:59.999999Z"))
              .set("c", new java.math.BigDecimal("-1.5"))
              .build();
      WriteResult result =
          backend.write(
              new Batch(
                  "primary",
                  0,
                  journal,
                  1,
                  0,
                  1,
                  List.of(
                      new Batch.Changes(
                          schema, List.of(new Mutation(Mutation.Kind.MERGE, row, 0)))),
                  Duration.ofSeconds(5)));
      assertThat(result).isInstanceOf(WriteResult.Committed.class);
      Page page = backend.query(Query.of(schema).withTotal().withOrder(Order.descending("n")));
      assertThat(page.rows()).containsExactly(row);
      assertThat(page.total()).hasValue(1);
      assertThat(backend.sync("primary", 0).sequence()).isEqualTo(1);
      assertThat(
              backend.aggregate(
                  new Aggregation(
                      schema,
                      Filter.ALL,
                      List.of("n"),
                      List.of(Aggregation.Measure.count(), Aggregation.Measure.average("at")))))
          .hasSize(1);
      assertThat(backend.probe(Duration.ofSeconds(1)).condition()).isEqualTo(Probe.Condition.UP);
      backend.snapshot(folder.resolve("copy.db"));
      try (var c =
              java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("copy.db"));
          var s = c.createStatement();
          var r = s.executeQuery("select at, c from notes_v")) {
        r.next();
        assertThat(r.getString(1)).isEqualTo("1969-12-31T23:59:59.999999Z");
        assertThat(r.getString(2)).isEqualTo("-1.5000");
      }
    }
  }
}
