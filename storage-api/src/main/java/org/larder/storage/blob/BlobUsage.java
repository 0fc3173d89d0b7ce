package org.larder.storage.blob;

/**
 * How full a store is.
 *
 * @param objects how many there are
 * @param bytes what they take, without what the medium takes to keep them
 * @param maxObjects how many there may be; 0 for any number
 * @param maxBytes what they may take; 0 for any size
 */
public record BlobUsage(long objects, long bytes, long maxObjects, long maxBytes) {}
