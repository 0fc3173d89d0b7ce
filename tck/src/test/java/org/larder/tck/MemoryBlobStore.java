package org.larder.tck;

import static org.larder.tck.BlobFlaw.DELETES_WHAT_IS_NOT_THERE;
import static org.larder.tck.BlobFlaw.FOLDS_CASE_OF_NAMES;
import static org.larder.tck.BlobFlaw.LEAVES_WHAT_FAILED;
import static org.larder.tck.BlobFlaw.LISTS_ONE_PAGE_OF_ITS_SERVER;
import static org.larder.tck.BlobFlaw.LISTS_THE_NAME_TO_GO_ON_BEHIND;
import static org.larder.tck.BlobFlaw.RANGES_END_ONE_LATE;
import static org.larder.tck.BlobFlaw.SHOWS_WHAT_IS_HALF_WRITTEN;
import static org.larder.tck.BlobFlaw.TAKES_ANY_NAME;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.larder.storage.blob.BlobChecks;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobNames;
import org.larder.storage.blob.BlobStore;

/** Objects in memory, with at most one flaw. Free for any thread. */
final class MemoryBlobStore implements BlobStore {
  /** What outlives the store. */
  static final class Memory {
    private final ConcurrentNavigableMap<String, Blob> blobs = new ConcurrentSkipListMap<>();
    private boolean shown;
    private long opens;
    private long puts;

    private synchronized void opened() {
      opens++;
      notifyAll();
    }

    /**
     * Puts half of an object in the place of another thread's, once, and gives a reader the time to
     * see it; another writer ends that.
     */
    private synchronized void showHalf(String key, byte[] content) {
      puts++;
      notifyAll();
      Blob before = blobs.get(key);
      if (shown || before == null || before.writer == Thread.currentThread()) {
        return;
      }
      shown = true;
      blobs.put(key, new Blob(Arrays.copyOf(content, content.length / 2), before.sha256));
      long openedBefore = opens;
      long putBefore = puts;
      long end = System.nanoTime() + PATIENCE.toNanos();
      try {
        while (opens == openedBefore && puts == putBefore && System.nanoTime() < end) {
          wait(PATIENCE.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Blob {
    final byte[] bytes;
    final String sha256;
    final Instant modified = Instant.now();
    final Thread writer = Thread.currentThread();

    Blob(byte[] bytes, String sha256) {
      this.bytes = bytes;
      this.sha256 = sha256;
    }
  }

  private static final int PAGE_OF_THE_SERVER = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Memory memory;
  private final BlobFlaw flaw;

  MemoryBlobStore(Memory memory, BlobFlaw flaw) {
    this.memory = memory;
    this.flaw = flaw;
  }

  private String checked(String name) {
    if (flaw != TAKES_ANY_NAME) {
      BlobNames.check(name);
    }
    return flaw == FOLDS_CASE_OF_NAMES ? name.toLowerCase(Locale.ROOT) : name;
  }

  @Override
  public void put(String name, Source source, String sha256, long length) throws IOException {
    String key = checked(name);
    BlobChecks.put("any", sha256, length);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    boolean whole = false;
    try {
      try (InputStream in = source.open()) {
        in.transferTo(content);
      }
      String actual = BlobContent.hash(new ByteArrayInputStream(content.toByteArray()));
      BlobChecks.content(content.size() == length, actual, sha256);
      whole = true;
      if (flaw == SHOWS_WHAT_IS_HALF_WRITTEN) {
        memory.showHalf(key, content.toByteArray());
      }
    } finally {
      if (whole || flaw == LEAVES_WHAT_FAILED) {
        memory.blobs.put(key, new Blob(content.toByteArray(), sha256));
      }
    }
  }

  @Override
  public Optional<InputStream> open(String name, long offset, long length) {
    String key = checked(name);
    BlobChecks.range("any", offset, length);
    Optional<Blob> found = Optional.ofNullable(memory.blobs.get(key));
    memory.opened();
    return found.map(
        blob -> {
          int from = (int) Math.min(offset, blob.bytes.length);
          long wanted = flaw == RANGES_END_ONE_LATE && length > 0 ? length + 1 : length;
          int count = (int) Math.min(Math.max(wanted, length), blob.bytes.length - from);
          return new ByteArrayInputStream(blob.bytes, from, count);
        });
  }

  @Override
  public Optional<BlobInfo> stat(String name) {
    return Optional.ofNullable(memory.blobs.get(checked(name)))
        .map(blob -> new BlobInfo(name, blob.bytes.length, blob.sha256, blob.modified));
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) {
    BlobChecks.page(prefix, after, limit);
    return memory.blobs.tailMap(after, flaw == LISTS_THE_NAME_TO_GO_ON_BEHIND).entrySet().stream()
        .filter(each -> each.getKey().startsWith(prefix))
        .limit(flaw == LISTS_ONE_PAGE_OF_ITS_SERVER ? Math.min(limit, PAGE_OF_THE_SERVER) : limit)
        .map(
            each -> {
              Blob blob = each.getValue();
              return new BlobInfo(each.getKey(), blob.bytes.length, "", blob.modified);
            })
        .toList();
  }

  @Override
  public boolean delete(String name) {
    return memory.blobs.remove(checked(name)) != null || flaw == DELETES_WHAT_IS_NOT_THERE;
  }
}
