package org.larder.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that stops in the middle of a request or of its reply. Used by one thread. */
final class SlowClient implements AutoCloseable {
  private static final int SMALL_BUFFER_BYTES = 4096;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Socket socket = new Socket();
  private final byte[] body;
  private final int held;

  private SlowClient(int port, String head, byte[] body, int held) throws IOException {
    this.body = body;
    this.held = held;
    socket.setReceiveBufferSize(SMALL_BUFFER_BYTES);
    socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body, 0, body.length - held);
    socket.getOutputStream().flush();
  }

  /** Sends a request, less the second half of its body. */
  static SlowClient posting(int port, String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: slow\r\nConnection: close\r\nContent-Type: application/json\r\n"
                .formatted(path)
            + "Content-Length: %d\r\n\r\n".formatted(body.length);
    return new SlowClient(port, head, body, body.length / 2);
  }

  /** Asks, and reads no more of the reply than its status. */
  static SlowClient getting(int port, String path) throws IOException {
    String head = "GET %s HTTP/1.1\r\nHost: slow\r\nConnection: close\r\n\r\n".formatted(path);
    SlowClient client = new SlowClient(port, head, new byte[0], 0);
    client.status();
    return client;
  }

  /** Sends what was held back. */
  void sendTheRest() throws IOException {
    socket.getOutputStream().write(body, body.length - held, held);
    socket.getOutputStream().flush();
  }

  /** Reads the status of the reply. */
  int status() throws IOException {
    byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    String line = new String(start, StandardCharsets.US_ASCII);
    return Integer.parseInt(line.substring(line.indexOf(' ') + 1));
  }

  /** Reads the rest of the reply to its end; says how many bytes it had. */
  long readTheRest() throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
