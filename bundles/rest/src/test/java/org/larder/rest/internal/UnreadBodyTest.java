package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Filter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.rest.RestApplication;
import org.larder.rest.testing.TestServer;
import org.larder.storage.model.Limits;

class UnreadBodyTest {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int WHILE_MILLIS = 100;

  /** Reads one type of body only, and that not at all. */
  @Path("notes")
  public static final class Notes {
    @POST
    @Consumes("application/json")
    public String post() {
      return "taken";
    }

    /** Reads as much as is wanted. */
    @POST
    @Path("{bytes}")
    @Consumes("application/json")
    public String post(@PathParam("bytes") int bytes, InputStream body) throws IOException {
      return new String(body.readNBytes(bytes), StandardCharsets.UTF_8);
    }
  }

  /** Open to everybody. */
  @Path("health")
  public static final class Health {
    @GET
    public String get() {
      return "up";
    }
  }

  private static final class NotesApplication extends RestApplication {
    NotesApplication() {
      serve(new Notes(), new Health());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST /notes, application/json, 200",
    "POST /notes, text/plain, 415",
    "POST /notes, application/x-www-form-urlencoded, 415",
    "PUT /notes, application/json, 405",
    "POST /nothing, application/json, 404",
  })
  void restOfBodyIsAwaitedSoThatTheConnectionLives(String call, String type, int status)
      throws IOException {
    try (TestServer server = new TestServer("/", new NotesApplication());
        Caller caller = new Caller(server)) {
      caller.send(call, "Content-Type: " + type, "Content-Length: 10");
      caller.send("0123");
      caller.expectsNothingYet();
      caller.send("456789");
      assertThat(caller.reply()).startsWith("HTTP/1.1 " + status).doesNotContain("close");
      caller.send("POST /notes", "Content-Type: application/json", "Content-Length: 2");
      caller.send("{}");
      assertThat(caller.reply()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void replySaysThatItIsTheLastWhereTheBodyIsNotAskedFor() throws IOException {
    assertLast("Content-Type: text/plain", "Content-Length: 10", "Expect: 100-continue");
  }

  @Test
  void replySaysThatItIsTheLastWhereThereIsTooMuchToRead() throws IOException {
    String length = "Content-Length: " + (Limits.REQUEST_BYTES + 1);
    assertLast("Content-Type: text/plain", length);
  }

  @Test
  void replyThatDidWithoutTheBodySaysThatItIsTheLast() throws IOException {
    try (TestServer server = new TestServer("/", new NotesApplication());
        Caller caller = new Caller(server)) {
      caller.send(
          "POST /notes",
          "Content-Type: application/json",
          "Content-Length: 10",
          "Expect: 100-continue");
      assertThat(caller.reply()).startsWith("HTTP/1.1 200").contains("Connection: close");
      caller.expectsEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10, 11})
  void connectionLivesWhereTheBodyWasAskedFor(int bytes) throws IOException {
    try (TestServer server = new TestServer("/", new NotesApplication());
        Caller caller = new Caller(server)) {
      for (int i = 0; i < 2; i++) {
        caller.send(
            "POST /notes/" + bytes,
            "Content-Type: application/json",
            "Content-Length: 10",
            "Expect: 100-continue");
        assertThat(caller.reply()).startsWith("HTTP/1.1 100");
        caller.send("0123456789");
        assertThat(caller.reply()).startsWith("HTTP/1.1 200").doesNotContain("close");
      }
    }
  }

  private static void assertLast(String... headers) throws IOException {
    try (TestServer server = new TestServer("/", new NotesApplication());
        Caller caller = new Caller(server)) {
      caller.send("POST /notes", headers);
      assertThat(caller.reply()).startsWith("HTTP/1.1 415").contains("Connection: close");
      caller.expectsEnd();
    }
  }

  @ParameterizedTest
  @CsvSource({"/notes, 401", "/health, 405", "/health/live, 404"})
  void bodyOfAStrangerIsNotAwaited(String path, int status) throws IOException {
    Filter keys = new ApiKeyFilter(Map.of("key.one", "writer:" + "0".repeat(64)));
    try (TestServer server = new TestServer("/", new NotesApplication(), keys);
        Caller caller = new Caller(server)) {
      caller.send("POST " + path, "Content-Type: application/json", "Content-Length: 10");
      assertThat(caller.reply()).startsWith("HTTP/1.1 " + status).contains("Connection: close");
      caller.expectsEnd();
    }
  }

  /** A client that sends a request piece by piece. */
  private static final class Caller implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Caller(TestServer server) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.uri("/").getPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    }

    void send(String call, String... headers) throws IOException {
      send(call + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }

    void expectsNothingYet() throws IOException {
      socket.setSoTimeout(WHILE_MILLIS);
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void expectsEnd() throws IOException {
      assertThat(in.read()).isEqualTo(-1);
    }

    /** Status line and headers of a reply whose body is passed over. */
    String reply() throws IOException {
      StringBuilder head = new StringBuilder();
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        head.append(line).append('\n');
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        }
      }
      assertThat(in.readNBytes(length)).hasSize(length);
      return head.toString();
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        assertThat(c).as("the reply goes on").isNotNegative();
        line.append((char) c);
      }
      return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
