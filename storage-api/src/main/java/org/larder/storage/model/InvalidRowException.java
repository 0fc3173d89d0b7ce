package org.larder.storage.model;

/**
 * A value that its field cannot take. It carries no stack trace: it tells a client about its data,
 * not a programmer about the code, and a large batch may raise thousands.
 */
public final class InvalidRowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * Tells what is wrong with which field.
   *
   * @param field the field's name; empty if the row as a whole is meant
   * @param message a sentence without the value itself, fit to be shown to the client
   */
  public InvalidRowException(String field, String message) {
    super(message, null, false, false);
    this.field = field;
  }

  /** The field's name; empty if the row as a whole is meant. */
  public String field() {
    return field;
  }
}
