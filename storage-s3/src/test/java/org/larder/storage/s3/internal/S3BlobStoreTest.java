package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.larder.storage.blob.BlobException;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;
import org.larder.tck.BlobContent;
import org.larder.tck.BlobContract;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

class S3BlobStoreTest extends BlobContract {
  @RegisterExtension static final S3ServerExtension S3 = new S3ServerExtension();

  private static final int PART_BYTES = 8 << 20;

  private final S3Server server = S3.server();
  private final String prefix = S3.newPrefix();

  @Override
  protected BlobStore open() {
    return new S3BlobStore(server.settings(prefix), Clock.systemUTC());
  }

  @Override
  protected void close(BlobStore store) {
    ((S3BlobStore) store).close();
  }

  private interface Call {
    void run() throws Exception;
  }

  private static String codeOf(Call call) {
    BlobException failure = catchThrowableOfType(BlobException.class, call::run);
    assertThat(failure).as("a BlobException").isNotNull();
    return failure.code();
  }

  private static ListMultipartUploadsResponse uploads(Bucket bucket) {
    return bucket
        .client()
        .listMultipartUploads(request -> request.bucket(bucket.settings().bucket()));
  }

  private S3BlobStore watched(SentRequests sent) throws Exception {
    S3BlobStore store =
        new S3BlobStore(new Bucket(server.settings(prefix), sent), Clock.systemUTC());
    // The first put after a start looks for abandoned uploads.
    put(store, BlobContent.of(1, 1));
    sent.clear();
    return store;
  }

  private static void put(S3BlobStore store, BlobContent content) throws Exception {
    store.put("a", content, content.sha256(), content.length());
  }

  @Test
  void objectOfOnePartIsOneRequest() throws Exception {
    SentRequests sent = new SentRequests();
    try (S3BlobStore store = watched(sent)) {
      put(store, BlobContent.of(1, PART_BYTES));
      assertThat(sent.kinds()).containsExactly("PutObject");
    }
  }

  /** Finds nothing at first, and says where to go on. */
  private static final class SearchingServer implements ExecutionInterceptor {
    private static final String TOKEN = "further";

    private static boolean isNew(SdkRequest request) {
      return request instanceof ListObjectsV2Request list && list.continuationToken() == null;
    }

    @Override
    public SdkResponse modifyResponse(
        Context.ModifyResponse context, ExecutionAttributes attributes) {
      return isNew(context.request())
          ? ListObjectsV2Response.builder().isTruncated(true).nextContinuationToken(TOKEN).build()
          : context.response();
    }

