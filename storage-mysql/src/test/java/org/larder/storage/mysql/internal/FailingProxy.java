package org.larder.storage.mysql.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a backend and its server and loses one connection, in the middle of its n-th
 * request or, every other time, of the answer to it; turns away all but the first connections; or
 * leads to another server from some moment on. One thread accepts, two carry each connection.
 */
final class FailingProxy implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final ServerSocket listener;
  private volatile int serverPort;
  private final int nth;
  private final int admitted;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  FailingProxy(int serverPort, int nth) throws IOException {
    this(serverPort, nth, Integer.MAX_VALUE);
  }

  private FailingProxy(int serverPort, int nth, int admitted) throws IOException {
    this.serverPort = serverPort;
    this.nth = nth;
    this.admitted = admitted;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    run(this::accept);
  }

  /** Loses none of the first connections, and turns the others away. */
  static FailingProxy admitting(int connections, int serverPort) throws IOException {
    return new FailingProxy(serverPort, 0, connections);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many were turned away. */
  int turnedAway() {
    return Math.max(0, connections.get() - admitted);
  }

  /** Connections that are made from now on lead to another server. */
  void leadTo(int otherPort) {
    serverPort = otherPort;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (SocketException e) {
                // One of the ends is gone, which is what this class is for.
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "failing-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      if (connections.incrementAndGet() > admitted) {
        client.close();
        continue;
      }
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      sockets.add(client);
      sockets.add(server);
      run(() -> carry(client, server, true));
      run(() -> carry(server, client, false));
    }
  }

  private void carry(Socket from, Socket to, boolean requesting) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream source = from.getInputStream();
      OutputStream target = to.getOutputStream();
      for (int read = source.read(chunk); read >= 0; read = source.read(chunk)) {
        boolean fails = requesting && requests.incrementAndGet() == nth;
        if (!fails || nth % 2 == 0) {
          target.write(chunk, 0, read);
          target.flush();
        }
        if (fails) {
          return;
        }
      }
    } finally {
      from.close();
      to.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
