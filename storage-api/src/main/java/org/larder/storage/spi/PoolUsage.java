package org.larder.storage.spi;

/**
 * How a pool of connections is used at one moment.
 *
 * @param active connections in use
 * @param idle connections that wait for work
 * @param waiting threads that wait for a connection
 * @param max connections allowed
 */
public record PoolUsage(int active, int idle, int waiting, int max) {}
