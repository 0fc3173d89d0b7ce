package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/** A buffered read shows what a flush would have made of it. */
class BufferedReadPropertyTest {
  private static final int KEYS = 24;
  private static final int BOOKS = 3;

  @Property(tries = 120)
  void bufferedEqualsFlushed(@ForAll Random random, @ForAll @IntRange(max = 60) int pending)
      throws IOException {
    Path data = Files.createTempDirectory("buffered");
    FakeStore store = new FakeStore();
    boolean pushDown = random.nextBoolean();
    try (TestNode node =
        new TestNode(data).open(pushDown ? new QueryingFake(store) : new FakeBackend(store))) {
      write(node, random, random.nextInt(40));
      node.flush();
      node.hold(true);
      List<Query> queries = new ArrayList<>();
      List<Page> buffered = new ArrayList<>();
      // In between as well, so that the index is moved on step by step.
      write(node, random, pending / 2);
      node.buffer.reader().query(Query.of(Notes.V1), Consistency.BUFFERED);
      write(node, random, pending - pending / 2);
      for (int i = 0; i < 12; i++) {
        Query query = query(random, store);
        queries.add(query);
        buffered.add(node.buffer.reader().query(query, Consistency.BUFFERED).value());
      }
      List<Optional<Row>> rows = new ArrayList<>();
      for (int key = 0; key < KEYS; key++) {
        rows.add(node.buffer.reader().get("notes", "k" + key, Consistency.BUFFERED).value());
      }
      assertThat(node.follower().code()).isEqualTo("HELD");
      node.hold(false);
      for (int i = 0; i < queries.size(); i++) {
        Page flushed = node.buffer.reader().query(queries.get(i), Consistency.FLUSHED).value();
        assertThat(buffered.get(i)).as("%s", text(queries.get(i))).isEqualTo(flushed);
        assertThat(buffered.get(i).rows().stream().map(Row::version))
            .isEqualTo(flushed.rows().stream().map(Row::version).toList());
      }
      for (int key = 0; key < KEYS; key++) {
        Optional<Row> flushed =
            node.buffer.reader().get("notes", "k" + key, Consistency.FLUSHED).value();
        assertThat(rows.get(key)).isEqualTo(flushed);
        assertThat(rows.get(key).map(Row::version)).isEqualTo(flushed.map(Row::version));
      }
    } finally {
      delete(data);
    }
  }

  private static String text(Query query) {
    return query.filter()
        + " order "
        + query.order()
        + " limit "
        + query.limit()
        + " offset "
        + query.offset()
        + " after "
        + query.after();
  }

  private static void write(TestNode node, Random random, int mutations) {
    int left = mutations;
    while (left > 0) {
      int size = 1 + random.nextInt(Math.min(left, 5));
      left -= size;
      try (Submission submission = node.begin()) {
        for (int i = 0; i < size; i++) {
          mutate(submission, random);
        }
        submission.commit(Durability.JOURNAL, Duration.ZERO);
      } catch (InvalidRowException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void mutate(Submission submission, Random random) throws InvalidRowException {
    int key = random.nextInt(KEYS);
    int kind = random.nextInt(8);
    if (kind == 0) {
      submission.delete("k" + key);
      return;
    }
    RowBuilder row = submission.row().set("note_id", "k" + key);
    if (random.nextInt(3) > 0) {
      // A key keeps its partition.
      row.set("book", random.nextInt(6) == 0 ? null : "b" + key % BOOKS);
    }
    if (random.nextBoolean()) {
      row.set("n", random.nextInt(4) == 0 ? null : (Long) (long) random.nextInt(4));
    }
    if (random.nextBoolean()) {
      row.set("best", (long) random.nextInt(5));
    }
    if (random.nextInt(3) == 0) {
      row.setMicros(Notes.V1.ordinal("created_at"), random.nextInt(3));
    }
    submission.add(
        kind == 1 ? Mutation.Kind.INSERT : kind < 4 ? Mutation.Kind.PUT : Mutation.Kind.MERGE);
  }

  private static Query query(Random random, FakeStore store) {
    Query query = Query.of(Notes.V1).withFilter(filter(random));
    List<Order> order = new ArrayList<>();
    for (String field : List.of("n", "best", "created_at", "note_id")) {
      if (random.nextInt(3) == 0) {
        order.add(new Order(field, random.nextBoolean()));
      }
    }
    query = query.withOrder(order).withLimit(random.nextInt(12));
    if (random.nextInt(3) == 0) {
      query = query.withOffset(random.nextInt(25));
    }
    List<Row> rows = store.rows("notes");
    if (random.nextInt(3) == 0 && !rows.isEmpty()) {
      Row place = rows.get(random.nextInt(rows.size())).under(Notes.V1);
      query = query.after(Evaluator.place(order, place));
    }
    return random.nextBoolean() ? query.withTotal() : query;
  }

  private static Filter filter(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> Filter.eq("book", "b" + random.nextInt(BOOKS));
      case 1 ->
          Filter.and(
              Filter.ge("n", (long) random.nextInt(3)),
              Filter.eq("book", "b" + random.nextInt(BOOKS)));
      case 2 -> Filter.in("n", 0L, 2L);
      case 3 -> new Filter.Not(Filter.eq("n", 1L));
      case 4 -> new Filter.IsNull("book");
      case 5 -> Filter.or(Filter.lt("best", 2L), Filter.eq("note_id", "k3"));
      default -> Filter.ALL;
    };
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
