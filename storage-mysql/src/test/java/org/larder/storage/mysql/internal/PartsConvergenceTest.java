package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.COUNTERS;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;
import org.larder.storage.spi.WriteResult;
import org.larder.tck.Model;
import org.larder.tck.Samples;

/**
 * What becomes of a batch of which one part was committed and the others, and the position, not.
 */
class PartsConvergenceTest {
  private static final Partition IN_FOUR = new Partition(4, 1);
  private static final UUID JOURNAL = new UUID(3, 4);
  private static final int KEYS = 60;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final Database database = new Database();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final Random random = new Random(11);
  private final Model model = new Model();
  private final MysqlBackend backend = new MysqlBackend(database.settings(IN_FOUR));

  /** The first half of the keys is there, then two stretches of the journal follow. */
  private final List<Mutation> initial = initial();

  private final List<Mutation> first = stretch(initial.size(), Map.of());
  private final List<Mutation> second = stretch(initial.size() + KEYS, byKey(first));
  private final String held = keyThatIsHeld();

  @BeforeEach
  void begin() {
    attach(backend, 1);
    assertThat(backend.write(batch(1, 0, initial))).isEqualTo(new WriteResult.Committed());
    model.apply(initial);
    model.apply(first);
    model.apply(second);
  }

  @AfterEach
  void end() throws SQLException {
    threads.shutdownNow();
    backend.close();
    database.close();
  }

  private static String key(int number) {
    return "key%03d".formatted(number);
  }

