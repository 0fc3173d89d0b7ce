package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.larder.storage.spi.StorageException;

/**
 * Says that this instance has the database and no other one, in this process or another. A file of
 * its own, since opening and closing the database's file from Java would drop SQLite's own locks.
 * For one thread at a time.
 */
final class StoreLock implements AutoCloseable {
  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, or says at once that another has it.
   *
   * @throws StorageException RETRY while another instance has the lock
   */
  static StoreLock take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      FileLock lock = channel.tryLock();
      taken = lock != null;
    } catch (OverlappingFileLockException e) {
      // The instance that has it lives in this process, say before an update of the bundle.
      throw held(file, e);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
    if (!taken) {
      throw held(file, null);
    }
    return new StoreLock(channel);
  }

  private static StorageException held(Path file, Throwable cause) {
    return new StorageException(
        RETRY,
        "STORE_LOCKED",
        "Another instance still has the database (" + file.getFileName() + ")",
        cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
