package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.larder.storage.spi.StorageException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Which failures end by themselves, and which need somebody. */
class FailureTest {
  private static final S3Credentials KEY = new S3Credentials("id", "secret", "", "default");
  private static final S3Credentials FILE = new S3Credentials("", "", "keys", "default");
  private static final S3Credentials ROLE = new S3Credentials("", "", "", "default");

  private static S3Settings settings(S3Credentials credentials) {
    return new S3Settings(
        "archive",
        Optional.empty(),
        "eu-central-1",
        "bucket",
        "larder",
        false,
        credentials,
        Duration.ofSeconds(1),
        1,
        Duration.ofDays(1));
  }

  private static Failure answer(int status, String code, S3Credentials credentials) {
    RuntimeException answer =
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
            .build();
    return Failure.of(answer, settings(credentials));
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied,               HALT,  STORE_DENIED,        credentials",
    "403, InvalidAccessKeyId,         HALT,  STORE_DENIED,        credentials",
    "403, ,                           HALT,  STORE_DENIED,        credentials",
    "403, SignatureDoesNotMatch,      HALT,  STORE_DENIED,        credentials",
    "403, InvalidObjectState,         RETRY, STORE_UNAVAILABLE,   archive",
    "403, ObjectNotInActiveTierError, RETRY, STORE_UNAVAILABLE,   archive",
    "403, RequestTimeTooSkewed,       RETRY, STORE_DENIED,        clock",
    "400, ExpiredToken,               HALT,  STORE_DENIED,        expired",
    "404, NoSuchBucket,               HALT,  STORE_MISCONFIGURED, does not exist",
    "301, PermanentRedirect,          HALT,  STORE_MISCONFIGURED, region",
    "503, SlowDown,                   BUSY,  STORE_BUSY,          later",
    "400, ThrottlingException,        BUSY,  STORE_BUSY,          later",
    "500, InternalError,              RETRY, STORE_UNAVAILABLE,   now",
    "507, QuotaExceeded,              RETRY, STORE_FULL,          full",
    "400, EntityTooLarge,             HALT,  STORE_ERROR,         refuses",
  })
  void answerThatEndsByItselfIsTriedAgain(
      int status, String code, StorageException.Severity severity, String ours, String word) {
    Failure failure = answer(status, code, KEY);
    assertThat(failure.severity()).isEqualTo(severity).isIn(HALT, RETRY, BUSY);
    assertThat(failure.code()).isEqualTo(ours);
    assertThat(failure.message()).contains(word).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({"400, ExpiredToken", "400, TokenRefreshRequired", "400, InvalidToken"})
  void keyOfARoleIsRenewedByItself(int status, String code) {
    assertThat(answer(status, code, ROLE).severity()).isEqualTo(RETRY);
    assertThat(answer(status, code, FILE).severity()).isEqualTo(HALT);
  }

  @ParameterizedTest
  @CsvSource({
    "Unable to load credentials from any of the providers in the chain",
    "Failed to load credentials from IMDS.",
    "Failed to load credentials from metadata service.",
  })
  void roleThatCannotBeAskedForYetIsTriedAgain(String message) {
    RuntimeException failure = SdkClientException.create(message);
    assertThat(Failure.of(failure, settings(ROLE)).severity()).isEqualTo(RETRY);
    assertThat(Failure.of(failure, settings(ROLE)).code()).isEqualTo("STORE_DENIED");
    assertThat(Failure.of(failure, settings(FILE)).severity()).isEqualTo(HALT);
  }

  @Test
  void interruptedWaitForAConnectionIsTriedAgain() {
    RuntimeException interrupted = new CancellationException();
    assertThat(Failure.isKnown(interrupted)).isTrue();
    Failure failure = Failure.of(interrupted, settings(KEY));
    assertThat(failure.severity()).isEqualTo(RETRY);
    assertThat(failure.code()).isEqualTo("INTERRUPTED");
  }
}
