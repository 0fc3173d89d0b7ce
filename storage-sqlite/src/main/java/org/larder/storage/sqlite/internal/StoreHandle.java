package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.Dialect;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.LockFile;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend's database, opened when it is first needed. Opening and closing is for the thread that
 * holds the backend's lock, looking for any.
 */
final class StoreHandle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreHandle.class);

  private final SqliteSettings settings;
  private final Dialect dialect;
  private final Migrations migrations;
  private final Calls calls;

  /**
   * A file of its own, since opening and closing the database's file from Java would drop SQLite's
   * own locks.
   */
  private LockFile lock;

  private volatile OpenStore open;

  /** Why nothing is open although somebody wanted it; empty if nobody did yet. */
  private volatile String trouble = "";

  StoreHandle(SqliteSettings settings, Dialect dialect, Migrations migrations, Calls calls) {
    this.settings = settings;
    this.dialect = dialect;
    this.migrations = migrations;
    this.calls = calls;
  }

  /** The open database; null if it was not opened yet. */
  OpenStore current() {
    return open;
  }

  /** Why nothing is open although somebody wanted it; empty if nobody did yet. */
  String trouble() {
    return trouble;
  }

  /** True if nothing is open and there is nothing to open. */
  boolean isAbsent() {
    return open == null && !Files.exists(settings.file());
  }

  /** What the files take; looks at them without opening, which would drop SQLite's locks. */
  long storedBytes() {
    try {
      long log = Files.exists(settings.log()) ? Files.size(settings.log()) : 0;
      return Files.size(settings.file()) + log;
    } catch (IOException e) {
      return -1;
    }
  }

  /** The open database, in the format that the code works with. */
  OpenStore ready() throws SQLException, IOException {
    OpenStore store = open(false);
    if (!store.isReady()) {
      throw new StorageException(
          RETRY, "STORE_ABSENT", "The store is of an older format until somebody attaches");
    }
    return store;
  }

  /**
   * The open database.
   *
   * @param create whether to begin a new one if there is none
   */
  OpenStore open(boolean create) throws SQLException, IOException {
    if (open != null) {
      return open;
    }
    if (!create && isAbsent()) {
      throw new StorageException(RETRY, "STORE_ABSENT", "There is no store yet: nobody attached");
    }
    trouble = "It is being opened";
    try {
      openAlone(create);
    } catch (SQLException | IOException | RuntimeException e) {
      trouble = "It could not be opened: " + e.getMessage();
      throw e;
    }
    trouble = "";
    return open;
  }

  private void openAlone(boolean create) throws SQLException, IOException {
    Files.createDirectories(settings.file().toAbsolutePath().getParent());
    LockFile taken = LockFile.tryTake(settings.lock()).orElseThrow(this::locked);
    try {
      open = OpenStore.open(settings, dialect, migrations, calls, create);
      lock = taken;
    } finally {
      if (lock == null) {
        taken.close();
      }
    }
  }

  /** Say by another process, or by the instance before an update of the bundle. */
  private StorageException locked() {
    return new StorageException(
        RETRY,
        "STORE_LOCKED",
        "Another instance still has the database (" + settings.lock().getFileName() + ")");
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      LOG.warn("Closing {}: {}", settings.file(), e.getMessage());
    } finally {
      open = null;
      giveUpLock();
    }
  }

  private void giveUpLock() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      LOG.warn("Giving up {}: {}", settings.lock(), e.getMessage());
    } finally {
      lock = null;
    }
  }
}
