package org.larder.rest;

import java.io.IOException;
import java.io.InputStream;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A domain's part of the OpenAPI document, registered as an OSGi service: an OpenAPI 3.1 document
 * in JSON whose {@code tags}, {@code paths} and {@code components} are merged with those of the
 * others. It may refer to the shared components: the schema {@code Problem}, the response {@code
 * Problem} and the parameters of lists.
 */
@ConsumerType
public interface OpenApiFragment {
  /** The document; the caller closes the stream. */
  InputStream open() throws IOException;
}
