package org.larder.storage.mysql.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;
import org.slf4j.Logger;

class MysqlBackendTest extends BackendContract {
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Database database = new Database();

  @Override
  protected StorageBackend open() {
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

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(
        BundleUnderTest.of(MysqlBackend.class, MysqlComponent.PID)
            .with("url", database.server.url(database.name))
            .with("user", MariaDbServer.ROOT)
            .importing(Logger.class));
  }
}
