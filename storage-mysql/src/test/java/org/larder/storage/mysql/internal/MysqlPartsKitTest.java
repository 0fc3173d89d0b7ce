package org.larder.storage.mysql.internal;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;
import org.larder.tck.WritingContract;

/**
 * What the kit has about writing, over a backend whose batches go through four connections each,
 * however small they are. What it reads and how it lives in a framework are as in the whole kit.
 */
class MysqlPartsKitTest extends WritingContract implements MysqlOffers {
  private static final Partition IN_FOUR = new Partition(4, 1);
  private final MysqlUnderTest database = new MysqlUnderTest(IN_FOUR);

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
    return Set.of(Capability.INSERT_IF_ABSENT);
  }

  @Override
  public Offer<OtherProcess> otherProcess() {
    return Offer.of(database.otherProcess(Elsewhere.class));
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      return new MysqlBackend(
          MysqlSettings.of("main", place, MariaDbServer.ROOT, "").dividing(IN_FOUR));
    }
  }
}
