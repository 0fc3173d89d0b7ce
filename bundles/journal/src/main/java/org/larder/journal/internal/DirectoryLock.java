package org.larder.journal.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Says who has a directory, between processes and between two versions of one bundle in the same
 * process; free for any thread. A process loses its locks on a file with the first descriptor of
 * that file that it closes, whichever took them; so a file that somebody in this process has is not
 * even opened. Who has what is noted in the system properties, which all class loaders share.
 */
final class DirectoryLock implements Closeable {
  private static final String HELD = "org.larder.lock ";

  private final FileChannel channel;
  private final String name;

  private DirectoryLock(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  /** Takes the lock of a directory that exists; empty if somebody has it. */
  static Optional<DirectoryLock> tryTake(Path file) throws IOException {
    String name = nameOf(file);
    if (System.getProperties().putIfAbsent(name, "") != null) {
      return Optional.empty();
    }
    Optional<DirectoryLock> taken = Optional.empty();
    try {
      taken = lock(file, name);
      return taken;
    } finally {
      if (taken.isEmpty()) {
        System.clearProperty(name);
      }
    }
  }

  private static Optional<DirectoryLock> lock(Path file, String name) throws IOException {
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

  /** The same for all paths to a file: the folder as the file system knows it, and the name. */
  private static String nameOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return HELD + (key == null ? folder.toRealPath() : key) + " " + file.getFileName();
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try {
        channel.close();
      } finally {
        System.clearProperty(name);
      }
    }
  }
}
