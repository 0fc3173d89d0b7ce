package org.larder.storage.sqlite.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;
import org.larder.tck.TestStore;
import org.slf4j.Logger;
import org.sqlite.SQLiteConfig;

class SqliteBackendTest extends BackendContract {
  private static final int SMALL_PAGES = 700;

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("larder.db");
  }

  @Override
  protected StorageBackend open() {
    return SqliteBackend.at("main", file());
  }

  @Override
  protected void close(StorageBackend backend) {
    ((SqliteBackend) backend).close();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.ATOMIC_POSITION, Capability.INSERT_IF_ABSENT);
  }

  @Override
  public Offer<OtherProcess> otherProcess() {
    return Offer.of(new OtherProcess(Elsewhere.class, file().toString()));
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      return SqliteBackend.at("main", Path.of(place));
    }
  }

  /** The forces, of the log and of the file, are what can be made to fail from here. */
  @Override
  public Offer<FailingOpener> failing() {
    return Offer.of(
        nth -> {
          AtomicInteger forces = new AtomicInteger();
          return new SqliteBackend(
              SqliteSettings.of("main", file()),
              Migrations.beside(SqliteBackend.class, Clock.systemUTC()),
              (connection, call) -> {
                failAt(nth, forces, connection);
                Durability.commitForced(connection, call);
              },
              (connection, call) -> {
                failAt(nth, forces, connection);
                Checkpoints.passive(connection, call);
              },
              Clock.systemUTC());
        });
  }

  private static void failAt(int nth, AtomicInteger forces, Connection connection)
      throws SQLException {
    if (forces.incrementAndGet() == nth) {
      connection.setAutoCommit(true);
      throw new SQLException("disk I/O error", null, 10);
    }
  }

  @Override
  public Offer<TestStore.Opener> small() {
    SqliteSettings usual = SqliteSettings.of("main", file());
    return Offer.of(
        () ->
            new SqliteBackend(
                new SqliteSettings(
                    usual.name(),
                    usual.file(),
                    usual.poolSize(),
                    usual.poolMinimum(),
                    usual.poolRecycle(),
                    usual.busyTimeout(),
                    usual.queryTimeout(),
                    usual.writerCacheKib(),
                    usual.readerCacheKib(),
                    usual.mmapMib(),
                    usual.checkpointPages(),
                    SMALL_PAGES)));
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(
        BundleUnderTest.of(SqliteBackend.class, "larder.storage.sqlite")
            .with("name", "main")
            .with("file", file().toString())
            .importing(Logger.class, SQLiteConfig.class));
  }
}
