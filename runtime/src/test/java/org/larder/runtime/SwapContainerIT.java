package org.larder.runtime;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;

@RunWith(PaxExam.class)
public class SwapContainerIT extends ContainerTestSupport {
  private static final int WRITERS = 4;
  private static final int BATCHES_BETWEEN = 24;

  @Test
  public void stoppingTheBackendWhileItIsWrittenToLosesAndDoublesNothing() throws Exception {
    HttpNode node = node().awaitReady();
    Bundle backend = installed("org.larder.storage-sqlite");
    Writers writers = Writers.start(node, "swap", WRITERS);
    for (int swap = 1; swap <= 3; swap++) {
      writers.awaitMore(BATCHES_BETWEEN);
      backend.stop();
      writers.awaitMore(BATCHES_BETWEEN);
      backend.start();
    }
    writers.awaitMore(BATCHES_BETWEEN);
    int accepted = writers.stop();
    assertEquals("All writes are acknowledged all along", Map.of(), writers.refused());
    awaitFollowed(node);
    Tasks.requireAsWritten(node.contents("swap", "main", accepted), "swap", accepted);
  }
}
