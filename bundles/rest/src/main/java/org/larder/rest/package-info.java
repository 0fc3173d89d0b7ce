/**
 * The conventions of every REST domain: applications, problems, batches in, rows and pages out.
 * Domains use these classes; nobody else implements them.
 */
@Export
@Version("1.0.0")
package org.larder.rest;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
