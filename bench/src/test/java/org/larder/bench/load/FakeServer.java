package org.larder.bench.load;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server that answers whole requests as a test says; one thread accepts, one a connection. */
public final class FakeServer implements Closeable {
  private final ServerSocket server;
  private final Function<String, String> answer;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  final List<String> bodies = new CopyOnWriteArrayList<>();

  /** The function gets a request's body and gives the bytes of a reply, or null to hang up. */
  public FakeServer(Function<String, String> answer) throws IOException {
    this.answer = answer;
    server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    daemon(this::acceptAll);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** The bytes of a reply. */
  public static String reply(int status, String headers, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(status, headers, length, body);
  }

  /** What a node answers to a batch that it keeps. */
  public static String accepted() {
    return reply(202, "", "{\"status\":\"accepted\",\"count\":1}");
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      }
    } catch (IOException e) {
      return; // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String body = request(in);
        bodies.add(body);
        String reply = answer.apply(body);
        if (reply == null) {
          return;
        }
        out.write(reply.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      return; // The client has gone.
    }
  }

  private static String request(InputStream in) throws IOException {
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  private static void daemon(Runnable action) {
    Thread thread = new Thread(action, "fake-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
