package org.larder.storage.s3.internal;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
 * Measures records and blobs against plain puts of the same objects by the SDK, in turns, with as
 * many threads: the medians of rates and of ratios, and the ratio of each round. The plain puts
 * send what was encoded and compressed before, so for records the ratio shows what that costs
 * beside a put. Not a test: run {@link #main}. The server is in the same process and shares its
 * cores; a distance makes every request wait as one over a network does.
 */
final class S3Rates {
  private static final int WARMING = 3;
  private static final int NEAR_PUTS = 60;
  private static final int DISTANT_PUTS = 20;
  private static final int BLOB_BYTES = 256 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final S3Server server;
  private final Path folder;
  private final int rounds;
  private final ExecutionInterceptor distance;
  private int stores;

  private S3Rates(S3Server server, Path folder, int rounds, Duration distance) {
    this.server = server;
    this.folder = folder;
    this.rounds = rounds;
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
   * Arguments: the number of rounds, 5 unless given; milliseconds of distance, 0 unless given; what
   * to measure, {@code records,blobs} unless given.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("s3-rates");
    S3Server server = S3Server.over(folder.resolve("s3"));
    int rounds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
    Duration distance = Duration.ofMillis(arguments.length < 2 ? 0 : Long.parseLong(arguments[1]));
    S3Rates rates = new S3Rates(server, folder, rounds, distance);
    String kinds = arguments.length < 3 ? "records,blobs" : arguments[2];
    rates.encoding();
    int each = distance.isZero() ? NEAR_PUTS : DISTANT_PUTS;
    for (int threads : new int[] {1, 4}) {
      if (kinds.contains("records")) {
        rates.compare("records, " + threads + " threads", threads, each, rates::records);
      }
      if (kinds.contains("blobs")) {
        rates.compare("blobs, " + threads + " threads", threads, each, rates::blobs);
      }
    }
    server.stop();
  }

  /** What making an object takes, without sending it. */
  private void encoding() {
    List<Mutation> mutations = Tasks.batch(new Random(1), 0);
    int objects = 200;
    double[] millis = new double[rounds + 1];
    int bytes = 0;
    for (int round = 0; round <= rounds; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < objects; i++) {
        bytes = MutationWriter.write(mutations).length;
      }
      millis[round] = (System.nanoTime() - begin) / 1e6 / objects;
    }
    System.out.printf(
        Locale.ROOT,
        "an object of %d records: %d bytes, encoded in %.2f ms%n",
        Tasks.BATCH,
        bytes,
        median(Arrays.copyOfRange(millis, 1, millis.length)));
  }

  private interface Load {
    /** Seconds of plain puts, seconds of ours. */
    double[] run(int threads, int each) throws Exception;
  }

  private void compare(String what, int threads, int each, Load load) throws Exception {
    double[] ratios = new double[rounds];
    double[] plain = new double[rounds];
    double[] ours = new double[rounds];
    for (int i = 0; i < WARMING; i++) {
      load.run(threads, each);
    }
    for (int i = 0; i < rounds; i++) {
      double[] seconds = load.run(threads, each);
      plain[i] = threads * each / seconds[0];
      ours[i] = threads * each / seconds[1];
      ratios[i] = ours[i] / plain[i];
    }
    System.out.printf(
        Locale.ROOT,
        "%-20s plain %6.1f/s  ours %6.1f/s  ratio %.2f  %s%n",
        what,
        median(plain),
        median(ours),
        median(ratios),
        Arrays.toString(Arrays.stream(ratios).map(r -> Math.round(r * 100) / 100.0).toArray()));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
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

  private double[] records(int threads, int each) throws Exception {
    int distinct = 10;
    List<List<Mutation>> contents = new ArrayList<>();
    List<byte[]> objects = new ArrayList<>();
    for (int i = 0; i < distinct; i++) {
      contents.add(Tasks.batch(new Random(i), (long) i * Tasks.BATCH));
      objects.add(MutationWriter.write(contents.get(i)));
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
      return inTurn(plain(bucket, objects, "application/gzip", Map.of(), threads, each), ours);
    }
  }

  private double[] blobs(int threads, int each) throws Exception {
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
      return inTurn(
          plain(
              bucket,
              objects,
              "application/octet-stream",
              Map.of("sha256", hashes.get(0)),
              threads,
              each),
          ours);
    }
  }

  private static List<Callable<Void>> plain(
      Bucket bucket,
      List<byte[]> objects,
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
              byte[] bytes = objects.get(i % objects.size());
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

  private double[] inTurn(List<Callable<Void>> plain, List<Callable<Void>> ours) throws Exception {
    if (stores % 2 == 0) {
      return new double[] {seconds(plain), seconds(ours)};
    }
    double second = seconds(ours);
    return new double[] {seconds(plain), second};
  }
}
