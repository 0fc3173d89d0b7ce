package org.larder.prove;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program, in a folder of its own for every test. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class ProvingTestSupport {
  @TempDir private Path work;

  /** The program of the running test. */
  Proving program;

  @BeforeAll
  static void distributionIsBuilt() {
    Proving.requireDistribution();
  }

  @BeforeEach
  void useFolder() {
    program = new Proving(work);
  }
}
