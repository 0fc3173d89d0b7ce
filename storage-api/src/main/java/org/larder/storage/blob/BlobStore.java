package org.larder.storage.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps large objects under names. A store is an OSGi service of its own, beside the record
 * backends, with the property {@link #NAME}; it is registered as soon as it is configured, whether
 * it can be reached or not.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and several at once. <b>Names</b>
 * are those that {@link BlobNames#check} allows; a store refuses any other with {@link
 * IllegalArgumentException}, and does so before it touches anything. No name should be a folder to
 * another, as {@code a} is to {@code a/b}: some servers cannot keep both, and fail. <b>Errors.</b>
 * Every method throws {@link BlobException}, whose code tells a store that is away from one that is
 * full; any call may be repeated. Only what the caller's own {@link Source} throws comes through as
 * it is.
 *
 * <p>The kit in {@code tck/} tests all that is said here.
 */
@ConsumerType
public interface BlobStore {
  /** Service property: the store's name, by which configuration refers to it. */
  String NAME = "larder.blobs.name";

  /** Most objects that one page of {@link #list} gives. */
  int PAGE = 1000;

  /** Opens the object from its beginning, as often as it is asked. */
  @FunctionalInterface
  interface Source {
    /** A stream that the caller closes. */
    InputStream open() throws IOException;
  }

  /**
   * Stores an object in place of any that has the name, atomically: a reader sees the old one or
   * the new one, whole, and of several puts of one name at once the last to end wins. Storing the
   * same again leaves the same object; a store may notice and not even open the source. When it
   * returns, the object survives a loss of power.
   *
   * @param source opened once or more, read without holding the whole of it in memory
   * @param sha256 the hash of the content, 64 digits of lower-case hexadecimal
   * @param length bytes of the content, 0 or more
   * @throws BlobException {@link BlobException#MISMATCH} if the content has another hash or length;
   *     as after any failure, what was there before is then still there
   */
  void put(String name, Source source, String sha256, long length) throws IOException;

  /**
   * Opens a range of an object. The stream goes on giving the object as it was when it was opened,
   * or fails, if the object is replaced or removed meanwhile.
   *
   * @param offset the first byte, from 0; at or behind the end there is nothing to read
   * @param length bytes to read, at most; {@link Long#MAX_VALUE} for the rest
   * @return a stream for one thread, which closes it; empty if there is no such object
   */
  Optional<InputStream> open(String name, long offset, long length) throws IOException;

  /**
   * What is known of an object; empty if there is no such object. Of one that is being replaced, a
   * server over a file system may tell some of the old and some of the new.
   */
  Optional<BlobInfo> stat(String name) throws IOException;

  /**
   * One page of the objects whose names begin so, by name, in the order of ASCII. Objects that come
   * or go meanwhile may or may not be seen; one that is there all along is seen once.
   *
   * @param prefix possibly empty; it may end within a segment
   * @param after only names greater than this, whether there is such an object or not; empty for
   *     the first page
   * @param limit 1 to {@link #PAGE}; a page with fewer is the last
   */
  List<BlobInfo> list(String prefix, String after, int limit) throws IOException;

  /** Removes an object, for good when it returns; returns false if there was none. */
  boolean delete(String name) throws IOException;
}
