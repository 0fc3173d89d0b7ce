package org.larder.storage.s3.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The part of a bucket below a prefix; keys here are without it. Free for any thread. What a
 * request throws is the SDK's, and {@link Failure} tells what it means.
 */
final class Bucket implements AutoCloseable {
  private static final int ATTEMPTS = 2;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** The SDK's own streams each set a timer, on a thread that outlives every client. */
  private static final ResponseTransformer<GetObjectResponse, AbortableInputStream> STREAM =
      ResponseTransformer.unmanaged((response, content) -> content);

  /** An object that was read whole. */
  static final class Content {
    private final byte[] bytes;
    private final String etag;

    Content(byte[] bytes, String etag) {
      this.bytes = bytes;
      this.etag = etag;
    }

    /** What it holds; not copied. */
    byte[] bytes() {
      return bytes;
    }

    /** What the server calls this version of it. */
    String etag() {
      return etag;
    }
  }

  /**
   * Some objects, in order.
   *
   * @param hasMore whether others follow
   */
  record Page(List<S3Object> objects, boolean hasMore) {}

  private final S3Settings settings;
  private final AwsCredentialsProvider credentials;
  private final S3Client client;
  private volatile boolean seen;

  /**
   * Connects when it is first asked.
   *
   * @param interceptors what sees each request; none in a node
   */
  Bucket(S3Settings settings, ExecutionInterceptor... interceptors) {
    this.settings = settings;
    credentials = settings.credentials().provider();
    client = connect(List.of(interceptors));
  }

  private S3Client connect(List<ExecutionInterceptor> interceptors) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(settings.pathStyle())
            // Other servers than AWS do not all know the newer checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(settings.maxConnections())
                    .connectionTimeout(CONNECT_LIMIT)
                    .connectionAcquisitionTimeout(settings.timeout())
                    .socketTimeout(settings.timeout())
                    .expectContinueEnabled(false))
            .overrideConfiguration(
                override ->
                    override
                        .apiCallTimeout(settings.timeout())
                        .executionInterceptors(interceptors)
                        .retryStrategy(
                            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build()));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  S3Settings settings() {
    return settings;
  }

  /** For what this class has no words for. */
  S3Client client() {
    return client;
  }

  String key(String name) {
    return settings.prefix() + name;
  }

  /** What a key is called here. */
  String name(String key) {
    return key.substring(settings.prefix().length());
  }

  /** Reads an object whole. */
  Optional<Content> get(String name) {
    try {
      ResponseBytes<GetObjectResponse> answer =
          client.getObject(
              request -> request.bucket(settings.bucket()).key(key(name)),
              ResponseTransformer.toBytes());
      return Optional.of(new Content(answer.asByteArrayUnsafe(), answer.response().eTag()));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }

  /**
   * Opens a range of an object.
   *
   * @param last the last byte; {@link Long#MAX_VALUE} for the end of the object
   */
  Optional<InputStream> open(String name, long first, long last) {
    String range = "bytes=" + first + "-" + (last == Long.MAX_VALUE ? "" : last);
    boolean whole = first == 0 && last == Long.MAX_VALUE;
    try {
      return Optional.of(
          client.getObject(
              request ->
                  request.bucket(settings.bucket()).key(key(name)).range(whole ? null : range),
              STREAM));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
        return Optional.of(InputStream.nullInputStream());
      }
      throw e;
    }
  }

  /** What the server says of an object. */
  Optional<HeadObjectResponse> head(String name) {
    try {
      HeadObjectResponse answer =
          client.headObject(request -> request.bucket(settings.bucket()).key(key(name)));
      seen = true;
      return Optional.of(answer);
    } catch (S3Exception e) {
      if (e.statusCode() != NOT_FOUND) {
        throw e;
      }
      // The answer has no body that would tell a missing object from a missing bucket.
      if (!seen) {
        look(settings.timeout());
      }
      return Optional.empty();
    }
  }

  /** Checks that the bucket is there and lets us in. */
  void look(Duration limit) {
    client.listObjectsV2(
        request ->
            request
                .bucket(settings.bucket())
                .prefix(settings.prefix())
                .maxKeys(1)
                .overrideConfiguration(override -> override.apiCallTimeout(limit)));
    seen = true;
  }

  /** Stores an object in one request. */
  String put(String name, byte[] bytes, int length, Consumer<PutObjectRequest.Builder> more) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(settings.bucket()).key(key(name));
    more.accept(request);
    RequestBody body =
        RequestBody.fromContentProvider(
            () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
    return client.putObject(request.build(), body).eTag();
  }

  /** Objects whose names begin so, behind a name, in the order of names; at most so many. */
  Page list(String prefix, String after, int limit) {
    String behind = after.isEmpty() ? null : key(after);
    ListObjectsV2Response answer = list(prefix, behind, null, limit);
    // A server may look through much and find nothing, and say only by its token how far it came.
    while (answer.contents().isEmpty() && isTruncated(answer)) {
      if (answer.nextContinuationToken() == null) {
        throw SdkClientException.create("a list goes on, but the server does not say where");
      }
      answer = list(prefix, null, answer.nextContinuationToken(), limit);
    }
    return new Page(answer.contents(), isTruncated(answer));
  }

  private ListObjectsV2Response list(String prefix, String after, String token, int limit) {
    return client.listObjectsV2(
        request ->
            request
                .bucket(settings.bucket())
                .prefix(key(prefix))
                .startAfter(after)
                .continuationToken(token)
                .maxKeys(limit));
  }

  private static boolean isTruncated(ListObjectsV2Response answer) {
    return Boolean.TRUE.equals(answer.isTruncated());
  }

  /** Removes an object, if it is there. */
  void delete(String name) {
    client.deleteObject(request -> request.bucket(settings.bucket()).key(key(name)));
  }

  @Override
  public void close() {
    client.close();
    if (credentials instanceof AutoCloseable closeable) {
      close(closeable);
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("The credentials do not let go", e);
    }
  }
}
