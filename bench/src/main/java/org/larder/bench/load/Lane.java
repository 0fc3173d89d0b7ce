package org.larder.bench.load;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.larder.bench.http.ReplyParser;

/** One connection of a load, with at most one request under way; for the load's thread. */
final class Lane implements Closeable {
  private static final byte[] ACCEPTED =
      "\"status\":\"accepted\"".getBytes(StandardCharsets.US_ASCII);
  private static final int ACCEPTED_WITHIN = 512;
  private static final long NOT_PAUSED = Long.MAX_VALUE;

  final int number;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ReplyParser parser = new ReplyParser();
  private ByteBuffer request;
  private boolean underWay;
  private long intendedNanos;
  private long begunNanos;
  private long resumeNanos = NOT_PAUSED;

  Lane(int number, InetSocketAddress address, Selector selector) throws IOException {
    this.number = number;
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  void begin(ByteBuffer next, long intended) {
    request = next;
    intendedNanos = intended;
    start();
  }

  /** Sends the request that was refused once more; it is still as late as it is. */
  void again() {
    request.rewind();
    start();
  }

  private void start() {
    begunNanos = System.nanoTime();
    resumeNanos = NOT_PAUSED;
    underWay = true;
    parser.reset();
  }

  /** Writes and reads what can be without waiting; true once the reply is complete. */
  boolean advance(ByteBuffer input) throws IOException {
    if (!underWay) {
      throw new EOFException("the node closed an idle connection");
    }
    if (request.hasRemaining()) {
      channel.write(request);
      key.interestOps(
          request.hasRemaining()
              ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
              : SelectionKey.OP_READ);
    }
    while (true) {
      int count = channel.read(input.clear());
      if (count < 0) {
        throw new EOFException("the node closed the connection instead of answering");
      }
      if (count == 0) {
        return false;
      }
      if (parser.accept(input.flip())) {
        underWay = false;
        return true;
      }
    }
  }

  boolean isGood(Requests requests) {
    return requests.isGood(parser.status(), parser.bodyBegins(ACCEPTED, ACCEPTED_WITHIN));
  }

  int status() {
    return parser.status();
  }

  String describe() {
    return parser.status() + " " + new String(parser.body(), StandardCharsets.UTF_8);
  }

  long intendedNanos() {
    return intendedNanos;
  }

  /** Waits as long as the node asked for, a second at most. */
  void pause(long now) {
    resumeNanos = now + TimeUnit.SECONDS.toNanos(Math.min(1, parser.retryAfterSeconds()));
  }

  /** Whether its request was refused and waits to be sent again. */
  boolean isPaused() {
    return resumeNanos != NOT_PAUSED;
  }

  /** When a refused request is to be sent again. */
  long resumeNanos() {
    return resumeNanos;
  }

  /** Forgets a refused request. */
  void giveUp() {
    resumeNanos = NOT_PAUSED;
  }

  boolean isOverdue(long latestStart) {
    return underWay && begunNanos < latestStart;
  }

  @Override
  public void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
