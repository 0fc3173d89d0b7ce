package org.larder.prove;

import org.junit.jupiter.api.Test;

/** Short proofs of every kind on a real MariaDB. */
class MysqlProveIT extends ProvingTestSupport {
  @Test
  void swapAndHangingWriteLoseNothing() throws Exception {
    program.proves("swap --backend mysql --rate 1000 --rounds 2 --seconds 4 --ways route,hang");
  }

  @Test
  void exchangedBundleLosesNothing() throws Exception {
    program.proves(
        "swap --backend mysql --rate 1000 --rounds 3 --seconds 6"
            + " --ways update,remove,side-by-side");
  }

  @Test
  void killedNodeAndDatabaseLoseNothing() throws Exception {
    program.proves("crash --backend mysql --rate 1000 --rounds 1 --seconds 2 --ways both");
  }

  @Test
  void killedDatabaseLosesNothing() throws Exception {
    program.proves(
        "outage --backend mysql --rate 1000 --rounds 1 --seconds 2 --hold 1 --ways kill");
  }

  @Test
  void fullDiskOfTheDatabaseLosesNothing() throws Exception {
    program.proves(
        "diskfull --backend mysql --rate 2000 --rounds 1 --seconds 1 --hold 1 --ways database");
  }
}
