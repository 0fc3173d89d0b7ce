package org.larder.node.internal;

/** The node must not start; the message is the one line that the operator reads. */
final class StartRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  // 3 is taken: the JVM ends with it when it runs out of memory.
  static final int BAD_SETTING = 2;
  static final int ADDRESS_IN_USE = 4;
  static final int NOT_SECURED = 5;
  static final int DATA_IN_USE = 6;

  private final int exitCode;

  StartRefusedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  StartRefusedException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
