package org.larder.storage.blob;

/**
 * What every {@link BlobStore} checks before it does what it is asked for, so that all refuse the
 * same with the same words. Stateless and free for any thread.
 */
public final class BlobChecks {
  private BlobChecks() {}

  /**
   * Checks what {@link BlobStore#put} is given.
   *
   * @throws IllegalArgumentException if the name or the hash is none, or the length negative
   */
  public static void put(String name, String sha256, long length) {
    BlobNames.check(name);
    BlobNames.checkHash(sha256);
    if (length < 0) {
      throw new IllegalArgumentException("A length is 0 or more: " + length);
    }
  }

  /**
   * Checks what {@link BlobStore#open} is given.
   *
   * @throws IllegalArgumentException if the name is none, or the offset or the length negative
   */
  public static void range(String name, long offset, long length) {
    BlobNames.check(name);
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("A range begins at 0 or more and has 0 bytes or more");
    }
  }

  /**
   * Checks what {@link BlobStore#list} is given.
   *
   * @throws IllegalArgumentException if no name begins so, or the limit is not 1 to {@link
   *     BlobStore#PAGE}
   */
  public static void page(String prefix, String after, int limit) {
    BlobNames.checkPart(prefix);
    BlobNames.checkPart(after);
    if (limit < 1 || limit > BlobStore.PAGE) {
      throw new IllegalArgumentException(
          "A page has 1 to " + BlobStore.PAGE + " objects: " + limit);
    }
  }

  /**
   * Checks that content which was read is what was announced.
   *
   * @param hasLength whether there were as many bytes as was said
   * @param actual the content's SHA-256, in lower-case hexadecimal
   * @param sha256 the SHA-256 that was said
   * @throws BlobException {@link BlobException#MISMATCH} if not
   */
  public static void content(boolean hasLength, String actual, String sha256) throws BlobException {
    if (!hasLength || !actual.equals(sha256)) {
      throw new BlobException(
          BlobException.MISMATCH, "The content is not what its length and hash say");
    }
  }
}
