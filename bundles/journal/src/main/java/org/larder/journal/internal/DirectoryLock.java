package org.larder.journal.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says who has a directory, within this process and between processes; free for any thread. A
 * process loses its locks on a file with the first descriptor of that file that it closes,
 * whichever took them; so a file that somebody in this process has is not even opened.
 */
final class DirectoryLock implements Closeable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final Path name;

  private DirectoryLock(FileChannel channel, Path name) {
    this.channel = channel;
    this.name = name;
  }

  /** Takes the lock of a directory that exists; empty if somebody has it. */
  static Optional<DirectoryLock> tryTake(Path file) throws IOException {
    Path name = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    if (!HELD.add(name)) {
      return Optional.empty();
    }
    Optional<DirectoryLock> taken = Optional.empty();
    try {
      taken = lock(file, name);
      return taken;
    } finally {
      if (taken.isEmpty()) {
        HELD.remove(name);
      }
    }
  }

  private static Optional<DirectoryLock> lock(Path file, Path name) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      FileLock lock = channel.tryLock();
      taken = lock != null;
      return taken ? Optional.of(new DirectoryLock(channel, name)) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      throw new IOException(file + " was locked past the rules of this process", e);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try {
        channel.close();
      } finally {
        HELD.remove(name);
      }
    }
  }
}
