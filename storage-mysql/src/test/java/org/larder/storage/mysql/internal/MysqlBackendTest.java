package org.larder.storage.mysql.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;

/** The whole kit over a backend as it is shipped: each batch goes through one connection. */
class MysqlBackendTest extends BackendContract implements MysqlOffers {
  private final MysqlUnderTest database = new MysqlUnderTest(Partition.WHOLE);

  @Override
  public MysqlUnderTest database() {
    return database;
  }

  @AfterEach
  void closeOthers() throws IOException {
    database.close();
  }

  @Override
  protected StorageBackend open() throws SQLException {
    return database.open();
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
    return Offer.of(database.otherProcess(Elsewhere.class));
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(database.bundle());
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      return MysqlBackend.at("main", place, MariaDbServer.ROOT, "");
    }
  }
}
