package org.larder.storage.mysql.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;
import org.larder.tck.Samples;
import org.larder.tck.TestStore;
import org.slf4j.Logger;

class MysqlBackendTest extends BackendContract {
  /** Not a multiple of the rows of a batch. */
  private static final int ROWS_THAT_FIT = 14;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Database database = new Database();
  private boolean full;

  @Override
  protected StorageBackend open() throws SQLException {
    if (full) {
      database.execute("DROP TRIGGER " + database.name + ".full");
      full = false;
    }
    return database.backend();
  }

  @AfterEach
  void closeOthers() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Override
  protected void close(StorageBackend backend) {
    ((MysqlBackend) backend).close();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.ATOMIC_POSITION, Capability.INSERT_IF_ABSENT);
  }

  @Override
  public Offer<OtherProcess> otherProcess() {
    return Offer.of(new OtherProcess(Elsewhere.class, database.server.url(database.name)));
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      return MysqlBackend.at("main", place, MariaDbServer.ROOT, "");
    }
  }

  @Override
  public Offer<FailingOpener> failing() {
    return Offer.of(
        nth -> {
          FailingProxy proxy = new FailingProxy(database.server.port(), nth);
          opened.add(proxy);
          return new MysqlBackend(throughOneReader(proxy.port()));
        });
  }

  /** The fewer connections there are, the more of the failures meet the one that writes. */
  private MysqlSettings throughOneReader(int port) {
    MysqlSettings usual = database.settings();
    return new MysqlSettings(
        usual.name(),
        ServerUrl.parse("jdbc:mysql://127.0.0.1:" + port + "/" + database.name),
        usual.user(),
        usual.password(),
        usual.tls(),
        1,
        0,
        usual.poolRecycle(),
        usual.connectTimeout(),
        usual.queryTimeout());
  }

  /**
   * A server that says in mid-batch that the table is full. On a disk that is full, or a data file
   * that has reached its bound, InnoDB ends the server if it finds no room for the roll-back
   * either.
   */
  @Override
  public Offer<TestStore.Opener> small() {
    return Offer.of(
        () -> {
          MysqlBackend backend = database.backend();
          backend.attach(
              new Attachment(
                  "founder", 0, new UUID(1, 1), 1, Optional.empty(), OptionalLong.empty()));
          backend.ensureCollection(Samples.THINGS);
          database.execute(
              """
              CREATE TRIGGER %1$s.full BEFORE INSERT ON %1$s.things FOR EACH ROW BEGIN
                IF (SELECT COUNT(*) FROM %1$s.things) >= %2$d THEN
                  SIGNAL SQLSTATE 'HY000'
                    SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table ''things'' is full';
                END IF;
              END
              """
                  .formatted(database.name, ROWS_THAT_FIT));
          full = true;
          return backend;
        });
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(
        BundleUnderTest.of(MysqlBackend.class, MysqlComponent.PID)
            .with("url", database.server.url(database.name))
            .with("user", MariaDbServer.ROOT)
            .importing(Logger.class));
  }
}
