package org.larder.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;

@RunWith(PaxExam.class)
public class SwapContainerIT extends ContainerTestSupport {
  private static final int WRITERS = 4;
  private static final int BATCHES = 60;
  private static final int BATCH = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicInteger accepted = new AtomicInteger();
  private final Map<Integer, String> refused = new ConcurrentHashMap<>();

  @Test
  public void stoppingTheBackendWhileItIsWrittenToLosesAndDoublesNothing() throws Exception {
    HttpNode node = node().awaitReady();
    Bundle backend = sqlite();
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int first = writer * BATCHES * BATCH;
      running.add(writers.submit(() -> write(node, first)));
    }
    for (int swap = 1; swap <= 3; swap++) {
      awaitAccepted(swap * WRITERS * BATCHES / 5);
      backend.stop();
      awaitAccepted(swap * WRITERS * BATCHES / 5 + WRITERS * BATCHES / 10);
      backend.start();
    }
    for (Future<?> each : running) {
      each.get();
    }
    writers.shutdown();
    assertEquals("All writes are acknowledged all along", Map.of(), refused);
    assertTrue(
        "The backend is followed again",
        Waiting.until(
            PATIENCE, () -> node.post("/api/v1/translation/flush", "").statusCode() == 200));
    assertEquals(WRITERS * BATCHES * BATCH, node.storedTasks("swap"));
  }

  private Void write(HttpNode node, int first) throws Exception {
    for (int batch = 0; batch < BATCHES; batch++) {
      var reply =
          node.post(
              "/api/v1/translation/tasks/batch", Tasks.batch("swap", first + batch * BATCH, BATCH));
      if (reply.statusCode() == 202) {
        accepted.incrementAndGet();
      } else {
        refused.put(reply.statusCode(), reply.body());
      }
    }
    return null;
  }

  private void awaitAccepted(int batches) {
    assertTrue(
        "Writes go on",
        Waiting.until(PATIENCE, () -> accepted.get() >= batches || !refused.isEmpty()));
  }

  private static Bundle sqlite() {
    return Stream.of(context().getBundles())
        .filter(bundle -> bundle.getSymbolicName().equals("org.larder.storage-sqlite"))
        .findFirst()
        .orElseThrow();
  }
}
