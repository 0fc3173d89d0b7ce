package org.larder.storage.blob;

import java.io.IOException;
import java.util.Objects;

/** A call to a store of objects that did not succeed; it may be repeated. */
public class BlobException extends IOException {
  /** The content has another hash or length than was said. */
  public static final String MISMATCH = "BLOB_MISMATCH";

  /** The object does not fit into what is left of the store's quota. */
  public static final String QUOTA = "BLOB_QUOTA";

  /** The disk, or what else holds the objects, is full. */
  public static final String FULL = "STORE_FULL";

  /** The store cannot be reached or used now. */
  public static final String UNAVAILABLE = "STORE_UNAVAILABLE";

  /** The store does not let us in: the credentials are wrong or missing, or may not do this. */
  public static final String DENIED = "STORE_DENIED";

  /** The store is not set up as the configuration says: no such bucket, another region. */
  public static final String MISCONFIGURED = "STORE_MISCONFIGURED";

  /** Another instance still has the store. */
  public static final String LOCKED = "STORE_LOCKED";

  /** The store is stopping. */
  public static final String STOPPING = "STOPPING";

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * Describes a failed call.
   *
   * @param code a stable code of {@code docs/error-codes.md}
   * @param message what is wrong and what to do about it, without secrets
   * @param cause may be null
   */
  public BlobException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** Describes a failed call that has no cause to name. */
  public BlobException(String code, String message) {
    this(code, message, null);
  }

  /** A stable code of {@code docs/error-codes.md}. */
  public String code() {
    return code;
  }
}