    /** The server that is there knows nothing of the token. */
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().toBuilder().removeQueryParameter("continuation-token").build();
    }
  }

  @Test
  @Timeout(60)
  void emptyPageIsNotTheLast() throws Exception {
    try (S3BlobStore store =
        new S3BlobStore(
            new Bucket(server.settings(prefix), new SearchingServer()), Clock.systemUTC())) {
      put(store, BlobContent.of(1, 1));
      assertThat(store.list("", "", 10)).extracting(BlobInfo::name).containsExactly("a");
    }
  }

  @Test
  void largeObjectIsSentInParts() throws Exception {
    SentRequests sent = new SentRequests();
    BlobContent content = BlobContent.of(1, 2 * PART_BYTES + 5);
    try (S3BlobStore store = watched(sent)) {
      put(store, content);
    }
    assertThat(sent.kinds())
        .containsExactly(
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPart",
            "UploadPart",
            "CompleteMultipartUpload");
    assertThat(sent.of(UploadPartRequest.class))
        .extracting(UploadPartRequest::partNumber)
        .containsExactly(1, 2, 3);
    assertThat(sent.of(CompleteMultipartUploadRequest.class).get(0).multipartUpload().parts())
        .extracting(CompletedPart::partNumber)
        .containsExactly(1, 2, 3);
    assertThat(BlobContent.hash(blobs().open("a", 0, Long.MAX_VALUE).orElseThrow()))
        .isEqualTo(content.sha256());
  }

  @Test
  void failedUploadLeavesNoParts() throws Exception {
    SentRequests sent = new SentRequests();
    BlobContent content = BlobContent.of(1, 20_000_000);
    try (S3BlobStore store = watched(sent);
        Bucket bucket = new Bucket(server.settings(prefix))) {
      String wrong = BlobContent.of(2, 1).sha256();
      assertThat(codeOf(() -> store.put("a", content, wrong, content.length())))
          .isEqualTo(BlobException.MISMATCH);
      assertThat(sent.kinds())
          .contains("UploadPart")
          .doesNotContain("CompleteMultipartUpload")
          .endsWith("AbortMultipartUpload");
      assertThat(uploads(bucket).uploads()).isEmpty();
    }
  }

  /** A crash leaves parts behind; only those that are old enough and below our prefix are ours. */
  @Test
  void abandonedUploadsAreDropped() throws Exception {
    S3Settings settings = server.settings(prefix);
    try (Bucket bucket = new Bucket(settings);
        Bucket other = new Bucket(server.settings("other"))) {
      new Uploads(bucket).begin("abandoned", Map.of()).add(new byte[5 << 20], 5 << 20);
      new Uploads(other).begin("theirs", Map.of());

      put("first", BlobContent.of(1, 10));
      assertThat(uploads(bucket).uploads()).as("too young").hasSize(2);

      Clock later = Clock.fixed(Instant.now().plus(Duration.ofHours(25)), ZoneOffset.UTC);
      try (S3BlobStore next = new S3BlobStore(settings, later)) {
        next.put("second", BlobContent.of(1, 10), BlobContent.of(1, 10).sha256(), 10);
      }
      assertThat(uploads(bucket).uploads())
          .extracting(upload -> upload.key())
          .containsExactly("other/theirs");
      new Uploads(other).clean(Instant.now().plusSeconds(60));
    }
  }

  @Test
  void otherPrefixIsAnotherStore() throws Exception {
    put("a", BlobContent.of(1, 10));
    try (S3BlobStore other =
        new S3BlobStore(server.settings(prefix + "/below"), Clock.systemUTC())) {
      assertThat(other.stat("a")).isEmpty();
      assertThat(other.list("", "", 10)).isEmpty();
    }
  }

  @Test
  void foreignObjectsAreNotListed() throws Exception {
    put("a", BlobContent.of(1, 10));
    put("c", BlobContent.of(1, 10));
    try (Bucket bucket = new Bucket(server.settings(prefix))) {
      bucket.put("b with spaces", new byte[3], 3, request -> {});
    }
    assertThat(blobs().list("", "", 2)).extracting("name").containsExactly("a", "c");
  }

  @Test
  void wrongSecretIsDenied() {
    S3Settings settings = server.settings(S3Server.BUCKET, prefix, "wrong");
    try (S3BlobStore store = new S3BlobStore(settings, Clock.systemUTC())) {
      assertThat(codeOf(() -> store.list("", "", 1))).isEqualTo(BlobException.DENIED);
      assertThat(codeOf(() -> store.stat("a"))).isEqualTo(BlobException.DENIED);
    }
  }

  @Test
  void missingBucketIsNotAnEmptyStore() {
    S3Settings settings = server.settings("absent", prefix, "test-secret");
    try (S3BlobStore store = new S3BlobStore(settings, Clock.systemUTC())) {
      assertThat(codeOf(() -> store.list("", "", 1))).isEqualTo(BlobException.MISCONFIGURED);
      assertThat(codeOf(() -> store.stat("a"))).isEqualTo(BlobException.MISCONFIGURED);
      BlobContent content = BlobContent.of(1, 10);
      assertThat(codeOf(() -> store.put("a", content, content.sha256(), 10)))
          .isEqualTo(BlobException.MISCONFIGURED);
    }
  }

  @Test
  void closedStoreSaysThatItIsStopping() {
    S3BlobStore store = new S3BlobStore(server.settings(prefix), Clock.systemUTC());
    store.close();
    assertThat(codeOf(() -> store.stat("a"))).isEqualTo(BlobException.STOPPING);
  }
}
