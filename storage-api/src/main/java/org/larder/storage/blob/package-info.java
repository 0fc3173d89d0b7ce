/** Where large objects are kept, such as images. */
@Export
@Version("1.0.0")
package org.larder.storage.blob;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
