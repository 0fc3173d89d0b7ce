package org.larder.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

@RunWith(PaxExam.class)
public class UpdateContainerIT extends ContainerTestSupport {
  private static final int UPDATES = 20;

  /** Those take longer: the folder is looked at once a second. */
  private static final int DROP_INS = 5;

  private static final int WRITERS = 4;
  private static final int BATCHES_BETWEEN = 8;

  /** At most some thousand tasks a second, which the backend takes on any machine. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  public void twentyUpdatesOfTheBackendLeaveNoLoaderAndNoLibraryBehind() throws Exception {
    HttpNode node = node().awaitReady();
    Bundle backend = installed("org.larder.storage-sqlite");
    Writers writers = Writers.paced(node, "update", WRITERS, PAUSE);
    writers.awaitMore(BATCHES_BETWEEN);
    awaitFollowed(node);
    Set<String> libraries = mappedLibraries();
    List<WeakReference<ClassLoader>> former = new ArrayList<>();
    for (int update = 0; update < UPDATES; update++) {
      readEverything(node);
      former.add(loaderOf(backend));
      if (update % (UPDATES / DROP_INS) == 0) {
        dropAgain(backend);
      } else {
        backend.update();
      }
      writers.awaitMore(BATCHES_BETWEEN);
      awaitFollowed(node);
    }
    int accepted = writers.stop();
    assertEquals("All writes are acknowledged all along", Map.of(), writers.refused());
    awaitFollowed(node);
    Tasks.requireAsWritten(node.contents("update", "main", accepted), "update", accepted);
    assertFalse("The driver's library is mapped", libraries.isEmpty());
    assertEquals("No update maps the library again", libraries, mappedLibraries());
    boolean collected =
        Waiting.until(
            PATIENCE,
            () -> {
              System.gc();
              return former.stream().allMatch(loader -> loader.get() == null);
            });
    if (!collected) {
      long left = former.stream().filter(loader -> loader.get() != null).count();
      throw new AssertionError(
          left
              + " of "
              + UPDATES
              + " class loaders are still held; what holds them is in "
              + dump());
    }
    assertTrue("The last revision is in use", loaderOf(backend).get() != null);
  }

  private static WeakReference<ClassLoader> loaderOf(Bundle bundle) {
    return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
  }

  /** Brings every kind of read, and with it the threads of many pools, into the backend. */
  private static void readEverything(HttpNode node) throws Exception {
    for (String path :
        List.of(
            "/api/v1/translation/tasks?session_id=update",
            "/api/v1/translation/tasks/update-1",
            "/api/v1/translation/stats",
            "/health")) {
      assertEquals(path, 200, node.get(path).statusCode());
    }
  }

  /** The files of SQLite's library in this process; other containers may have left some as well. */
  private static Set<String> mappedLibraries() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("sqlitejdbc"))
          .map(line -> line.substring(line.indexOf('/')))
          .collect(Collectors.toSet());
    }
  }

  private static Path dump() throws IOException, JMException {
    Path dump = Files.createTempDirectory("larder-loaders").resolve("heap.hprof");
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
            "dumpHeap",
            new Object[] {dump.toString(), true},
            new String[] {"java.lang.String", "boolean"});
    return dump;
  }
}
