package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.spi.Batch;

class PartitionTest {
  private static final CollectionSchema ONE = schema("one");
  private static final CollectionSchema OTHER = schema("other");

  private static CollectionSchema schema(String name) {
    return CollectionSchema.named(name, 1).key("id", 32).field(Field.int64("n")).build();
  }

  private static BatchWriter.Part part(CollectionSchema schema, int rows) {
    return new BatchWriter.Part(schema, mutations(schema, rows));
  }

  private static List<Mutation> mutations(CollectionSchema schema, int rows) {
    return IntStream.range(0, rows)
        .mapToObj(i -> new Mutation(Mutation.Kind.PUT, row(schema, "key%05d".formatted(i)), i))
        .toList();
  }

  private static Row row(CollectionSchema schema, String key) {
    RowBuilder builder = Row.of(schema);
    try {
      builder.set("id", key);
    } catch (InvalidRowException e) {
      throw new IllegalStateException(e);
    }
    return builder.build();
  }

  private static Batch batch(int rows) {
    List<Batch.Changes> changes = List.of(new Batch.Changes(ONE, mutations(ONE, rows)));
    return new Batch("f", 0, new UUID(1, 2), 1, 0, rows, changes, Duration.ofSeconds(1));
  }

  @Test
  void everyMutationFallsToOnePart() {
    Partition partition = new Partition(4, 1);
    List<List<BatchWriter.Part>> parts =
        partition.divide(List.of(part(ONE, 2_000), part(OTHER, 3)));
    List<String> seen = new ArrayList<>();
    for (int part = 0; part < 4; part++) {
      for (BatchWriter.Part share : parts.get(part)) {
        List<String> keys = share.mutations().stream().map(Mutation::key).toList();
        for (String key : keys) {
          assertThat(partition.partOf(key)).isEqualTo(part);
          seen.add(share.table().name() + key);
        }
      }
      assertThat(parts.get(part).get(0).mutations()).hasSizeBetween(300, 700);
    }
    assertThat(seen).hasSize(2_003).doesNotHaveDuplicates();
  }

  @Test
  void partsGoThroughTheirKeysInOrderAndBeginApart() {
    List<List<BatchWriter.Part>> parts = new Partition(4, 1).divide(List.of(part(ONE, 2_000)));
    List<String> first = new ArrayList<>();
    for (List<BatchWriter.Part> part : parts) {
      List<String> keys = part.get(0).mutations().stream().map(Mutation::key).toList();
      int least = keys.indexOf(Collections.min(keys));
      List<String> turned = new ArrayList<>(keys);
      Collections.rotate(turned, -least);
      assertThat(turned).isSorted();
      first.add(keys.get(0).substring(0, 6));
    }
    assertThat(first).doesNotHaveDuplicates();
  }

  @Test
  void smallBatchIsNotDivided() {
    assertThat(new Partition(4, 250).divides(batch(999))).isFalse();
    assertThat(new Partition(4, 250).divides(batch(1_000))).isTrue();
    assertThat(Partition.WHOLE.divides(batch(1_000))).isFalse();
  }

  @Test
  void noRowIsTakenForThatOfAnotherLaneOrNumberOfParts() {
    Set<Integer> rows = new HashSet<>();
    int count = 0;
    for (int lane = 0; lane < 3; lane++) {
      for (int parts = 1; parts <= Partition.MOST; parts++) {
        List<Integer> some = new Partition(parts, 1).rows(lane);
        assertThat(some)
            .hasSize(parts - 1)
            .allMatch(row -> row < 0)
            .allMatch(between(Partition.lastRow(lane), Partition.firstRow(lane)));
        rows.addAll(some);
        count += some.size();
      }
    }
    assertThat(rows).hasSize(count);
  }

  private static Predicate<Integer> between(int least, int most) {
    return row -> row >= least && row <= most;
  }
}
