package org.larder.prove.mischief;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** A file that takes all the room there is on a small disk; for one thread. */
final class Ballast implements Closeable {
  private static final int PAGE = 4096;
  private static final int LARGE = 256 * PAGE;

  /** Nobody's real disk is filled by mistake. */
  private static final long LARGEST_DISK = 8L << 30;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(LARGE);

  Ballast(Path file) throws IOException {
    FileStore store = Files.getFileStore(file.getParent());
    if (store.getTotalSpace() > LARGEST_DISK) {
      throw new IOException("will not fill a disk of " + store.getTotalSpace() + " bytes");
    }
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Takes what room is left, down to the last page. */
  void fill() {
    for (int size = LARGE; size >= PAGE; size /= 4) {
      boolean room = true;
      while (room) {
        room = take(size);
      }
    }
  }

  private boolean take(int size) {
    zeros.position(0).limit(size);
    try {
      return channel.write(zeros) == size;
    } catch (IOException e) {
      return false; // No space left on the device, which is what is wanted.
    }
  }

  /** Gives the room back. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.delete(file);
    }
  }

  /** Closes each of them, also when closing another fails. */
  static void closeAll(List<? extends Closeable> all) throws IOException {
    Optional<IOException> failure = Optional.empty();
    for (Closeable each : all) {
      try {
        each.close();
      } catch (IOException e) {
        failure.ifPresent(e::addSuppressed);
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
