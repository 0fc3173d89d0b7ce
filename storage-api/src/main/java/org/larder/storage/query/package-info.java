/**
 * Questions about a collection, and the evaluator that answers them over a plain scan when a
 * backend cannot.
 */
@Export
@Version("1.0.0")
package org.larder.storage.query;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
