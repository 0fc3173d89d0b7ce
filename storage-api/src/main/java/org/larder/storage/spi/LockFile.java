package org.larder.storage.spi;

import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says who may use what only one may use at a time, say the files of a store: a file that the
 * operating system keeps locked for its owner, however that process ends. It serves between
 * processes, and between two versions of one bundle in the same process. Free for any thread.
 *
 * <p>A process loses its locks on a file with the first descriptor of that file that it closes,
 * whichever took them; so a file that somebody in this process has is not even opened. Who has what
 * is noted in the system properties, which all class loaders share. A lock that nobody can give up
 * any more, since nobody refers to it, is given up when the next one asks.
 */
public final class LockFile implements AutoCloseable {
  private static final String HELD = "org.larder.lock ";
  private static final ReferenceQueue<LockFile> FORGOTTEN = new ReferenceQueue<>();
  private static final Set<Held> ALL = ConcurrentHashMap.newKeySet();

  private final Held held;

  private LockFile(FileChannel channel, String name) {
    held = new Held(this, channel, name);
    ALL.add(held);
  }

  /** Outlives the lock, so that the channel is never closed by anybody else. */
  private static final class Held extends PhantomReference<LockFile> {
    private final FileChannel channel;
    private final String name;

    Held(LockFile lock, FileChannel channel, String name) {
      super(lock, FORGOTTEN);
      this.channel = channel;
      this.name = name;
    }

    void giveUp() throws IOException {
      if (ALL.remove(this)) {
        try {
          channel.close();
        } finally {
          System.clearProperty(name);
        }
      }
    }
  }

  /**
   * Takes a file, which is made if it is not there, or says at once that somebody else has it.
   *
   * @param file in a folder that exists; nobody may open it but through this class
   * @return empty if it is taken, in this process or another one
   * @throws IOException if the file cannot be opened or locked; then nobody was given it
   */
  public static Optional<LockFile> tryTake(Path file) throws IOException {
    for (Reference<?> left = FORGOTTEN.poll(); left != null; left = FORGOTTEN.poll()) {
      ((Held) left).giveUp();
    }
    String name = nameOf(file);
    if (System.getProperties().putIfAbsent(name, "") != null) {
      return Optional.empty();
    }
    Optional<LockFile> taken = Optional.empty();
    try {
      taken = lock(file, name);
      return taken;
    } finally {
      if (taken.isEmpty()) {
        System.clearProperty(name);
      }
    }
  }

  private static Optional<LockFile> lock(Path file, String name) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      FileLock lock = channel.tryLock();
      taken = lock != null;
      return taken ? Optional.of(new LockFile(channel, name)) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      throw new IOException(file.getFileName() + " was locked past the rules of this process", e);
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

  /** Gives the file up; once more changes nothing. */
  @Override
  public void close() throws IOException {
    held.giveUp();
  }
}
