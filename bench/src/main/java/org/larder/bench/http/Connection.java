package org.larder.bench.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One blocking keep-alive connection to a node on this machine; for one thread. */
public final class Connection implements Closeable {
  private final int port;
  private final Duration timeout;
  private final ReplyParser parser = new ReplyParser();
  private final byte[] buffer = new byte[64 * 1024];
  private Socket socket;

  /** Connects with the first request. */
  public Connection(int port, Duration timeout) {
    this.port = port;
    this.timeout = timeout;
  }

  /** The bytes of a GET. */
  public static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The bytes of a DELETE. */
  public static byte[] delete(String path) {
    return ("DELETE " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The head of a POST whose body has that length. */
  public static byte[] postHead(String path, String contentType, int length) {
    return ("POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            + contentType
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Posts a JSON body. */
  public Reply post(String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] head = postHead(path, "application/json", body.length);
    return exchange(ByteBuffer.allocate(head.length + body.length).put(head).put(body).array());
  }

  /** Sends a whole request and waits for its reply; nothing is sent twice. */
  public Reply exchange(byte[] request) throws IOException {
    boolean complete = false;
    try {
      if (socket == null) {
        connect();
      }
      socket.getOutputStream().write(request);
      parser.reset();
      InputStream in = socket.getInputStream();
      do {
        int count = in.read(buffer);
        if (count < 0) {
          throw new EOFException("the node closed the connection instead of answering");
        }
        complete = parser.accept(ByteBuffer.wrap(buffer, 0, count));
      } while (!complete);
      return Reply.of(parser);
    } finally {
      if (!complete || parser.isClosing()) {
        close();
      }
    }
  }

  private void connect() throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) timeout.toMillis());
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) timeout.toMillis());
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      Socket closing = socket;
      socket = null;
      closing.close();
    }
  }
}
