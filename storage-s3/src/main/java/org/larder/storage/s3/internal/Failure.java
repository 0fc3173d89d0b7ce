package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.larder.storage.blob.BlobException;
import org.larder.storage.spi.StorageException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What a failed request means: for the follower, for the caller, and in words for the operator,
 * without secrets.
 *
 * @param severity what a follower does about it
 * @param code a stable code
 * @param message a sentence
 * @param cause what the SDK said
 */
record Failure(
    StorageException.Severity severity, String code, String message, RuntimeException cause) {
  private static final int MESSAGE_CHARACTERS = 300;

  /** Answers to a read of what was moved to Glacier and was not restored. */
  private static final Set<String> ARCHIVED =
      Set.of("InvalidObjectState", "ObjectNotInActiveTierError");

  /** What a role's key is answered with once its time is over; the next one may be fetched. */
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "TokenRefreshRequired", "InvalidToken");

  static Failure of(RuntimeException failure, S3Settings settings) {
    String bucket = "The bucket " + settings.bucket();
    if (failure instanceof S3Exception answer) {
      return ofAnswer(answer, bucket, settings);
    }
    if (isInterrupted(failure)) {
      return new Failure(RETRY, "INTERRUPTED", "The call was interrupted", failure);
    }
    if (failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException) {
      return new Failure(RETRY, "TIMEOUT", bucket + " did not answer in time", failure);
    }
    if (failure instanceof SdkClientException && isAboutCredentials(failure)) {
      return withoutCredentials(failure, settings);
    }
    if (isStopped(failure)) {
      return new Failure(RETRY, BlobException.STOPPING, "The store is stopping", failure);
    }
    String where = settings.endpoint().map(Object::toString).orElse("AWS");
    return new Failure(
        RETRY,
        BlobException.UNAVAILABLE,
        where + " cannot be reached: " + rootMessage(failure),
        failure);
  }

  /** Where the key comes from elsewhere, such as the machine's role, it may come later. */
  private static Failure withoutCredentials(RuntimeException failure, S3Settings settings) {
    return settings.credentials().isConfigured()
        ? new Failure(
            HALT,
            BlobException.DENIED,
            "There are no credentials; mend credentials_file and credentials_profile: "
                + failure.getMessage(),
            failure)
        : new Failure(
            RETRY,
            BlobException.DENIED,
            "There are no credentials yet: set access_key_id and secret_access_key,"
                + " credentials_file, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or see that"
                + " the machine's role can be asked for: "
                + firstLine(failure),
            failure);
  }

  private static String firstLine(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.substring(0, Math.min(message.length(), MESSAGE_CHARACTERS));
  }

  private static Failure ofAnswer(S3Exception answer, String bucket, S3Settings settings) {
    int status = answer.statusCode();
    // An answer to HEAD has no body, and so no code.
    String code =
        Optional.ofNullable(answer.awsErrorDetails()).map(AwsErrorDetails::errorCode).orElse("");
    String said = " (" + status + (code.isEmpty() ? "" : " " + code) + ")";
    if ("NoSuchBucket".equals(code)) {
      return misconfigured(
          bucket + " does not exist; make it, or mend bucket and endpoint", answer);
    }
    if (status == 301
        || status == 307
        || "AuthorizationHeaderMalformed".equals(code)
        || "IllegalLocationConstraintException".equals(code)) {
      return misconfigured(bucket + " is in another region; mend region" + said, answer);
    }
    if (ARCHIVED.contains(code)) {
      return new Failure(
          RETRY,
          BlobException.UNAVAILABLE,
          bucket
              + " has moved an object to an archive; restore it, and let no rule of the bucket"
              + " archive what is below "
              + settings.prefix()
              + said,
          answer);
    }
    if (answer.isClockSkewException()) {
      return new Failure(
          RETRY, BlobException.DENIED, "This node's clock is wrong; set it" + said, answer);
    }
    if (EXPIRED.contains(code)) {
      return new Failure(
          settings.credentials().isConfigured() ? HALT : RETRY,
          BlobException.DENIED,
          "The credentials for " + settings.bucket() + " have expired; renew them" + said,
          answer);
    }
    if (answer.isThrottlingException()) {
      return new Failure(BUSY, "STORE_BUSY", bucket + " asks to come back later" + said, answer);
    }
    if (status == 401 || status == 403) {
      return new Failure(
          HALT,
          BlobException.DENIED,
          bucket + " does not let us in; check the credentials and what they may do" + said,
          answer);
    }
    if (status == 429 || status == 503 || status == 409) {
      return new Failure(BUSY, "STORE_BUSY", bucket + " asks to come back later" + said, answer);
    }
    if (status == 507 || "QuotaExceeded".equals(code)) {
      return new Failure(RETRY, BlobException.FULL, bucket + " is full" + said, answer);
    }
    if (status >= 500 || status == 408 || "RequestTimeout".equals(code)) {
      return new Failure(
          RETRY, BlobException.UNAVAILABLE, bucket + " cannot be used now" + said, answer);
    }
    return new Failure(
        HALT, "STORE_ERROR", bucket + " refuses a request: " + answer.getMessage(), answer);
  }

  private static Failure misconfigured(String message, S3Exception answer) {
    return new Failure(HALT, BlobException.MISCONFIGURED, message, answer);
  }

  /** While it waits for a connection, the HTTP client says so in a word of its own. */
  private static boolean isInterrupted(RuntimeException failure) {
    return failure instanceof AbortedException || failure instanceof CancellationException;
  }

  private static boolean isStopped(RuntimeException failure) {
    return failure instanceof RejectedExecutionException
        || (failure instanceof IllegalStateException
            && String.valueOf(failure.getMessage()).contains("shut down"));
  }

  private static boolean isAboutCredentials(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("load credentials")
        || message.contains("credentials from IMDS")
        || message.contains("Profile file");
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  /** For a follower. */
  StorageException forFollower() {
    return new StorageException(severity, code, message, cause);
  }

  /** For one who stores an object. */
  BlobException forBlobs() {
    return new BlobException(code, message, cause);
  }

  /** True if it comes from the SDK, so that {@link #of} can tell what it means. */
  static boolean isKnown(RuntimeException failure) {
    return failure instanceof SdkException || isInterrupted(failure) || isStopped(failure);
  }
}
