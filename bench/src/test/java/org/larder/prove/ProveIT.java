package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Short proofs of every kind on SQLite. */
class ProveIT extends ProvingTestSupport {
  private static final String ONE_LIBRARY = "native libraries of the database in memory +1\n";

  @Test
  void swapUnderLoadLosesNothing() throws Exception {
    String output =
        program.proves(
            "swap --rate 1000 --rounds 5 --seconds 10"
                + " --ways update,drop-in,route,remove,side-by-side");
    assertThat(output).containsPattern(ONE_LIBRARY);
  }

  @Test
  void killedNodeLosesNothing() throws Exception {
    program.proves("crash --rate 1000 --rounds 1 --seconds 3");
  }

  @Test
  void outageOfTheDatabaseLosesNothing() throws Exception {
    assertThat(program.proves("outage --rate 1000 --rounds 2 --seconds 3 --hold 1"))
        .containsPattern(ONE_LIBRARY);
  }

  @Test
  void fullDiskLosesNothing() throws Exception {
    program.proves("diskfull --rate 4000 --rounds 1 --seconds 1 --hold 1");
  }
}
