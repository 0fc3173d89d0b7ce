/**
 * What a storage backend implements. A backend is small, blocking and idempotent: the host owns
 * threads, retries and time.
 */
@Export
@Version("1.1.0")
package org.larder.storage.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
