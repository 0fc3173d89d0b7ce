package org.larder.storage.s3.internal;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads of objects in parts, and what became of those that were never completed. Stateless. */
final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

  private final Bucket bucket;
  private final S3Client client;

  Uploads(Bucket bucket) {
    this.bucket = bucket;
    client = bucket.client();
  }

  /**
   * One upload, for one thread: parts in order, then either {@link #complete} or {@link #abort}.
   */
  final class Upload {
    private final String key;
    private final String id;
    private final List<CompletedPart> parts = new ArrayList<>();

    private Upload(String key, String id) {
      this.key = key;
      this.id = id;
    }

    /** Sends the next part; the bytes are not kept. */
    void add(byte[] bytes, int length) {
      int number = parts.size() + 1;
      RequestBody body =
          RequestBody.fromContentProvider(
              () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
      String etag =
          client
              .uploadPart(
                  request -> request.bucket(bucketName()).key(key).uploadId(id).partNumber(number),
                  body)
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }

    /** Makes the object of the parts. */
    void complete() {
      client.completeMultipartUpload(
          request ->
              request
                  .bucket(bucketName())
                  .key(key)
                  .uploadId(id)
                  .multipartUpload(upload -> upload.parts(parts)));
    }

    /** Drops the parts; if that fails, {@link #clean} does it later. */
    void abort() {
      try {
        Uploads.this.abort(key, id);
      } catch (SdkException | IllegalStateException e) {
        LOG.warn("An upload to {} was not aborted yet: {}", key, e.toString());
      }
    }
  }

  private String bucketName() {
    return bucket.settings().bucket();
  }

  Upload begin(String name, Map<String, String> metadata) {
    String key = bucket.key(name);
    String id =
        client
            .createMultipartUpload(
                request -> request.bucket(bucketName()).key(key).metadata(metadata))
            .uploadId();
    return new Upload(key, id);
  }

  private void abort(String key, String id) {
    client.abortMultipartUpload(request -> request.bucket(bucketName()).key(key).uploadId(id));
  }

  /**
   * Drops uploads below our prefix that began before a time.
   *
   * @return how many
   */
  int clean(Instant before) {
    String prefix = bucket.key("");
    int cleaned = 0;
    String keyMarker = null;
    String idMarker = null;
    ListMultipartUploadsResponse page;
    do {
      page = page(prefix, keyMarker, idMarker);
      for (MultipartUpload upload : page.uploads()) {
        // A server may ignore the prefix.
        boolean ours = upload.key().startsWith(prefix);
        if (ours && upload.initiated() != null && upload.initiated().isBefore(before)) {
          abort(upload.key(), upload.uploadId());
          cleaned++;
        }
      }
      keyMarker = page.nextKeyMarker();
      idMarker = page.nextUploadIdMarker();
    } while (Boolean.TRUE.equals(page.isTruncated()));
    return cleaned;
  }

  private ListMultipartUploadsResponse page(String prefix, String keyMarker, String idMarker) {
    return client.listMultipartUploads(
        request ->
            request
                .bucket(bucketName())
                .prefix(prefix.isEmpty() ? null : prefix)
                .keyMarker(keyMarker)
                .uploadIdMarker(idMarker));
  }
}
