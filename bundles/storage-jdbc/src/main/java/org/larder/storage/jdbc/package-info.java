/**
 * What all SQL backends share: tables out of schemas, upserts with merge rules, positions by
 * compare-and-set, questions pushed down. A backend embeds this package and adds a {@link
 * org.larder.storage.jdbc.Dialect} and its connections; it is not exported.
 *
 * <p>Names in SQL come only from schemas, values only as parameters.
 */
package org.larder.storage.jdbc;
