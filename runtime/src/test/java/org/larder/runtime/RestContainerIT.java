package org.larder.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;

@RunWith(PaxExam.class)
public class RestContainerIT extends ContainerTestSupport {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TASKS = "/api/v1/translation/tasks";

  @Test
  public void whatIsPostedIsReadBack() throws Exception {
    HttpNode node = node().awaitReady();
    HttpResponse<String> accepted = node.post(TASKS + "/batch", Tasks.batch("round", 0, 250));
    assertEquals(accepted.body(), 202, accepted.statusCode());
    assertEquals(250, node.storedTasks("round"));
    HttpResponse<String> one = node.get(TASKS + "/round-7");
    assertEquals(200, one.statusCode());
    assertTrue(one.body(), one.body().contains("开始 7") && one.body().contains("Los 😀"));
  }

  @Test
  public void changedConfigurationIsLive() throws Exception {
    HttpNode node = node().awaitReady();
    Path file = Path.of(context().getProperty("larder.config"), "larder.buffer.cfg");
    String sample = Files.readString(file);
    Files.writeString(file, sample.replace("hold_followers = false", "hold_followers = true"));
    boolean held =
        Waiting.until(
            PATIENCE,
            () -> {
              node.post(TASKS + "/batch", Tasks.batch("live", 0, 1));
              return pending(node) > 0
                  && !Waiting.until(Duration.ofSeconds(1), () -> pending(node) == 0);
            });
    assertTrue("The follower was never held", held);
    Files.writeString(file, sample);
    assertTrue("Nothing drains again", Waiting.until(PATIENCE, () -> pending(node) == 0));
    assertEquals(1, node.storedTasks("live"));
  }

  private static long pending(HttpNode node) throws Exception {
    return HttpNode.number("total_count", node.get("/health").body());
  }
}
