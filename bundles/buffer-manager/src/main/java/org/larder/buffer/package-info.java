/**
 * The way in and the way out for domains: durable writes, reads with a chosen consistency, and the
 * calls by which operators watch and steer the buffer.
 */
@Export
@Version("1.2.0")
package org.larder.buffer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
