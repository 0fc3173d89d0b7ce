package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.larder.storage.spi.StorageException;

/** What calls are expected to throw. Stateless. */
final class Failures {
  private Failures() {}

  /** The exception of a call that fails. */
  static StorageException of(ThrowingCallable call) {
    StorageException failure = catchThrowableOfType(StorageException.class, call);
    assertThat(failure).as("a StorageException").isNotNull();
    return failure;
  }

  /** The exception of a call that fails with that severity and code. */
  static StorageException of(
      StorageException.Severity severity, String code, ThrowingCallable call) {
    StorageException failure = of(call);
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
    assertThat(failure.severity()).isEqualTo(severity);
    return failure;
  }
}
