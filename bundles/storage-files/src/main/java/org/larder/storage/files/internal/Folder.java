package org.larder.storage.files.internal;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.larder.storage.blob.BlobException;
import org.larder.storage.spi.LockFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a store: its lock, its temporary files, and what makes names durable. Objects are
 * under it by their names, all else is in {@code .larder}, which is no name. {@link #makeParents}
 * and {@link #removeEmptyParents} are called under the store's lock, the rest by any thread.
 */
final class Folder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
  private static final int MOST_REMEMBERED = 10_000;

  private final Path root;
  private final Path temporary;
  private final LockFile lock;
  private final FileNames names;
  private final Hashes hashes;
  private final Disk disk;

  /** Folders that are durable; of the others an earlier run may have forced none. */
  private final Set<Path> durable = new HashSet<>();

  private Folder(Path root, Path temporary, LockFile lock, Disk disk) throws IOException {
    this.root = root;
    this.temporary = temporary;
    this.lock = lock;
    this.disk = disk;
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
  static Folder take(Path root, Disk disk) throws IOException {
    Path own = root.resolve(".larder");
    Path temporary = own.resolve("tmp");
    Files.createDirectories(temporary);
    LockFile lock = lock(own.resolve("lock"), root);
    boolean taken = false;
    try {
      clear(temporary);
      Folder folder = new Folder(root, temporary, lock, disk);
      disk.forceFolder(own);
      disk.forceFolder(root);
      taken = true;
      return folder;
    } finally {
      if (!taken) {
        lock.close();
      }
    }
  }

  private static LockFile lock(Path file, Path root) throws IOException {
    return LockFile.tryTake(file)
        .orElseThrow(
            () ->
                new BlobException(
                    BlobException.LOCKED,
                    "Another store still has the folder " + root.getFileName()));
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

  /** True if a folder above a file is a link: what is behind it is not in the store. */
  boolean isBehindLink(Path file) {
    Path folder = file.getParent();
    while (!folder.equals(root)) {
      if (Files.isSymbolicLink(folder)) {
        return true;
      }
      folder = folder.getParent();
    }
    return false;
  }

  /** Refuses to go on with a file that is not in the store. */
  void refuseBehindLink(Path file) throws BlobException {
    if (isBehindLink(file)) {
      throw notAFolder(root.relativize(file.getParent()));
    }
  }

  private static BlobException notAFolder(Path folder) {
    return new BlobException(
        BlobException.UNAVAILABLE,
        folder
            + " in the folder of the store is, or is behind, a link or another program's file;"
            + " nothing is written there. Remove it");
  }

  /** Makes the folders above a file; each is durable when this returns. */
  void makeParents(Path file) throws IOException {
    refuseBehindLink(file);
    Deque<Path> unsure = new ArrayDeque<>();
    Path folder = file.getParent();
    while (!folder.equals(root) && !(durable.contains(folder) && isFolder(folder))) {
      unsure.push(folder);
      folder = folder.getParent();
    }
    for (Path each : unsure) {
      make(each);
      disk.forceFolder(each);
      disk.forceFolder(each.getParent());
      if (durable.size() >= MOST_REMEMBERED) {
        durable.clear();
      }
      durable.add(each);
    }
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!isFolder(folder)) {
        throw notAFolder(root.relativize(folder));
      }
    }
  }

  /** Removes the folders above a file as far as they are empty. */
  void removeEmptyParents(Path file) throws IOException {
    Path folder = file.getParent();
    while (!folder.equals(root)) {
      try {
        Files.delete(folder);
        durable.remove(folder);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        return;
      }
      folder = folder.getParent();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
