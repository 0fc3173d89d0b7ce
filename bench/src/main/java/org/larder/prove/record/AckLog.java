package org.larder.prove.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The append-only record of what was sent and what was acknowledged, a line each. Free for any
 * thread; an acknowledgement is on the disk when its call returns, and calls that come together
 * share one force.
 *
 * <pre>
 * sent FIRST COUNT VERSION      before a request leaves
 * kept FIRST COUNT VERSION      it was answered with 202
 * deleting SESSION              before a deletion leaves
 * deleted SESSION               it was answered as done
 * </pre>
 */
public final class AckLog implements Closeable {
  private final FileChannel channel;
  private final Object forcing = new Object();
  private long written;
  private long forced;

  /** Begins a new file. */
  public AckLog(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Tasks of one request are about to be sent in that version. */
  public void sent(long first, int count, int version) throws IOException {
    append("sent " + first + " " + count + " " + version);
  }

  /** That request was acknowledged. */
  public void kept(long first, int count, int version) throws IOException {
    force(append("kept " + first + " " + count + " " + version));
  }

  /** A session is about to be deleted with its tasks. */
  public void deleting(long session) throws IOException {
    append("deleting " + session);
  }

  /** The session was deleted. */
  public void deleted(long session) throws IOException {
    force(append("deleted " + session));
  }

  private synchronized long append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return ++written;
  }

  private synchronized long written() {
    return written;
  }

  private void force(long line) throws IOException {
    synchronized (forcing) {
      if (forced < line) {
        long end = written();
        channel.force(false);
        forced = end;
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
