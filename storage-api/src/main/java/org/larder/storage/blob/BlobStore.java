package org.larder.storage.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps large objects under names. A store is an OSGi service of its own, beside the record
 * backends. Every method may be called from any thread, and several at once.
 *
 * <p>Names are made of segments of letters, digits, {@code . _ -}, parted by {@code /}; no segment
 * is {@code .} or {@code ..}; at most 512 characters. A store refuses any other name with {@link
 * IllegalArgumentException}.
 *
 * <p>Every method throws {@link IOException} when the store cannot be reached or is full; the call
 * may then be repeated.
 */
@ConsumerType
public interface BlobStore {
  /** Opens the object from its beginning, as often as it is asked. */
  @FunctionalInterface
  interface Source {
    /** A stream that the caller closes. */
    InputStream open() throws IOException;
  }

  /**
   * Stores an object, atomically: a reader sees the old one or the new one, whole. Storing the same
   * again changes nothing. When it returns, the object survives a loss of power.
   *
   * @param source may be opened more than once
   * @param sha256 the hash of the content in lower-case hexadecimal
   * @param length bytes of the content
   * @throws IOException also if the content has another hash or length; nothing is then stored
   */
  void put(String name, Source source, String sha256, long length) throws IOException;

  /**
   * Opens a range of an object.
   *
   * @param offset the first byte, from 0
   * @param length bytes to read, at most; {@link Long#MAX_VALUE} for the rest
   * @return a stream that the caller closes; empty if there is no such object
   */
  Optional<InputStream> open(String name, long offset, long length) throws IOException;

  /** What is known of an object; empty if there is no such object. */
  Optional<BlobInfo> stat(String name) throws IOException;

  /**
   * One page of the objects whose names begin so, by name.
   *
   * @param prefix possibly empty
   * @param after only names greater than this; empty for the first page
   * @param limit 1 to 1000
   */
  List<BlobInfo> list(String prefix, String after, int limit) throws IOException;

  /** Removes an object; returns false if there was none. */
  boolean delete(String name) throws IOException;
}
