package org.larder.storage.sqlite.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the database once for damage. A small one at once; a large one by a thread of its own, a
 * while after the start, with a connection of its own, so that the start does not wait for it.
 */
final class IntegrityCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IntegrityCheck.class);
  private static final long SMALL_BYTES = 16L << 20;
  private static final long DELAY_SECONDS = 10;

  private final SqliteSettings settings;
  private final Thread thread;
  private volatile Statement running;
  private volatile boolean closing;
  private volatile String damage;

  private IntegrityCheck(SqliteSettings settings) {
    this.settings = settings;
    thread = new Thread(this::later, "larder-" + settings.name() + "-check");
    thread.setDaemon(true);
  }

  /** Checks a small database, or begins to check a large one. */
  static IntegrityCheck begin(SqliteSettings settings) throws SQLException, IOException {
    IntegrityCheck check = new IntegrityCheck(settings);
    if (Files.size(settings.file()) <= SMALL_BYTES) {
      check.run();
    } else {
      check.thread.start();
    }
    return check;
  }

  /** What was found; empty while nothing is known to be wrong. */
  Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  /** Notes damage that a call met. */
  void report(String what) {
    if (damage == null) {
      LOG.error("Database {}: {}", settings.file(), what);
      damage = what;
    }
  }

  private void later() {
    try {
      TimeUnit.SECONDS.sleep(DELAY_SECONDS);
      run();
    } catch (InterruptedException e) {
      LOG.debug("The check of {} did not begin", settings.file());
    } catch (SQLException e) {
      if (!closing) {
        LOG.warn("The check of {} did not end: {}", settings.file(), e.getMessage());
      }
    }
  }

  private void run() throws SQLException {
    long start = System.nanoTime();
    try (Connection connection = Databases.readers(settings).getConnection();
        Statement statement = connection.createStatement()) {
      running = statement;
      if (closing) {
        return;
      }
      try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
        String answer = result.next() ? result.getString(1) : "no answer";
        if (!answer.equals("ok")) {
          report(answer.replace('\n', ' '));
        }
      } finally {
        running = null;
      }
    }
    LOG.debug(
        "Checked {} in {} ms",
        settings.file(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      while (thread.isAlive()) {
        Statement statement = running;
        if (statement != null) {
          statement.cancel();
        }
        thread.join(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("The check of {} cannot be cancelled: {}", settings.file(), e.getMessage());
    }
  }
}
