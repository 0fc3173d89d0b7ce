/** Called by the woven REST whiteboard only; nobody else's business. */
@Export
@Version("1.0.0")
package org.larder.node.reload;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
