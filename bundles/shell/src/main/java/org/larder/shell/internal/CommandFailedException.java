package org.larder.shell.internal;

/** A command that could not do its work; the message is all that the operator needs. */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
