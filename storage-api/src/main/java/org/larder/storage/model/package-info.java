/**
 * What is stored: collections, their schemas, rows and mutations. Everything here is immutable or
 * says otherwise, and depends on the JDK alone.
 */
@Export
@Version("1.1.0")
package org.larder.storage.model;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