  private List<Mutation> initial() {
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < KEYS; i += 2) {
      mutations.add(
          new Mutation(
              Mutation.Kind.PUT, Samples.random(random, COUNTERS, key(i)), mutations.size()));
    }
    return mutations;
  }

  /**
   * A mutation of each key. One that follows another says all about its key, so that folding leaves
   * it as it is, and none inserts then.
   */
  private List<Mutation> stretch(long from, Map<String, Mutation> before) {
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      long sequence = from + i;
      Row row = Samples.random(random, COUNTERS, key(i));
      Mutation earlier = before.get(key(i));
      Mutation.Kind kind =
          switch (random.nextInt(4)) {
            case 0 -> Mutation.Kind.DELETE;
            case 1 -> earlier == null && i % 2 == 1 ? Mutation.Kind.INSERT : Mutation.Kind.PUT;
            default -> earlier == null ? Mutation.Kind.MERGE : Mutation.Kind.PUT;
          };
      boolean free = earlier == null || earlier.kind() != Mutation.Kind.INSERT;
      if (free) {
        boolean deletes = kind == Mutation.Kind.DELETE;
        mutations.add(new Mutation(kind, deletes ? Samples.row(COUNTERS, key(i)) : row, sequence));
      }
    }
    return mutations;
  }

  private static Map<String, Mutation> byKey(List<Mutation> mutations) {
    Map<String, Mutation> keys = new TreeMap<>();
    mutations.forEach(mutation -> keys.put(mutation.key(), mutation));
    return keys;
  }

  /** There from the beginning, put by the second stretch, and not of the position's own part. */
  private String keyThatIsHeld() {
    return second.stream()
        .filter(mutation -> mutation.kind() == Mutation.Kind.PUT)
        .map(Mutation::key)
        .filter(key -> byKey(initial).containsKey(key) && IN_FOUR.partOf(key) != 0)
        .findFirst()
        .orElseThrow();
  }

  private static long attach(MysqlBackend backend, long epoch) {
    long at =
        backend
            .attach(
                new Attachment(
                    "primary", 0, JOURNAL, epoch, Optional.empty(), OptionalLong.empty()))
            .position()
            .sequence();
    backend.ensureCollection(COUNTERS);
    return at;
  }

  /** As the host does after a failure. */
  private static long attachAgain(MysqlBackend backend, long epoch) {
    return Host.persist(() -> attach(backend, epoch));
  }

  private static Batch batch(long epoch, long from, List<Mutation> mutations) {
    long to = mutations.stream().mapToLong(Mutation::sequence).max().orElseThrow() + 1;
    return new Batch(
        "primary",
        0,
        JOURNAL,
        epoch,
        from,
        to,
        List.of(new Batch.Changes(COUNTERS, mutations)),
        Duration.ofMinutes(1));
  }

  private Batch both(long epoch) {
    Map<String, Mutation> folded = byKey(first);
    folded.putAll(byKey(second));
    return batch(epoch, initial.size(), List.copyOf(folded.values()));
  }

  private void writeApart(MysqlBackend store, long epoch) {
    Batch begin = batch(epoch, initial.size(), first);
    assertThat(store.write(begin)).isEqualTo(new WriteResult.Committed());
    assertThat(store.write(batch(epoch, begin.to(), second)))
        .isEqualTo(new WriteResult.Committed());
  }

  private static List<String> rows(Iterable<Row> rows) {
    List<String> described = new ArrayList<>();
    rows.forEach(row -> described.add(row.version() + " " + row));
    return described;
  }

  /** The readers were lost as well, and their pool may need some seconds to notice. */
  private static List<Row> stored(MysqlBackend store) {
    return Host.persist(
        () -> {
          List<Row> rows = new ArrayList<>();
          try (var cursor = store.scan(ScanRequest.all(COUNTERS))) {
            for (Row row = cursor.next(); row != null; row = cursor.next()) {
              rows.add(row);
            }
          }
          return rows;
        });
  }

  private String sequenceOfThePosition() throws SQLException {
    return database.text("SELECT sequence FROM _position WHERE lane = 0");
  }

  /** Under which lane the row of a part stands. */
  private String lane(int part) throws SQLException {
    return part == 0
        ? "0"
        : database.text(
            "SELECT lane FROM _position WHERE lane < 0 ORDER BY lane DESC LIMIT 1 OFFSET "
                + (part - 1));
  }

  private List<Integer> partsBut(int part) {
    return IntStream.range(0, IN_FOUR.parts()).filter(each -> each != part).boxed().toList();
  }

  /** Writes both stretches at once, and then takes some parts back as if they had never come. */
  private void writeAndLose(List<Integer> parts) throws SQLException {
    String name = database.name;
    database.execute("CREATE TABLE %1$s.earlier AS SELECT * FROM %1$s.counters".formatted(name));
    assertThat(backend.write(both(1))).isEqualTo(new WriteResult.Committed());
    for (int part : parts) {
      String keys =
          IntStream.range(0, KEYS)
              .mapToObj(PartsConvergenceTest::key)
              .filter(key -> IN_FOUR.partOf(key) == part)
              .collect(Collectors.joining("', '", "('", "')"));
      database.execute(
          "DELETE FROM %s.counters WHERE counter_id IN %s".formatted(name, keys),
          "INSERT INTO %1$s.counters SELECT * FROM %1$s.earlier WHERE counter_id IN %2$s"
              .formatted(name, keys),
          "UPDATE %s._position SET sequence = %d WHERE lane = %s"
              .formatted(name, initial.size(), lane(part)));
    }
    database.execute("DROP TABLE " + name + ".earlier");
  }

  /** As a server has it that was lost between the first commit and the last. */
  private void leaveOnePartIn() throws SQLException {
    writeAndLose(partsBut(IN_FOUR.partOf(held)));
    assertThat(sequenceOfThePosition()).isEqualTo(Integer.toString(initial.size()));
    assertThat(versionOfHeld()).isEqualTo(byKey(second).get(held).sequence());
  }

  private long versionOfHeld() throws SQLException {
    return Long.parseLong(
        database.text("SELECT _version FROM counters WHERE counter_id = '" + held + "'"));
  }

  private interface Meanwhile {
    void happens() throws Exception;
  }

  /** Writes both stretches at once; all connections but that of one part are lost meanwhile. */
  private StorageException writeAndLoseAllConnectionsButOne(Meanwhile meanwhile) throws Exception {
    Future<StorageException> failure;
    try (RowHolder holder = new RowHolder(database, "counters", "counter_id", held)) {
      failure = threads.submit(() -> Host.failure(() -> backend.write(both(1))));
      holder.awaitOneWaits(failure);
      holder.killTheOthers();
      meanwhile.happens();
    }
    return failure.get();
  }

  @Test
  void batchThatIsPartlyInConvergesHoweverItIsCutAgain() throws SQLException {
    leaveOnePartIn();
    assertThat(attachAgain(backend, 1)).isEqualTo(initial.size());
    writeApart(backend, 1);
    assertThat(rows(stored(backend))).isEqualTo(rows(model.rows()));
  }

  @Test
  void batchThatIsPartlyInMayBeRepeatedAsItWas() throws SQLException {
    leaveOnePartIn();
    assertThat(backend.write(both(1))).isEqualTo(new WriteResult.Committed());
    assertThat(rows(stored(backend))).isEqualTo(rows(model.rows()));
  }

  /** It then comes whole, through one connection, also what is in already. */
  @Test
  void batchThatIsPartlyInMayBeRepeatedAfterItMetAnotherProgram() throws SQLException {
    leaveOnePartIn();
    String other =
        byKey(second).keySet().stream()
            .filter(key -> byKey(initial).containsKey(key))
            .filter(key -> IN_FOUR.partOf(key) != IN_FOUR.partOf(held))
            .findFirst()
            .orElseThrow();
    RowHolder holder = new RowHolder(database, "counters", "counter_id", other);
    try {
      StorageException busy = Host.failure(() -> backend.write(both(1)));
      assertThat(busy.severity()).as(busy.getMessage()).isEqualTo(Severity.BUSY);
    } finally {
      holder.close();
    }
    assertThat(backend.write(both(1))).isEqualTo(new WriteResult.Committed());
    assertThat(rows(stored(backend))).isEqualTo(rows(model.rows()));
  }

  /** Each time a node is started again with another number of connections. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void batchThatIsPartlyInConvergesThroughAnotherNumberOfConnections(int connections)
      throws SQLException {
    leaveOnePartIn();
    Batch begin = batch(1, initial.size(), first);
    try (MysqlBackend next = new MysqlBackend(database.settings(new Partition(connections, 1)))) {
      assertThat(attachAgain(next, 1)).isEqualTo(initial.size());
      assertThat(next.write(begin)).isEqualTo(new WriteResult.Committed());
    }
    assertThat(attachAgain(backend, 1)).isEqualTo(begin.to());
    assertThat(backend.write(batch(1, begin.to(), second))).isEqualTo(new WriteResult.Committed());
    assertThat(rows(stored(backend))).isEqualTo(rows(model.rows()));
  }

  /** As a replica has it that was promoted with the position and without one of the parts. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void partThatIsLostComesAgain(int connections) throws SQLException {
    writeAndLose(List.of(IN_FOUR.partOf(held)));
    assertThat(backend.sync("primary", 0).sequence()).isEqualTo(initial.size());
    try (MysqlBackend next = new MysqlBackend(database.settings(new Partition(connections, 1)))) {
      assertThat(attachAgain(next, 2)).isEqualTo(initial.size());
      writeApart(next, 2);
      assertThat(rows(stored(next))).isEqualTo(rows(model.rows()));
    }
  }

  @Test
  void noPartIsCommittedWhenThePositionWasLost() throws Exception {
    StorageException lost = writeAndLoseAllConnectionsButOne(() -> {});
    assertThat(lost.severity()).as(lost.getMessage()).isIn(Severity.RETRY, Severity.BUSY);
    assertThat(attachAgain(backend, 1)).isEqualTo(initial.size());
    assertThat(versionOfHeld()).isEqualTo(byKey(initial).get(held).sequence());
    writeApart(backend, 1);
    assertThat(rows(stored(backend))).isEqualTo(rows(model.rows()));
  }

  /** The one who takes over may be the same node: its epoch is another or not. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void partThatIsLateChangesNothingForTheOneWhoTookOver(long epoch) throws Exception {
    try (MysqlBackend next = new MysqlBackend(database.settings(IN_FOUR))) {
      List<Future<Long>> attached = new ArrayList<>();
      StorageException lost =
          writeAndLoseAllConnectionsButOne(
              () -> attached.add(threads.submit(() -> attachAgain(next, epoch))));
      assertThat(lost.severity()).as(lost.getMessage()).isIn(Severity.RETRY, Severity.BUSY);
      assertThat(attached.get(0).get()).isEqualTo(initial.size());
      writeApart(next, epoch);
      assertThat(lateAnswer()).isEqualTo(epoch == 1 ? "in already" : "FENCED");
      assertThat(rows(stored(next))).isEqualTo(rows(model.rows()));
    }
  }

  /** What the instance is told that was given up. */
  private String lateAnswer() {
    long start = System.nanoTime();
    while (true) {
      try {
        assertThat(backend.write(both(1))).isEqualTo(new WriteResult.Committed());
        return "in already";
      } catch (StorageException e) {
        if (e.severity() == Severity.FENCED) {
          return "FENCED";
        }
        assertThat(e.severity()).as(e.getMessage()).isIn(Severity.RETRY, Severity.BUSY);
        assertThat(System.nanoTime() - start).as(e.getMessage()).isLessThan(PATIENCE_NANOS);
      }
    }
  }
}
