package org.larder.storage.s3.internal;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.larder.storage.blob.BlobChecks;
import org.larder.storage.blob.BlobException;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobNames;
import org.larder.storage.blob.BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keeps each object as an object of S3 of the same name, with its hash in the metadata {@code
 * sha256}. Free for any thread: what is shared is the SDK's pool of connections, and the time of
 * the last cleaning.
 *
 * <p>An object of at most 8 MiB is read into memory, checked, and sent in one request. A larger one
 * is sent in parts, with one part in memory, and made of them only once its hash is right. Parts
 * that a crash left behind are dropped by the first put after a start, and once a day.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(S3BlobStore.class);
  private static final String HASH = "sha256";
  private static final int PART_BYTES = 8 << 20;
  private static final int MOST_PARTS = 10_000;
  private static final Duration CLEANING_INTERVAL = Duration.ofDays(1);

  private final S3Settings settings;
  private final Bucket bucket;
  private final Uploads uploads;
  private final Clock clock;
  private final AtomicReference<Instant> nextCleaning = new AtomicReference<>(Instant.MIN);

  S3BlobStore(S3Settings settings, Clock clock) {
    this(new Bucket(settings), clock);
  }

  S3BlobStore(Bucket bucket, Clock clock) {
    this.bucket = bucket;
    this.clock = clock;
    settings = bucket.settings();
    uploads = new Uploads(bucket);
  }

  private interface Request<T> {
    T send() throws IOException;
  }

  private <T> T explained(Request<T> request) throws IOException {
    try {
      return request.send();
    } catch (RuntimeException e) {
      if (Failure.isKnown(e)) {
        throw Failure.of(e, settings).forBlobs();
      }
      throw e;
    }
  }

  @Override
  public void put(String name, Source source, String sha256, long length) throws IOException {
    BlobChecks.put(name, sha256, length);
    cleanNowAndThen();
    try (InputStream in = source.open()) {
      if (length <= PART_BYTES) {
        putWhole(name, in, sha256, (int) length);
      } else {
        putInParts(name, in, sha256, length);
      }
    }
  }

  private void putWhole(String name, InputStream in, String sha256, int length) throws IOException {
    // One byte more shows content that is too long.
    byte[] bytes = new byte[length + 1];
    int count = in.readNBytes(bytes, 0, bytes.length);
    MessageDigest digest = digest();
    digest.update(bytes, 0, Math.min(count, length));
    check(count == length, digest, sha256);
    explained(
        () -> bucket.put(name, bytes, length, request -> request.metadata(Map.of(HASH, sha256))));
  }

  private void putInParts(String name, InputStream in, String sha256, long length)
      throws IOException {
    Uploads.Upload upload = explained(() -> uploads.begin(name, Map.of(HASH, sha256)));
    boolean completed = false;
    try {
      MessageDigest digest = digest();
      byte[] part = new byte[partBytes(length)];
      long total = 0;
      int count = in.readNBytes(part, 0, part.length);
      while (count > 0 && total + count <= length) {
        int bytes = count;
        digest.update(part, 0, bytes);
        explained(
            () -> {
              upload.add(part, bytes);
              return null;
            });
        total += bytes;
        count = in.readNBytes(part, 0, part.length);
      }
      check(count == 0 && total == length, digest, sha256);
      explained(
          () -> {
            upload.complete();
            return null;
          });
      completed = true;
    } finally {
      if (!completed) {
        upload.abort();
      }
    }
  }

  private static int partBytes(long length) {
    long least = (length + MOST_PARTS - 1) / MOST_PARTS;
    return Math.toIntExact(Math.max(PART_BYTES, least));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void check(boolean hasLength, MessageDigest digest, String sha256)
      throws BlobException {
    BlobChecks.content(hasLength, HexFormat.of().formatHex(digest.digest()), sha256);
  }

  private void cleanNowAndThen() {
    Instant due = nextCleaning.get();
    Instant now = clock.instant();
    if (now.isBefore(due) || !nextCleaning.compareAndSet(due, now.plus(CLEANING_INTERVAL))) {
      return;
    }
    try {
      int cleaned = uploads.clean(now.minus(settings.uploadExpiry()));
      if (cleaned > 0) {
        LOG.info("{}: dropped {} uploads that were never completed", settings.name(), cleaned);
      }
    } catch (RuntimeException e) {
      if (!Failure.isKnown(e)) {
        throw e;
      }
      // The put that follows tells its caller if the store is away.
      Failure failure = Failure.of(e, settings);
      LOG.warn("{}: old uploads were not looked for: {}", settings.name(), failure.message());
    }
  }

  @Override
  public Optional<InputStream> open(String name, long offset, long length) throws IOException {
    BlobChecks.range(name, offset, length);
    if (length == 0) {
      return explained(() -> bucket.head(name)).map(there -> InputStream.nullInputStream());
    }
    boolean toTheEnd = length > Long.MAX_VALUE - offset;
    long last = toTheEnd ? Long.MAX_VALUE : offset + length - 1;
    return explained(() -> bucket.open(name, offset, last))
        .map(stream -> new ObjectStream(stream, settings));
  }

  @Override
  public Optional<BlobInfo> stat(String name) throws IOException {
    BlobNames.check(name);
    return explained(() -> bucket.head(name)).map(head -> info(name, head));
  }

  private static BlobInfo info(String name, HeadObjectResponse head) {
    String sha256 = head.metadata().getOrDefault(HASH, "");
    return new BlobInfo(name, head.contentLength(), sha256, head.lastModified());
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) throws IOException {
    BlobChecks.page(prefix, after, limit);
    List<BlobInfo> page = new ArrayList<>();
    String behind = after;
    boolean more = true;
    while (more && page.size() < limit) {
      String from = behind;
      int wanted = limit - page.size();
      Bucket.Page found = explained(() -> bucket.list(prefix, from, wanted));
      for (S3Object object : found.objects()) {
        behind = bucket.name(object.key());
        // What others put there under names that are none is not ours.
        if (BlobNames.isValid(behind)) {
          page.add(new BlobInfo(behind, object.size(), "", object.lastModified()));
        }
      }
      more = found.hasMore();
    }
    return page;
  }

  @Override
  public boolean delete(String name) throws IOException {
    BlobNames.check(name);
    return explained(
        () -> {
          boolean there = bucket.head(name).isPresent();
          if (there) {
            bucket.delete(name);
          }
          return there;
        });
  }

  @Override
  public void close() {
    bucket.close();
  }
}
