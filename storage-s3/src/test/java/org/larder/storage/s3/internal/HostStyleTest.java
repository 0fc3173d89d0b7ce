package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.put;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;
import org.larder.tck.BlobContent;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The bucket in the host's name, as AWS has it. The names are in {@code src/test/hosts}, which the
 * tests' Java takes for the machine's.
 */
class HostStyleTest {
  private static final String HOST = "s3.test";
  private static final String BUCKET_HOST = S3Server.BUCKET + "." + HOST;
  private static final int PARTS_BYTES = 20_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static S3Server server;

  private final Hosts hosts = new Hosts();

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.named(HOST, folder.resolve("s3"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  /** The hosts that were asked. */
  private static final class Hosts implements ExecutionInterceptor {
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      asked.add(context.httpRequest().host());
    }
  }

  private Bucket bucket(String name, String prefix) {
    return new Bucket(server.settings(name, prefix, false), hosts);
  }

  private S3Backend backend(Bucket bucket) {
    return new S3Backend(bucket, folder.resolve("tmp"), Clock.systemUTC());
  }

  @Test
  void recordsAreWrittenAndFoundAgain() {
    UUID journal = UUID.randomUUID();
    S3Backend first = backend(bucket(S3Server.BUCKET, "records"));
    try {
      RecordWriter writer = new RecordWriter(first, journal);
      assertThat(writer.attach(OptionalLong.empty())).isZero();
      writer.write(0, 2, THINGS, put(THINGS, 0, "a", "hits", 1L), put(THINGS, 1, "b"));
      writer.write(2, 4, THINGS, put(THINGS, 2, "a", "hits", 2L), delete(THINGS, 3, "b"));
      assertThat(first.sync(RecordWriter.FOLLOWER, 0).sequence()).isEqualTo(4);
    } finally {
      first.close();
    }
    S3Backend next = backend(bucket(S3Server.BUCKET, "records"));
    try {
      RecordWriter writer = new RecordWriter(next, journal);
      assertThat(writer.attach(OptionalLong.empty())).isEqualTo(4);
      assertThat(writer.rows(THINGS)).singleElement().extracting(Row::key).isEqualTo("a");
      assertThat(next.probe(PATIENCE).condition()).isEqualTo(Probe.Condition.UP);
    } finally {
      next.close();
    }
    assertThat(hosts.asked).containsExactly(BUCKET_HOST);

    S3Backend byPath =
        new S3Backend(
            server.settings(S3Server.BUCKET, "records", true),
            folder.resolve("tmp"),
            Clock.systemUTC());
    try {
      RecordWriter reader = new RecordWriter(byPath, journal);
      assertThat(reader.attach(OptionalLong.empty())).as("the same store").isEqualTo(4);
      assertThat(reader.rows(THINGS)).hasSize(1);
    } finally {
      byPath.close();
    }
  }

  @Test
  void bucketThatIsNotThereIsNamed() {
    S3Backend backend = backend(bucket("nobody", "records"));
    try {
      StorageException failure =
          catchThrowableOfType(
              StorageException.class,
              () -> new RecordWriter(backend, UUID.randomUUID()).attach(OptionalLong.empty()));
      assertThat(failure.code()).isEqualTo("STORE_MISCONFIGURED");
      assertThat(failure.getMessage()).contains("nobody");
    } finally {
      backend.close();
    }
    assertThat(hosts.asked).containsExactly("nobody." + HOST);
  }

  @Test
  void objectsAreWrittenAndFoundAgain() throws Exception {
    S3BlobStore blobs = new S3BlobStore(bucket(S3Server.BUCKET, "blobs"), Clock.systemUTC());
    try {
      BlobContent small = BlobContent.of(1, 1000);
      BlobContent inParts = BlobContent.of(2, PARTS_BYTES);
      blobs.put("x/small", small, small.sha256(), small.length());
      blobs.put("x/parts", inParts, inParts.sha256(), inParts.length());
      assertThat(blobs.list("x/", "", 10))
          .extracting(BlobInfo::name)
          .containsExactly("x/parts", "x/small");
      assertThat(blobs.stat("x/parts").orElseThrow().sha256()).isEqualTo(inParts.sha256());
      try (InputStream range = blobs.open("x/small", 100, 50).orElseThrow()) {
        assertThat(range.readAllBytes()).isEqualTo(Arrays.copyOfRange(small.bytes(), 100, 150));
      }
      assertThat(blobs.delete("x/small")).isTrue();
      assertThat(blobs.stat("x/small")).isEmpty();
    } finally {
      blobs.close();
    }
    assertThat(hosts.asked).containsExactly(BUCKET_HOST);
  }
}
