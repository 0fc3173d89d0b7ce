package org.larder.storage.blob;

import java.time.Instant;

/**
 * What a store knows of an object.
 *
 * @param name its name
 * @param length bytes
 * @param sha256 hash of the content in lower-case hexadecimal
 * @param modified when it was stored last
 */
public record BlobInfo(String name, long length, String sha256, Instant modified) {}
