package org.larder.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.larder.runtime.visitor.VisitorPlugin;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

@RunWith(PaxExam.class)
public class SlowClientContainerIT extends ContainerTestSupport {
  private static final String TASKS = "/api/v1/translation/tasks";
  private static final String OUR_GUEST = "/api/v1/translation/guest";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int WRITERS = 2;
  private static final int BATCHES_BETWEEN = 12;
  private static final int LONG_TEXT = 20_000;
  private static final int PAGE = 1000;

  @Test
  public void pluginDroppedDuringALongReplyAndALongUploadFreezesNoRequest() throws Exception {
    HttpNode node = node().awaitReady();
    int port = Integer.parseInt(context().getProperty("larder.http.port"));
    for (int from = 0; from < PAGE; from += PAGE / 4) {
      String batch =
          Tasks.batch("long", from, PAGE / 4).replace("Los", "Los".repeat(LONG_TEXT / 3));
      assertEquals(202, node.post(TASKS + "/batch", batch).statusCode());
    }
    assertEquals(PAGE, node.storedTasks("long"));
    String upload = Tasks.batch("upload", 0, PAGE);
    try (SlowClient reader =
            SlowClient.getting(port, TASKS + "?session_id=long&page_size=" + PAGE);
        SlowClient writer = SlowClient.posting(port, TASKS + "/batch", upload)) {
      Writers others = Writers.start(node, "others", WRITERS);
      Path plugin = drop();
      try {
        awaitStatus(node, VisitorPlugin.HELLO, 200);
        ServiceRegistration<?> guest = addGuest("visitor");
        awaitStatus(node, VisitorPlugin.Guest.PATH, 200);
        answers(node, others);
        guest.unregister();
        awaitStatus(node, VisitorPlugin.Guest.PATH, 404);
        awaitStatus(node, VisitorPlugin.HELLO, 200);
      } finally {
        Files.delete(plugin);
      }
      awaitStatus(node, VisitorPlugin.HELLO, 404);
      answers(node, others);
      dropAgain(installed("org.larder.storage-sqlite"));
      awaitFollowed(node);
      answers(node, others);
      ServiceRegistration<?> guest = addGuest("translation");
      answers(node, others);
      int accepted = others.stop();
      assertEquals("All writes are acknowledged all along", Map.of(), others.refused());
      assertEquals(accepted, node.storedTasks("others"));
      writer.sendTheRest();
      assertEquals(202, writer.status());
      assertTrue(reader.readTheRest() > (long) PAGE * LONG_TEXT);
      awaitStatus(node, OUR_GUEST, 200);
      guest.unregister();
      awaitStatus(node, OUR_GUEST, 404);
    }
    assertEquals(PAGE, node.storedTasks("upload"));
  }

  private static Path drop() throws IOException {
    byte[] jar =
        PluginJar.of(
            "visitor",
            Map.of(
                "Bundle-Activator",
                VisitorPlugin.class.getName(),
                "Import-Package",
                "org.osgi.framework,jakarta.ws.rs,jakarta.ws.rs.core"),
            VisitorPlugin.class,
            VisitorPlugin.VisitorApplication.class,
            VisitorPlugin.Hello.class);
    return PluginJar.drop(jar, Path.of(context().getProperty("larder.home"), "plugins"), "visitor");
  }

  /** A resource of another bundle, for an application. */
  private static ServiceRegistration<?> addGuest(String application) {
    return context()
        .registerService(
            VisitorPlugin.Guest.class,
            new VisitorPlugin.Guest(),
            FrameworkUtil.asDictionary(
                Map.of(
                    "osgi.jakartars.resource",
                    true,
                    "osgi.jakartars.application.select",
                    "(osgi.jakartars.name=" + application + ")")));
  }

  private static void awaitStatus(HttpNode node, String path, int status) {
    assertTrue(
        path + " answers " + status,
        Waiting.until(PATIENCE, () -> node.get(path).statusCode() == status));
  }

  /** Every application goes on, also the one with the long calls. */
  private static void answers(HttpNode node, Writers others) throws Exception {
    others.awaitMore(BATCHES_BETWEEN);
    for (String path :
        new String[] {
          TASKS + "/long-1", "/api/v1/translation/stats", "/health", "/api/v1/admin/routes"
        }) {
      assertEquals(path, 200, node.get(path).statusCode());
    }
  }
}
