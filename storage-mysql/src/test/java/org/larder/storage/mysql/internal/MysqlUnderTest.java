package org.larder.storage.mysql.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.OtherProcess;
import org.larder.tck.Samples;
import org.slf4j.Logger;

/** What the kit needs of a database of the shared server, however many connections write. */
final class MysqlUnderTest implements AutoCloseable {
  /** Not a multiple of the rows of a batch. */
  private static final int ROWS_THAT_FIT = 14;

  private final List<FailingProxy> opened = new ArrayList<>();
  private final Database database = new Database();
  private final Partition writing;
  private boolean full;

  /**
   * A database that does not exist yet.
   *
   * @param writing how the backend divides batches
   */
  MysqlUnderTest(Partition writing) {
    this.writing = writing;
  }

  private MysqlBackend backend() {
    return new MysqlBackend(database.settings(writing));
  }

  StorageBackend open() throws SQLException {
    if (full) {
      database.execute("DROP TRIGGER " + database.name + ".full");
      full = false;
    }
    return backend();
  }

  /** Another process that opens the same. */
  OtherProcess otherProcess(Class<? extends OtherProcess.Factory> factory) {
    return new OtherProcess(factory, database.server.url(database.name));
  }

  MysqlBackend failing(int nth) throws IOException {
    FailingProxy proxy = new FailingProxy(database.server.port(), nth);
    opened.add(proxy);
    return new MysqlBackend(throughOneReader(proxy.port()));
  }

  /** The fewer connections there are, the more of the failures meet the one that writes. */
  private MysqlSettings throughOneReader(int port) {
    MysqlSettings usual = database.settings(writing);
    return new MysqlSettings(
        usual.name(),
        ServerUrl.parse("jdbc:mysql://127.0.0.1:" + port + "/" + database.name),
        usual.user(),
        usual.password(),
        usual.tls(),
        usual.writing(),
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
  MysqlBackend small() throws SQLException {
    MysqlBackend backend = backend();
    backend.attach(
        new Attachment("founder", 0, new UUID(1, 1), 1, Optional.empty(), OptionalLong.empty()));
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
  }

  BundleUnderTest bundle() {
    return BundleUnderTest.of(MysqlBackend.class, MysqlComponent.PID)
        .with("url", database.server.url(database.name))
        .with("user", MariaDbServer.ROOT)
        .importing(Logger.class);
  }

  /** Ends what stands between the backends and the server. */
  @Override
  public void close() throws IOException {
    for (FailingProxy each : opened) {
      each.close();
    }
  }
}
