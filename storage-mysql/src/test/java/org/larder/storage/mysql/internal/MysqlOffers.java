package org.larder.storage.mysql.internal;

import org.larder.tck.BackendUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.TestStore;

/** What both classes of tests over a database offer the kit alike. */
interface MysqlOffers extends BackendUnderTest {
  /** The database of the running test. */
  MysqlUnderTest database();

  @Override
  default Offer<FailingOpener> failing() {
    return Offer.of(database()::failing);
  }

  @Override
  default Offer<TestStore.Opener> small() {
    return Offer.of(database()::small);
  }
}
