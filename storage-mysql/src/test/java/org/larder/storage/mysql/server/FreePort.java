package org.larder.storage.mysql.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/** Ports for servers that are stopped and started again, as those of tests and proofs are. */
public final class FreePort {
  /** Below the ports that connections are given, so that none of them takes a stopped server's. */
  private static final int LOWEST = 20_000;

  private static final int COUNT = 12_000;
  private static final int ATTEMPTS = 100;

  private FreePort() {}

  /** A port of this machine that nobody listens on now. */
  public static int find() throws IOException {
    SplittableRandom random = new SplittableRandom();
    IOException last = new IOException();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = LOWEST + random.nextInt(COUNT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e; // Somebody has it.
      }
    }
    throw new IOException("found no free port", last);
  }
}
