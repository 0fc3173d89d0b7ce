package org.larder.runtime;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as its clients see it; free for any thread. */
final class HttpNode {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PAGE = 1000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  HttpNode(int port) {
    address = "http://127.0.0.1:" + port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address + path)));
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address + path)).DELETE());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until the node says that it is ready. */
  HttpNode awaitReady() {
    boolean ready =
        Waiting.until(
            PATIENCE,
            () -> {
              try {
                return get("/health/ready").statusCode() == 200;
              } catch (IOException e) {
                return false;
              }
            });
    if (!ready) {
      throw new AssertionError("Not ready after " + PATIENCE);
    }
    return this;
  }

  /** The tasks of a session that are stored, as a list counts them. */
  long storedTasks(String session) throws IOException, InterruptedException {
    HttpResponse<String> flushed = post("/api/v1/translation/flush", "");
    if (flushed.statusCode() != 200) {
      throw new AssertionError("Not flushed: " + flushed.body());
    }
    return number(
        "total", get("/api/v1/translation/tasks?page_size=1&session_id=" + session).body());
  }

  /** All tasks of a session in order, as a backend has them; fails if it has another number. */
  String contents(String session, String source, long count)
      throws IOException, InterruptedException {
    if (storedTasks(session) != count) {
      throw new AssertionError(storedTasks(session) + " tasks of " + session + ", not " + count);
    }
    StringBuilder contents = new StringBuilder();
    for (int page = 1; (page - 1L) * PAGE < count; page++) {
      HttpResponse<String> reply =
          get(
              "/api/v1/translation/tasks?session_id=%s&page_size=%d&page=%d"
                  .formatted(session, PAGE, page));
      if (reply.statusCode() != 200 || !source(reply).equals(source)) {
        throw new AssertionError(reply.statusCode() + " by " + source(reply) + reply.body());
      }
      contents.append(reply.body()).append('\n');
    }
    return contents.toString();
  }

  /** The backend that answered. */
  static String source(HttpResponse<String> reply) {
    return reply.headers().firstValue("X-Larder-Source").orElse("none");
  }

  /** The number that a field of a JSON text holds, where it stands first. */
  static long number(String field, String json) {
    return Long.parseLong(find("\"" + field + "\":(\\d+)", json));
  }

  /** The word that a field of a JSON text holds, where it stands first. */
  static String text(String field, String json) {
    return find("\"" + field + "\":\"(\\w+)\"", json);
  }

  private static String find(String pattern, String json) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    if (!matcher.find()) {
      throw new AssertionError("No " + pattern + " in " + json);
    }
    return matcher.group(1);
  }
}
