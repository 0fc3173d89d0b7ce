package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Short proofs of every kind on SQLite. */
class ProveIT extends ProvingTestSupport {
  @Test
  void swapUnderLoadLosesNothing() throws Exception {
    String output =
        program.proves("swap --rate 1000 --rounds 3 --seconds 8 --ways update,drop-in,route");
    assertThat(output).containsPattern("native libraries of the database in memory +1\n");
  }

  @Test
  void killedNodeLosesNothing() throws Exception {
    program.proves("crash --rate 1000 --rounds 1 --seconds 3");
  }

  @Test
  void outageOfTheDatabaseLosesNothing() throws Exception {
    program.proves("outage --rate 1000 --rounds 2 --seconds 3 --hold 1");
  }

  @Test
  void fullDiskLosesNothing() throws Exception {
    program.proves("diskfull --rate 4000 --rounds 1 --seconds 1 --hold 1");
  }
}
