package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.Submission;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;
import org.larder.storage.sqlite.internal.SqliteBackend;

/**
 * The power goes while SQLite follows: what it wrote since its last sync is gone, and of the log
 * file behind that any part may be there. (What a loss of power does to the journal is tested with
 * the journal.)
 */
class PowerLossTest {
  private static final int ROUNDS = 4;
  private static final int BATCH = 50;

  /** So that segments fill, and are deleted behind the follower. */
  private static final String BODY = "all the texts of a game ".repeat(100);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void powerLossUnderSqliteLosesNothingAcknowledged(long seed) throws Exception {
    Random random = new Random(seed);
    Path data = Files.createDirectories(folder.resolve("data"));
    Path forced = Files.createDirectories(folder.resolve("forced"));
    Set<String> acknowledged = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      TestNode node = new TestNode(data);
      node.open();
      try (SqliteBackend sqlite = SqliteBackend.at("main", data.resolve("larder.db"))) {
        node.buffer.addBackend(new ForcedCopies(sqlite, data, forced));
        node.awaitAttached();
        int batches = 40 + random.nextInt(100);
        for (int i = 0; i < batches; i++) {
          acknowledged.addAll(putOnceThereIsRoom(node, round + "-" + i + "-"));
        }
        if (random.nextBoolean()) {
          node.flush();
        }
        node.drainOnStop = Duration.ZERO;
        node.reconfigure();
        node.close();
      }
      losePower(data, forced, random);
    }
    try (TestNode node = new TestNode(data).open();
        SqliteBackend sqlite = SqliteBackend.at("main", data.resolve("larder.db"))) {
      node.buffer.addBackend(sqlite);
      node.awaitAttached();
      node.flush();
      assertThat(keys(node)).isEqualTo(acknowledged);
      node.buffer.removeBackend(sqlite);
    }
  }

  /** While the journal is full, the follower's syncs make room. */
  private static List<String> putOnceThereIsRoom(TestNode node, String prefix) throws Exception {
    long deadline = System.nanoTime() + TestNode.LONG.toNanos();
    while (true) {
      try {
        return put(node, prefix);
      } catch (BufferException e) {
        assertThat(e.reason()).isEqualTo(BufferException.Reason.FULL);
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  private static List<String> put(TestNode node, String prefix) throws Exception {
    List<String> keys = new ArrayList<>();
    try (Submission submission = node.begin()) {
      for (int i = 0; i < BATCH; i++) {
        submission.row().set(CollectionSchema.KEY, prefix + i).set("body", BODY);
        submission.add(Mutation.Kind.MERGE);
        keys.add(prefix + i);
      }
      submission.commit(Durability.JOURNAL, TestNode.LONG);
    }
    return keys;
  }

  private static Set<String> keys(TestNode node) {
    Set<String> keys = new TreeSet<>();
    Query query = Query.of(Notes.V1).withLimit(1_000);
    for (Page page = node.buffer.reader().query(query, Consistency.STORED).value();
        ;
        page =
            node.buffer
                .reader()
                .query(query.after(page.next().orElseThrow()), Consistency.STORED)
                .value()) {
      page.rows().forEach(row -> keys.add(row.key()));
      if (page.next().isEmpty()) {
        return keys;
      }
    }
  }

  /** Leaves what was forced, and behind it any part of what was appended to the log file. */
  private static void losePower(Path data, Path forced, Random random) throws IOException {
    byte[] durableLog = bytes(forced.resolve("larder.db-wal"));
    byte[] lostLog = bytes(data.resolve("larder.db-wal"));
    Files.deleteIfExists(data.resolve("larder.db-shm"));
    Files.deleteIfExists(data.resolve("larder.db-wal"));
    Files.write(data.resolve("larder.db"), bytes(forced.resolve("larder.db")));
    boolean grown =
        lostLog.length > durableLog.length
            && Arrays.mismatch(durableLog, 0, durableLog.length, lostLog, 0, durableLog.length) < 0;
    int kept =
        grown
            ? durableLog.length + random.nextInt(lostLog.length - durableLog.length)
            : durableLog.length;
    byte[] log = Arrays.copyOf(grown ? lostLog : durableLog, kept);
    if (log.length > 0) {
      Files.write(data.resolve("larder.db-wal"), log);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  /** SQLite, and beside it a copy of its files as they were after the last sync. */
  private record ForcedCopies(SqliteBackend sqlite, Path data, Path forced)
      implements StorageBackend {
    @Override
    public BackendDescriptor descriptor() {
      return sqlite.descriptor();
    }

    @Override
    public StoreState attach(Attachment attachment) {
      return sqlite.attach(attachment);
    }

    @Override
    public void ensureCollection(CollectionSchema schema) {
      sqlite.ensureCollection(schema);
    }

    @Override
    public WriteResult write(Batch batch) {
      return sqlite.write(batch);
    }

    @Override
    public RecordCursor scan(ScanRequest request) {
      return sqlite.scan(request);
    }

    @Override
    public Position sync(String follower, int lane) {
      Position position = sqlite.sync(follower, lane);
      copy("larder.db");
      copy("larder.db-wal");
      return position;
    }

    /** By another process: closing the file in this one would drop SQLite's locks. */
    private void copy(String name) {
      try {
        Path source = data.resolve(name);
        Path target = forced.resolve(name);
        Files.deleteIfExists(target);
        if (Files.exists(source)) {
          Process copying =
              new ProcessBuilder("cp", source.toString(), target.toString()).inheritIO().start();
          assertThat(copying.waitFor(10, TimeUnit.SECONDS)).isTrue();
          assertThat(copying.exitValue()).isZero();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Probe probe(Duration budget) {
      return sqlite.probe(budget);
    }
  }
}
