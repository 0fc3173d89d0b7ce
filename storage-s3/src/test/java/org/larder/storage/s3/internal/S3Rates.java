package org.larder.storage.s3.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.WriteResult;
import org.larder.tck.BlobContent;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Puts records through the backend, and objects through the store, and the same objects by plain
 * puts of the SDK, one after the other with as many threads. Plain puts of records make each of
 * their objects, as plain JDBC binds its rows, or send what was encoded and compressed before. The
 * server is in the same process and shares its cores. For one thread, which starts those that put.
 */
public final class S3Rates implements AutoCloseable {
  private static final int BLOB_BYTES = 256 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final S3Server server;
  private final Path folder;
  private final ExecutionInterceptor distance;
  private int stores;

  /**
   * Objects per second.
   *
   * @param plain by plain puts
   * @param ours by the backend or the store
   */
  public record Rates(double plain, double ours) {
    /** How many times as fast as plain puts. */
    public double ratio() {
      return ours / plain;
    }
  }

  private S3Rates(S3Server server, Path folder, Duration distance) {
    this.server = server;
    this.folder = folder;
    this.distance =
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            LockSupport.parkNanos(distance.toNanos());
          }
        };
  }

  /**
   * With a server of its own.
   *
   * @param folder new or empty; its content is the caller's to delete
   * @param distance how long every request waits, as one over a network does
   */
  public static S3Rates over(Path folder, Duration distance) throws Exception {
    return new S3Rates(S3Server.over(folder.resolve("s3")), folder, distance);
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the server stops", e);
    } catch (Exception e) {
      throw new IOException("The server does not stop", e);
    }
  }

  /** Records in an object of {@link #records}. */
  public static int recordsEach() {
    return Tasks.BATCH;
  }

  /** Milliseconds that making an object of records takes, without sending it. */
  public static double encodingMillis(int objects) {
    List<Mutation> mutations = Tasks.batch(new Random(1), 0);
    long begin = System.nanoTime();
    for (int i = 0; i < objects; i++) {
      MutationWriter.write(mutations);
    }
    return (System.nanoTime() - begin) / 1e6 / objects;
  }

  private static double seconds(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      long begin = System.nanoTime();
      List<Future<Void>> futures = threads.invokeAll(tasks);
      for (Future<Void> future : futures) {
        future.get();
      }
      return (System.nanoTime() - begin) / 1e9;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  /**
   * Batches of records, each of which is an object, with a {@code sync} at the end of each thread.
   *
   * @param made whether the plain puts have their objects made beforehand
   * @param each objects of each thread
   * @param oursFirst whether the backend comes before the plain puts
   */
  public Rates records(boolean made, int threads, int each, boolean oursFirst) throws Exception {
    int distinct = 10;
    List<List<Mutation>> contents = new ArrayList<>();
    List<Supplier<byte[]>> objects = new ArrayList<>();
    for (int i = 0; i < distinct; i++) {
      List<Mutation> content = Tasks.batch(new Random(i), (long) i * Tasks.BATCH);
      contents.add(content);
      byte[] finished = MutationWriter.write(content);
      objects.add(made ? () -> finished : () -> MutationWriter.write(content));
    }
    S3Settings settings = server.settings("r" + ++stores);
    try (Bucket bucket = new Bucket(settings, distance);
        S3Backend backend =
            new S3Backend(
                new Bucket(settings, distance), folder.resolve("tmp"), Clock.systemUTC())) {
      UUID journal = UUID.randomUUID();
      List<Callable<Void>> ours = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String follower = "f" + thread;
        backend.attach(
            new Attachment(follower, 0, journal, 1, Optional.empty(), OptionalLong.empty()));
        ours.add(
            () -> {
              for (int i = 0; i < each; i++) {
                List<Batch.Changes> changes =
                    List.of(new Batch.Changes(Tasks.SCHEMA, contents.get(i % distinct)));
                long from = (long) i * Tasks.BATCH;
                WriteResult result =
                    backend.write(
                        new Batch(
                            follower, 0, journal, 1, from, from + Tasks.BATCH, changes, TIMEOUT));
                if (!(result instanceof WriteResult.Committed)) {
                  throw new IllegalStateException(result.toString());
                }
              }
              backend.sync(follower, 0);
              return null;
            });
      }
      backend.ensureCollection(Tasks.SCHEMA);
      return rates(
          plain(bucket, objects, "application/gzip", Map.of(), threads, each),
          ours,
          each,
          oursFirst);
    }
  }

  /**
   * Objects of 256 KiB.
   *
   * @param each objects of each thread
   * @param oursFirst whether the store comes before the plain puts
   */
  public Rates blobs(int threads, int each, boolean oursFirst) throws Exception {
    List<byte[]> objects = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      BlobContent content = BlobContent.of(i, BLOB_BYTES);
      objects.add(content.open().readAllBytes());
      hashes.add(content.sha256());
    }
    S3Settings settings = server.settings("b" + ++stores);
    try (Bucket bucket = new Bucket(settings, distance);
        S3BlobStore store = new S3BlobStore(new Bucket(settings, distance), Clock.systemUTC())) {
      List<Callable<Void>> ours = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        ours.add(
            () -> {
              for (int i = 0; i < each; i++) {
                byte[] bytes = objects.get(i % 8);
                store.put(
                    "ours/" + number + "/" + i,
                    () -> new ByteArrayInputStream(bytes),
                    hashes.get(i % 8),
                    BLOB_BYTES);
              }
              return null;
            });
      }
      return rates(
          plain(
              bucket,
              objects.stream().<Supplier<byte[]>>map(bytes -> () -> bytes).toList(),
              "application/octet-stream",
              Map.of("sha256", hashes.get(0)),
              threads,
              each),
          ours,
          each,
          oursFirst);
    }
  }

  private static List<Callable<Void>> plain(
      Bucket bucket,
      List<Supplier<byte[]>> objects,
      String contentType,
      Map<String, String> metadata,
      int threads,
      int each) {
    List<Callable<Void>> plain = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int number = thread;
      plain.add(
          () -> {
            for (int i = 0; i < each; i++) {
              String key = bucket.key("plain/" + number + "/" + i);
              byte[] bytes = objects.get(i % objects.size()).get();
              bucket
                  .client()
                  .putObject(
                      request ->
                          request
                              .bucket(S3Server.BUCKET)
                              .key(key)
                              .contentType(contentType)
                              .metadata(metadata),
                      RequestBody.fromBytes(bytes));
            }
            return null;
          });
    }
    return plain;
  }

  private static Rates rates(
      List<Callable<Void>> plain, List<Callable<Void>> ours, int each, boolean oursFirst)
      throws Exception {
    double objects = (double) ours.size() * each;
    if (oursFirst) {
      double taken = seconds(ours);
      return new Rates(objects / seconds(plain), objects / taken);
    }
    double taken = seconds(plain);
    return new Rates(objects / taken, objects / seconds(ours));
  }
}
