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
import org.larder.tck.TestStore;

/** The whole kit over a backend as it is shipped: each batch goes through one connection. */
class MysqlBackendTest extends BackendContract {
  private final MysqlUnderTest subject = new MysqlUnderTest(Partition.WHOLE);

  @AfterEach
  void closeOthers() throws IOException {
    subject.close();
  }

  @Override
  protected StorageBackend open() throws SQLException {
    return subject.open();
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
    return Offer.of(subject.otherProcess(Elsewhere.class));
  }

  @Override
  public Offer<FailingOpener> failing() {
    return Offer.of(subject::failing);
  }

  @Override
  public Offer<TestStore.Opener> small() {
    return Offer.of(subject::small);
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(subject.bundle());
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      return MysqlBackend.at("main", place, MariaDbServer.ROOT, "");
    }
  }
}
