package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;
import org.larder.storage.sqlite.internal.SqliteBackend;

/**
 * SQLite on a machine whose power goes at a chosen moment. After each call the files tell what
 * SQLite has done in it, and its rules when it has forced them: a log that begins anew has its
 * header forced before its first frame is written; a checkpoint forces the log before the first
 * page goes into the database file, and that file when the last one has, unless a reader kept some
 * back; a sync forces the log.
 *
 * <p>Everything but {@link #isCut} is for one thread at a time: the follower's, then the test's.
 */
final class PowerCut implements StorageBackend {
  /** When the power goes. */
  enum Moment {
    /** While a batch is appended to the log. */
    COMMIT,
    /** While the header of a log that begins anew is written. */
    LOG_BEGINS,
    /** While the first batch is written to a log that has begun anew. */
    LOG_BEGUN,
    /** Before the force of a sync is done. */
    SYNC,
    /** While pages are written to the database file. */
    CHECKPOINT,
    /** The same, but a reader keeps some of the pages in the log. */
    PARTIAL_CHECKPOINT,
    /** Between two calls. */
    IDLE,
    /** After an orderly stop, when the log's deletion may not have arrived. */
    STOPPED
  }

  private static final int LOG_HEADER = 32;
  private static final int SALT_AT = 16;
  private static final int SALT_END = 24;
  private static final int FRAMES_AT = 16;
  private static final int BROUGHT_IN_AT = 96;

  private final SqliteBackend sqlite;
  private final Path file;
  private final Random random;
  private final LossyFile database = new LossyFile();
  private final LossyFile log = new LossyFile();
  private byte[] earlierIndex = new byte[0];
  private Connection reader;
  private boolean begun;
  private long found = -1;
  private long promised = -1;
  private volatile Moment wanted;
  private int skipped;
  private byte[] lostDatabase;
  private byte[] lostLog;
  private volatile boolean cut;

  PowerCut(SqliteBackend sqlite, Path file, Random random) {
    this.sqlite = sqlite;
    this.file = file;
    this.random = random;
  }

  /** From now on the power goes when that happens once more, or a few times. */
  void cutAt(Moment moment) {
    skipped = random.nextInt(4);
    wanted = moment;
  }

  boolean isCut() {
    return cut;
  }

  /** Where the store stood when it was opened. */
  long found() {
    return found;
  }

  /** What a sync has said to be durable; −1 if there was none. */
  long promised() {
    return promised;
  }

  private void happens(Moment moment) {
    if (moment == wanted && !cut && skipped-- == 0) {
      lostDatabase = database.afterLoss(random);
      lostLog = log.afterLoss(random);
      cut = true;
    }
    requirePower();
  }

  private void requirePower() {
    if (cut) {
      throw new StorageException(RETRY, "STORE_UNAVAILABLE", "The power is gone");
    }
  }

  /** Leaves what the disk has when the power comes back. */
  void leaveWhatIsThere() throws IOException {
    if (!cut) {
      lostDatabase = read("");
      lostLog = random.nextBoolean() ? log.latest() : new byte[0];
    }
    Path index = sibling("-shm");
    switch (random.nextInt(3)) {
      case 0 -> Files.deleteIfExists(index);
      case 1 -> Files.write(index, earlierIndex);
      default -> {
        byte[] garbage = new byte[random.nextInt(40_000)];
        random.nextBytes(garbage);
        Files.write(index, garbage);
      }
    }
    Files.write(file, lostDatabase);
    Files.write(sibling("-wal"), lostLog);
  }

  /**
   * The content of one of the store's files. Closing it here drops the locks that SQLite has on it
   * for this process; no other process asks for them.
   */
  private byte[] read(String suffix) {
    try {
      Path path = sibling(suffix);
      return Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path sibling(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  @Override
  public StoreState attach(Attachment attachment) {
    requirePower();
    StoreState state = sqlite.attach(attachment);
    if (found < 0) {
      found = state.position().sequence();
    }
    return state;
  }

  @Override
  public WriteResult write(Batch batch) {
    happens(Moment.IDLE);
    moveReader();
    WriteResult result = sqlite.write(batch);
    appended();
    checkpointed();
    if (random.nextInt(3) == 0) {
      sync(batch.follower(), batch.lane());
    }
    return result;
  }

  @Override
  public Position sync(String follower, int lane) {
    requirePower();
    Position position = sqlite.sync(follower, lane);
    if (begun) {
      appended();
      happens(Moment.SYNC);
    } else {
      // The first one brings the log in and forces both files.
      log.write(read("-wal"));
      database.write(read(""));
      database.force();
      begun = true;
    }
    log.force();
    promised = position.sequence();
    return position;
  }

  /** A commit has been appended to the log. */
  private void appended() {
    byte[] old = log.latest();
    byte[] now = read("-wal");
    boolean anew =
        old.length >= LOG_HEADER && !Arrays.equals(old, SALT_AT, SALT_END, now, SALT_AT, SALT_END);
    if (anew) {
      byte[] header = old.clone();
      System.arraycopy(now, 0, header, 0, LOG_HEADER);
      log.write(header);
      happens(Moment.LOG_BEGINS);
      log.force();
    }
    log.write(now);
    happens(anew ? Moment.LOG_BEGUN : Moment.COMMIT);
  }

  /** After the commit the log may have been brought in. */
  private void checkpointed() {
    byte[] index = read("-shm");
    byte[] now = read("");
    if (!Arrays.equals(now, database.latest())) {
      log.force();
      database.write(now);
      boolean whole = number(index, FRAMES_AT) == number(index, BROUGHT_IN_AT);
      happens(whole ? Moment.CHECKPOINT : Moment.PARTIAL_CHECKPOINT);
      if (whole) {
        database.force();
      }
    }
    if (earlierIndex.length == 0 || random.nextInt(10) == 0) {
      earlierIndex = index;
    }
  }

  private static int number(byte[] index, int offset) {
    return ByteBuffer.wrap(index).order(ByteOrder.nativeOrder()).getInt(offset);
  }

  /** Keeps somebody reading, who now and then looks at something newer. */
  private void moveReader() {
    if (wanted != Moment.PARTIAL_CHECKPOINT || (reader != null && random.nextInt(4) > 0)) {
      return;
    }
    try {
      closeReader();
      reader = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = reader.createStatement()) {
        statement.execute("BEGIN");
        statement.executeQuery("SELECT COUNT(*) FROM _position").close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void closeReader() throws SQLException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  @Override
  public BackendDescriptor descriptor() {
    return sqlite.descriptor();
  }

  @Override
  public void ensureCollection(CollectionSchema schema) {
    requirePower();
    sqlite.ensureCollection(schema);
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    return sqlite.scan(request);
  }

  @Override
  public Probe probe(Duration budget) {
    return sqlite.probe(budget);
  }
}
