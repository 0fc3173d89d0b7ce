package org.larder.storage.files.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.larder.storage.blob.BlobException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a store: its lock, its temporary files, and what makes names durable. Objects are
 * under it by their names, all else is in {@code .larder}, which is no name. {@link #makeParents}
 * and {@link #removeEmptyParents} are called under the store's lock, the rest by any thread.
 */
final class Folder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

  private final Path root;
  private final Path temporary;
  private final FileChannel lock;
  private final FileNames names;
  private final Hashes hashes;

  private Folder(Path root, Path temporary, FileChannel lock) throws IOException {
    this.root = root;
    this.temporary = temporary;
    this.lock = lock;
    Path probe = Files.createFile(temporary.resolve("probe-" + UUID.randomUUID()));
    names = new FileNames(Files.exists(probe.resolveSibling(capitals(probe))));
    hashes = Hashes.probe(probe);
    Files.delete(probe);
    if (!hashes.attributes()) {
      LOG.warn("{} has no file attributes: hashes are found by reading whole objects", root);
    }
  }

  private static String capitals(Path probe) {
    return probe.getFileName().toString().replace("probe", "PROBE");
  }

  /** Takes the folder, which is made if it is not there, and clears what a crash left behind. */
  static Folder take(Path root) throws IOException {
    Path own = root.resolve(".larder");
    Path temporary = own.resolve("tmp");
    Files.createDirectories(temporary);
    FileChannel lock =
        FileChannel.open(own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      lock(lock, root);
      clear(temporary);
      Folder folder = new Folder(root, temporary, lock);
      force(own);
      force(root);
      taken = true;
      return folder;
    } finally {
      if (!taken) {
        lock.close();
      }
    }
  }

  private static void lock(FileChannel channel, Path root) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new BlobException(
          BlobException.LOCKED, "Another store still has the folder " + root.getFileName());
    }
  }

  private static void clear(Path temporary) throws IOException {
    List<Path> left;
    try (Stream<Path> files = Files.list(temporary)) {
      left = files.toList();
    }
    for (Path file : left) {
      Files.delete(file);
    }
    if (!left.isEmpty()) {
      LOG.info("Removed {} unfinished objects that the last run left behind", left.size());
    }
  }

  FileNames names() {
    return names;
  }

  Hashes hashes() {
    return hashes;
  }

  Path root() {
    return root;
  }

  /** The file of an object. */
  Path file(String name) {
    String[] segments = name.split("/", -1);
    Path path = root;
    for (int i = 0; i < segments.length - 1; i++) {
      path = path.resolve(names.folder(segments[i]));
    }
    return path.resolve(names.file(segments[segments.length - 1]));
  }

  /** A file that nobody else has; not there yet. */
  Path newTemporary() {
    return temporary.resolve(UUID.randomUUID().toString());
  }

  /** Makes the folders above a file; each is durable when this returns. */
  void makeParents(Path file) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path parent = file.getParent();
    for (; !Files.isDirectory(parent); parent = parent.getParent()) {
      missing.push(parent);
    }
    for (Path folder : missing) {
      Files.createDirectory(folder);
      force(folder.getParent());
    }
  }

  /** Removes the folders above a file as far as they are empty. */
  void removeEmptyParents(Path file) throws IOException {
    Path folder = file.getParent();
    while (!folder.equals(root)) {
      try {
        Files.delete(folder);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        return;
      }
      folder = folder.getParent();
    }
  }

  /** Makes durable what was renamed or removed in a folder; one that is gone needs nothing. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      Path parent = folder.getParent();
      if (parent != null) {
        force(parent);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
