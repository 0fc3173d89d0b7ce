package org.larder.prove;

/** What came out. */
enum Verdict {
  /** Everything acknowledged is there, and the node did nothing else that it must not do. */
  PROVED(0),
  /** It is not so. */
  FAULT(1),
  /** The mischief could not be done, or not even begun, so nothing is known. */
  NOT_PROVED(3);

  private final int exitCode;

  Verdict(int exitCode) {
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
