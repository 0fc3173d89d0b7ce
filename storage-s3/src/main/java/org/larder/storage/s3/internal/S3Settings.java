package org.larder.storage.s3.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.larder.storage.blob.BlobNames;

/**
 * What a bucket's user needs to know.
 *
 * @param name by which configuration refers to the store
 * @param endpoint the server; empty for AWS
 * @param region the region that requests are signed for
 * @param bucket the bucket; it has to be there
 * @param prefix what all keys begin with: empty, or ends with a {@code /}
 * @param pathStyle whether the bucket stands in the path instead of the host's name
 * @param credentials how to be let in
 * @param timeout how long one request may take
 * @param maxConnections connections at one time
 * @param uploadExpiry after what time an upload that was not completed is abandoned
 */
record S3Settings(
    String name,
    Optional<URI> endpoint,
    String region,
    String bucket,
    String prefix,
    boolean pathStyle,
    S3Credentials credentials,
    Duration timeout,
    int maxConnections,
    Duration uploadExpiry) {
  private static final String ENDPOINT_FORM =
      "endpoint has to be like http://localhost:9000, without user, password or query";

  S3Settings {
    Objects.requireNonNull(credentials, "credentials");
    require(!name.isBlank(), "A store has a name");
    require(!bucket.isBlank(), "bucket is required");
    require(!region.isBlank(), "region is required; servers other than AWS take any");
    require(timeout.compareTo(Duration.ZERO) > 0, "timeout_ms is greater than 0");
    require(maxConnections > 0, "max_connections is greater than 0");
    require(!uploadExpiry.isNegative(), "upload_expiry_hours is 0 or more");
    while (prefix.endsWith("/")) {
      prefix = prefix.substring(0, prefix.length() - 1);
    }
    require(
        prefix.isEmpty() || BlobNames.isValid(prefix),
        "prefix is made of letters, digits and . _ -, parted by /");
    prefix = prefix.isEmpty() ? "" : prefix + "/";
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }

  /**
   * An address; empty for none.
   *
   * @throws IllegalArgumentException if it is no address of a server
   */
  static Optional<URI> endpoint(String address) {
    if (address.isBlank()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(address.strip());
      boolean isWeb =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      require(
          isWeb
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null,
          ENDPOINT_FORM);
      return Optional.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(ENDPOINT_FORM, e);
    }
  }
}
