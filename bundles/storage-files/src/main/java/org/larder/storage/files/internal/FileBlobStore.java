package org.larder.storage.files.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.storage.blob.BlobChecks;
import org.larder.storage.blob.BlobException;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobNames;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each object in a file of its own below a folder. Objects are written, hashed and forced
 * side by side by the threads that bring them; one lock is held for the moment in which a finished
 * file takes its name, or a name is taken away, and guards the counters.
 *
 * <p>The folder is taken, and what is in it counted, by the first call.
 */
public final class FileBlobStore implements QuotaBlobStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileBlobStore.class);
  private static final int BUFFER_BYTES = 64 << 10;

  private record Opened(Folder folder, Quota quota) {}

  private final FilesSettings settings;
  private final Disk disk;
  private final ReentrantLock lock = new ReentrantLock();
  private Opened opened;
  private boolean closed;

  FileBlobStore(FilesSettings settings) {
    this(settings, Disk.SYSTEM);
  }

  FileBlobStore(FilesSettings settings, Disk disk) {
    this.settings = settings;
    this.disk = disk;
  }

  /** A store without bounds, for programs outside a framework; closed by the caller. */
  public static FileBlobStore at(String name, Path folder) {
    return new FileBlobStore(new FilesSettings(name, folder, 0, 0));
  }

  private Opened ready() throws IOException {
    lock.lock();
    try {
      refuseIfClosed();
      if (opened == null) {
        opened = open();
      }
      return opened;
    } catch (IOException e) {
      throw explain(e);
    } finally {
      lock.unlock();
    }
  }

  private Opened open() throws IOException {
    Folder folder = Folder.take(settings.folder(), disk);
    boolean counted = false;
    try {
      Quota quota = new Quota(settings);
      FileTree.walk(
          folder,
          "",
          "",
          (name, attributes) -> {
            quota.add(attributes.size());
            return true;
          });
      counted = true;
      BlobUsage usage = quota.usage();
      LOG.info("{}: {} objects, {} bytes", settings.name(), usage.objects(), usage.bytes());
      return new Opened(folder, quota);
    } finally {
      if (!counted) {
        folder.close();
      }
    }
  }

  private void refuseIfClosed() throws BlobException {
    if (closed) {
      throw new BlobException(BlobException.STOPPING, "The store is stopping");
    }
  }

  @Override
  public void put(String name, Source source, String sha256, long length) throws IOException {
    BlobChecks.put(name, sha256, length);
    Opened store = ready();
    Path file = store.folder().file(name);
    store.folder().refuseBehindLink(file);
    if (holds(store, file, sha256, length)) {
      force(file);
      return;
    }
    checkQuota(store, file, length);
    Path temporary = store.folder().newTemporary();
    try {
      try (InputStream in = source.open();
          FileChannel channel = create(temporary)) {
        copy(in, channel, sha256, length);
        seal(store, temporary, channel, sha256);
      }
      publish(store, temporary, file, length);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static boolean holds(Opened store, Path file, String sha256, long length)
      throws BlobException {
    try {
      return length(store.folder(), file) == length
          && store.folder().hashes().kept(file).filter(sha256::equals).isPresent();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /** Refuses early what cannot fit; the decision is made once the object is complete. */
  private void checkQuota(Opened store, Path file, long length) throws BlobException {
    lock.lock();
    try {
      store.quota().check(length, length(store.folder(), file));
    } catch (IOException e) {
      throw explain(e);
    } finally {
      lock.unlock();
    }
  }

  private static FileChannel create(Path temporary) throws BlobException {
    try {
      return FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private void copy(InputStream in, FileChannel channel, String sha256, long length)
      throws IOException {
    MessageDigest digest = Hashes.digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      copied += count;
      if (copied > length) {
        break;
      }
      digest.update(buffer, 0, count);
      write(channel, ByteBuffer.wrap(buffer, 0, count));
    }
    BlobChecks.content(copied == length, Hashes.hex(digest), sha256);
  }

  private void write(FileChannel channel, ByteBuffer bytes) throws BlobException {
    try {
      disk.write(channel, bytes);
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private void seal(Opened store, Path temporary, FileChannel channel, String sha256)
      throws BlobException {
    try {
      store.folder().hashes().keep(temporary, sha256);
      disk.force(channel);
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private void publish(Opened store, Path temporary, Path file, long length) throws BlobException {
    lock.lock();
    try {
      // The folder may be another instance's by now.
      refuseIfClosed();
      long replaced = length(store.folder(), file);
      store.quota().check(length, replaced);
      store.folder().makeParents(file);
      disk.rename(temporary, file);
      if (replaced >= 0) {
        store.quota().remove(replaced);
      }
      store.quota().add(length);
    } catch (IOException e) {
      throw explain(e);
    } finally {
      lock.unlock();
    }
    force(file);
  }

  private void force(Path file) throws BlobException {
    try {
      disk.forceFolder(file.getParent());
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private static long length(Folder folder, Path file) throws IOException {
    return attributes(folder, file).map(BasicFileAttributes::size).orElse(-1L);
  }

  private static Optional<BasicFileAttributes> attributes(Folder folder, Path file)
      throws IOException {
    if (folder.isBehindLink(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
              Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
          .filter(BasicFileAttributes::isRegularFile);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<InputStream> open(String name, long offset, long length) throws IOException {
    BlobChecks.range(name, offset, length);
    Folder folder = ready().folder();
    Path file = folder.file(name);
    try {
      if (attributes(folder, file).isEmpty()) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      return Optional.of(stream(channel, offset, length));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private static InputStream stream(FileChannel channel, long offset, long length)
      throws IOException {
    boolean opened = false;
    try {
      InputStream stream = new RangeStream(channel, offset, length);
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  @Override
  public Optional<BlobInfo> stat(String name) throws IOException {
    BlobNames.check(name);
    Folder folder = ready().folder();
    Path file = folder.file(name);
    try {
      Optional<BasicFileAttributes> before = attributes(folder, file);
      while (before.isPresent()) {
        String sha256 = hash(folder, file);
        Optional<BasicFileAttributes> after = attributes(folder, file);
        if (after.isPresent() && isSame(before.get(), after.get())) {
          return Optional.of(info(name, before.get(), sha256));
        }
        before = after;
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private static String hash(Folder folder, Path file) throws IOException {
    Optional<String> kept = folder.hashes().kept(file);
    return kept.isPresent() ? kept.get() : Hashes.compute(file);
  }

  private static boolean isSame(BasicFileAttributes before, BasicFileAttributes after) {
    return before.size() == after.size()
        && before.lastModifiedTime().equals(after.lastModifiedTime());
  }

  private static BlobInfo info(String name, BasicFileAttributes attributes, String sha256) {
    return new BlobInfo(name, attributes.size(), sha256, attributes.lastModifiedTime().toInstant());
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) throws IOException {
    BlobChecks.page(prefix, after, limit);
    Folder folder = ready().folder();
    List<BlobInfo> page = new ArrayList<>();
    try {
      FileTree.walk(
          folder,
          prefix,
          after,
          (name, attributes) -> {
            page.add(info(name, attributes, ""));
            return page.size() < limit;
          });
    } catch (IOException e) {
      throw explain(e);
    }
    return page;
  }

  @Override
  public boolean delete(String name) throws IOException {
    BlobNames.check(name);
    Opened store = ready();
    Path file = store.folder().file(name);
    boolean there;
    lock.lock();
    try {
      refuseIfClosed();
      long length = length(store.folder(), file);
      there = length >= 0;
      if (there) {
        Files.delete(file);
        store.quota().remove(length);
        store.folder().removeEmptyParents(file);
      }
    } catch (IOException e) {
      throw explain(e);
    } finally {
      lock.unlock();
    }
    // Where nothing is, an earlier delete may have failed before this, and is repeated.
    force(file);
    return there;
  }

  @Override
  public BlobUsage usage() throws IOException {
    Opened store = ready();
    lock.lock();
    try {
      return store.quota().usage();
    } finally {
      lock.unlock();
    }
  }

  private static BlobException explain(IOException e) {
    if (e instanceof BlobException explained) {
      return explained;
    }
    String message = String.valueOf(e.getMessage());
    boolean full =
        message.contains("No space left on device") || message.contains("quota exceeded");
    return full
        ? new BlobException(BlobException.FULL, "The disk of the store is full", e)
        : new BlobException(
            BlobException.UNAVAILABLE,
            "The folder cannot be used: " + e.getClass().getSimpleName() + " " + message,
            e);
  }

  /** Stops: gives the folder away. An object that is being written does not get its name. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (opened != null) {
        opened.folder().close();
        opened = null;
      }
    } catch (IOException e) {
      LOG.warn("{}: the lock of the folder was not given up: {}", settings.name(), e.toString());
    } finally {
      lock.unlock();
    }
  }
}
