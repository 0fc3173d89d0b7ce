package org.larder.prove.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.larder.bench.http.Connection;
import org.larder.bench.http.Reply;

/** A connection that is made anew whenever it broke; for one thread. */
final class Sender implements Closeable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final IntSupplier port;
  private Optional<Connection> connection = Optional.empty();
  private String trouble = "";

  Sender(IntSupplier port) {
    this.port = port;
  }

  /** The reply, or nothing if there was none; {@link #trouble} says why then. */
  Optional<Reply> exchange(byte[] request) throws IOException {
    if (connection.isEmpty()) {
      connection = Optional.of(new Connection(port.getAsInt(), TIMEOUT));
    }
    try {
      return Optional.of(connection.get().exchange(request));
    } catch (IOException e) {
      trouble = e.getClass().getSimpleName() + " " + e.getMessage();
      close();
      return Optional.empty();
    }
  }

  /** Why there was no reply the last time. */
  String trouble() {
    return trouble;
  }

  /** Whether a reply means that the same request will be taken later. */
  static boolean isRefusal(Reply reply) {
    return reply.status() == 429 || reply.status() == 503 || reply.status() == 507;
  }

  /** The status and the code of a problem. */
  static String describe(Reply reply) throws IOException {
    if (!reply.text().startsWith("{")) {
      return reply.status() + " " + reply.text().lines().findFirst().orElse("");
    }
    JsonNode body = reply.json();
    String what = body.path("code").asText(body.path("status").asText());
    return reply.status() + " " + what;
  }

  @Override
  public void close() throws IOException {
    Optional<Connection> closing = connection;
    connection = Optional.empty();
    if (closing.isPresent()) {
      closing.get().close();
    }
  }
}
