package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Submission;
import org.larder.buffer.internal.PowerCut.Moment;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.sqlite.internal.SmallStores;
import org.larder.storage.sqlite.internal.SqliteBackend;

/**
 * The power goes while SQLite follows. Of what SQLite has written to the log and to the database
 * file and not forced, any sectors are there afterwards, in any version, some torn, and the files
 * have any length between the old and the new; the shared memory file is gone, old or garbage. The
 * files are then opened as they are, and the follower goes on. {@link PowerCut} says at which
 * moments that happens and what counts as forced.
 *
 * <p>Not simulated: disks that say to have forced what they have not, a force that fails (that is
 * tested with the backend), and what a loss of power does to the journal (that is tested with the
 * journal).
 */
class PowerLossTest {
  private static final int ROUNDS_A_MOMENT = 2;
  private static final int KEYS = 1_500;
  private static final int BATCH = 20;
  private static final int CHECKPOINT_PAGES = 150;
  private static final String BODY = "the text of a cell ";

  @TempDir Path folder;
  private final Map<String, String> acknowledged = new TreeMap<>();
  private long written;

  static LongStream seeds() {
    return LongStream.of(1, 2, System.nanoTime());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void powerLossUnderSqliteLosesNothingAcknowledged(long seed) throws Exception {
    Random random = new Random(seed);
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < ROUNDS_A_MOMENT; i++) {
      moments.addAll(Arrays.asList(Moment.values()));
    }
    Collections.shuffle(moments, random);
    // To see what the last of them has left.
    moments.add(Moment.STOPPED);
    try {
      long promised = -1;
      for (Moment moment : moments) {
        promised = run(moment, promised, random);
      }
    } catch (AssertionError e) {
      throw new AssertionError("With the seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** Opens what the last loss of power has left, looks at it, and loses power again. */
  private long run(Moment moment, long promised, Random random) throws Exception {
    Path file = folder.resolve("larder.db");
    TestNode node = new TestNode(folder);
    node.journalBytes = 4 << 20;
    PowerCut machine;
    try (SqliteBackend sqlite = SmallStores.at(file, CHECKPOINT_PAGES)) {
      machine = new PowerCut(sqlite, file, random);
      node.open().buffer.addBackend(machine);
      TestNode.until(() -> node.follower().position() >= 0 || isHalted(node));
      assertThat(isHalted(node)).as(node.follower().message()).isFalse();
      assertThat(machine.found()).as("position").isGreaterThanOrEqualTo(promised);
      node.flush();
      assertThat(rows(node)).as("rows before " + moment).isEqualTo(acknowledged);
      assertThat(integrity(file)).isEqualTo("ok");
      machine.cutAt(moment);
      int batches = moment == Moment.STOPPED ? 20 : Integer.MAX_VALUE;
      long deadline = System.nanoTime() + TestNode.LONG.toNanos();
      for (int i = 0; i < batches && !machine.isCut(); i++) {
        put(node, random);
        TestNode.until(() -> machine.isCut() || behind(node) < 3 * BATCH);
        assertThat(System.nanoTime()).as("it comes to " + moment).isLessThan(deadline);
      }
      node.drainOnStop = Duration.ZERO;
      node.reconfigure();
      node.close();
      machine.closeReader();
    }
    machine.leaveWhatIsThere();
    return machine.promised();
  }

  private static boolean isHalted(TestNode node) {
    return node.follower().state() == FollowerStatus.State.HALTED;
  }

  private static long behind(TestNode node) {
    return node.buffer.status().journal().endSequence() - node.follower().position();
  }

  private void put(TestNode node, Random random) throws Exception {
    Map<String, String> batch = new TreeMap<>();
    try (Submission submission = node.begin()) {
      for (int i = 0; i < BATCH; i++) {
        String key = "key" + random.nextInt(KEYS);
        if (random.nextInt(10) == 0) {
          submission.delete(key);
          batch.put(key, "");
        } else {
          String body = BODY.repeat(random.nextInt(80)) + written++;
          submission.row().set("note_id", key).set("body", body);
          submission.add(Mutation.Kind.PUT);
          batch.put(key, body);
        }
      }
      submission.commit(Durability.JOURNAL, TestNode.LONG);
    } catch (BufferException e) {
      // Until the follower's next sync makes room.
      assertThat(e.reason()).isEqualTo(BufferException.Reason.FULL);
      return;
    }
    acknowledged.putAll(batch);
    acknowledged.values().removeIf(String::isEmpty);
  }

  private static Map<String, String> rows(TestNode node) {
    Map<String, String> rows = new TreeMap<>();
    Query query = Query.of(Notes.V1).withLimit(1_000);
    while (true) {
      Page page = node.buffer.reader().query(query, Consistency.STORED).value();
      for (Row row : page.rows()) {
        assertThat(rows.put(row.key(), (String) row.value("body"))).as("once").isNull();
      }
      if (page.next().isEmpty()) {
        return rows;
      }
      query = query.after(page.next().get());
    }
  }

  private static String integrity(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA integrity_check")) {
      return result.getString(1);
    }
  }
}
